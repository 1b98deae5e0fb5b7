"""How fast one person may write. Who writes faster than anybody reads is asked to wait, once, and
nothing of it reaches the engine: two machines that answer each other fall silent."""

from django.conf import settings

from apps.assistant.models import InboundEvent
from apps.assistant.services.settling import decline
from apps.base.limits import Bucket
from apps.base.problems import TooMany

bucket = Bucket(settings.CHAT_PER_MINUTE)


def slow_down(event: InboundEvent) -> bool:
    """Whether this new message is one too many; if so it is settled."""
    try:
        bucket.take(str(event.identity_id))
    except TooMany:
        decline(event=event.pk)
        return True
    return False
