"""Does the assistant work: is its engine there, does anything wait too long?"""

import urllib.request
from datetime import timedelta

from django.conf import settings

from apps.assistant.models import InboundEvent
from apps.base import clock
from apps.base.health import Finding

WAITS_TOO_LONG = timedelta(seconds=60)
ASKS_FOR_S = 1.0


def assistant() -> Finding:
    """Not vital: without its engine the assistant goes by menus."""
    late = InboundEvent.objects.unanswered_before(clock.now() - WAITS_TOO_LONG).count()
    engine = _engine()
    detail = f"{engine}, {late} late" if late else engine
    return Finding(ok=not late and engine in ("", "rasa"), detail=detail, vital=False)


def _engine() -> str:
    """The engine's name, nothing where none is wanted, or what is wrong with it."""
    if settings.ASSISTANT_ENGINE != "rasa":
        return settings.ASSISTANT_ENGINE
    try:
        address = f"{settings.RASA_URL}/webhooks/citizen/"
        urllib.request.urlopen(address, timeout=ASKS_FOR_S).close()  # noqa: S310
    except OSError as error:
        return f"rasa is away ({type(error).__name__})"
    return "rasa"
