"""What is kept no longer than it serves."""

from datetime import timedelta

from django.conf import settings
from django.db import connection

from apps.assistant.models import ChannelIdentity, Conversation, InboundEvent
from apps.assistant.services.deeds import forget_deeds
from apps.assistant.services.knowledge import forget_questions
from apps.assistant.services.own_data import forget
from apps.base import clock

TRACKERS_KEPT = timedelta(days=2)  # no session of the engine lasts longer than its half hour
EVENTS_KEPT = timedelta(days=14)  # as long as command keys: a channel may deliver again
NAMES_KEPT = timedelta(days=365)
_OLD_TRACKERS = "DELETE FROM rasa.tracker_event WHERE at < now() - make_interval(secs => %s)"


def deeds() -> int:
    return forget_deeds()


def questions() -> int:
    return forget_questions()


def conversations() -> int:
    """Talks with all that was said in them."""
    kept = timedelta(days=settings.CONVERSATIONS_KEPT_DAYS)
    return forget(Conversation.objects.filter(heard_at__lt=clock.now() - kept))


def events() -> int:
    """Messages that came in; what was said in them is forgotten when they are answered."""
    removed, _ = InboundEvent.objects.filter(received_at__lt=clock.now() - EVENTS_KEPT).delete()
    return removed


def trackers() -> int:
    """What the engine remembers of sessions that are over. Its rows run by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(_OLD_TRACKERS, [TRACKERS_KEPT.total_seconds()])
        return int(cursor.rowcount)


def names() -> int:
    """Names on channels of whom nothing was heard for a year."""
    silent = ChannelIdentity.objects.filter(seen_at__lt=clock.now() - NAMES_KEPT)
    removed, _ = silent.filter(conversations=None).delete()
    return removed
