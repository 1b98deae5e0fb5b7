"""What Rasa made of a message, in our terms."""

from collections.abc import Mapping
from typing import Any

from apps.assistant.core.intents import INFORM, OUT_OF_SCOPE, UNSURE
from apps.assistant.core.messages import Entity, Understood

NOTHING = (UNSURE, OUT_OF_SCOPE, INFORM)
SURELY_STRANGE = 0.6
LEAST_GUESS, MOST_GUESSES = 0.1, 3


def understood_from(tracker: Mapping[str, Any]) -> Understood:
    """The intent and the entities of the tracker's latest message."""
    latest = tracker.get("latest_message") or {}
    intent = latest.get("intent") or {}
    name, confidence = str(intent.get("name") or ""), float(intent.get("confidence") or 0.0)
    return Understood(
        intent="" if name in NOTHING else name,
        confidence=0.0 if name in NOTHING else confidence,
        guesses=_guesses(latest) if name == UNSURE else (),
        strange=name == OUT_OF_SCOPE and confidence >= SURELY_STRANGE,
        entities=tuple(_entity(one) for one in latest.get("entities") or ()),
        ranking=tuple(
            (str(one["name"]), float(one["confidence"]))
            for one in latest.get("intent_ranking") or ()
        ),
    )


def _guesses(latest: Mapping[str, Any]) -> tuple[str, ...]:
    """What it may have been: none where the likeliest is that it is nothing of ours."""
    ranking = [one for one in latest.get("intent_ranking") or () if one["name"] != UNSURE]
    if not ranking or ranking[0]["name"] == OUT_OF_SCOPE:
        return ()
    likely = (one["name"] for one in ranking if one["confidence"] >= LEAST_GUESS)
    return tuple(name for name in likely if name not in NOTHING)[:MOST_GUESSES]


def _entity(found: Mapping[str, Any]) -> Entity:
    return Entity(
        str(found["entity"]), str(found["value"]), int(found.get("start", 0)),
        int(found.get("end", 0)),
    )  # fmt: skip


def event_of(tracker: Mapping[str, Any]) -> int | None:
    """The number of our message that Rasa is at work on."""
    metadata = (tracker.get("latest_message") or {}).get("metadata") or {}
    number = metadata.get("event")
    return number if isinstance(number, int) else None
