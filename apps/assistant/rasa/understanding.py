"""What Rasa made of a message, in our terms."""

from collections.abc import Mapping
from typing import Any

from apps.assistant.core.messages import Entity, Understood

NOTHING = ("nlu_fallback", "out_of_scope", "inform")


def understood_from(tracker: Mapping[str, Any]) -> Understood:
    """The intent and the entities of the tracker's latest message."""
    latest = tracker.get("latest_message") or {}
    intent = latest.get("intent") or {}
    name = str(intent.get("name") or "")
    return Understood(
        intent="" if name in NOTHING else name,
        confidence=0.0 if name in NOTHING else float(intent.get("confidence") or 0.0),
        entities=tuple(_entity(one) for one in latest.get("entities") or ()),
        ranking=tuple(
            (str(one["name"]), float(one["confidence"]))
            for one in latest.get("intent_ranking") or ()
        ),
    )


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
