"""Does the assistant work: is its engine there, does anything wait too long?"""

import json
import urllib.request
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps.assistant.models import InboundEvent
from apps.base import clock
from apps.base.health import Finding

WAITS_TOO_LONG = timedelta(seconds=60)
ASKS_FOR_S = 1.0
TOO_LATE_MS = 200  # a gap that callers hear


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


def voice() -> Finding:
    """Does somebody pick up, and does the sound leave in time? Not vital: the web goes on."""
    if not settings.VOICE_PORT:
        return Finding(ok=True, detail="not run here", vital=False)
    told = _told_by(f"http://{settings.VOICE_HOST}:{settings.VOICE_PORT}/voice/health")
    detail = "{calls} calls, {answered} answered, {refused} refused, {late_ms} ms late at most"
    in_time = told["late_ms"] < TOO_LATE_MS
    return Finding(ok=in_time, detail=detail.format_map(told), vital=False)


def _told_by(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(address, timeout=ASKS_FOR_S) as answer:  # noqa: S310
        told: dict[str, Any] = json.load(answer)
    return told
