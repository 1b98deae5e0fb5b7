"""What Rasa is told back: where the conversation stands now, in its own terms."""

from collections.abc import Iterator, Mapping
from typing import Any

from apps.assistant.core.slots import Skill, slot_of
from apps.assistant.models import Conversation
from apps.assistant.rasa.training.domain import CONFIRMED, form_of, rasa_slot, skill_of
from apps.assistant.skills.registry import skills

Json = dict[str, Any]
LISTEN = {"event": "followup", "name": "action_listen"}


def events_for(conversation: Conversation, action: str, held: Json) -> list[Json]:
    """The form and its slots as the conversation's row has them, where Rasa holds others; then it
    listens.

    Whatever happened outside of Rasa (a button, a pin, a talk by menus while it was away) comes to
    it this way, at its next message. A form that is over leaves no slot filled behind.
    """
    left = _known(skill_of(action))
    now = _known(conversation.skill)
    events = [] if left is None or left is now else [*_slots(left, {}, held), _loop(None)]
    if now is None:
        return [*events, _requested(None), *([LISTEN] if left is None else [])]
    asked = conversation.asked if slot_of(now, conversation.asked) else CONFIRMED
    switched = [] if left is now else [_loop(form_of(now.name))]
    requested = _requested(rasa_slot(now.name, asked))
    return [*events, *switched, *_slots(now, conversation.slots, held), requested, LISTEN]


def _known(name: str) -> Skill | None:
    """The skill, if Rasa has a form for it."""
    skill = skills.load(name) if name in skills else None
    return skill if skill is not None and skill.slots else None


def _slots(skill: Skill, filled: Json, held: Mapping[str, Any]) -> Iterator[Json]:
    """What has changed, and the last slot always: Rasa rejects a form that sets none at all."""
    for name in (*(slot.name for slot in skill.slots), CONFIRMED):
        there, value = rasa_slot(skill.name, name), True if name in filled else None
        if name == CONFIRMED or held.get(there) != value:
            yield _set(there, value)


def _set(name: str, value: Any) -> Json:
    return {"event": "slot", "name": name, "value": value, "timestamp": None}


def _requested(name: str | None) -> Json:
    return _set("requested_slot", name)


def _loop(name: str | None) -> Json:
    return {"event": "active_loop", "name": name, "timestamp": None}
