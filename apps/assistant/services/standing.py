"""Where a conversation stands, in words for staff: what it is about, what is filled in."""

from dataclasses import dataclass
from typing import Any

from apps.assistant.core.messages import Inbound
from apps.assistant.models import Conversation
from apps.assistant.services.dialogue import Talk
from apps.assistant.skills.registry import skills
from apps.base import clock


@dataclass(frozen=True, slots=True)
class Standing:
    """The open skill, its slots by their labels; and what waits behind it."""

    about: str
    filled: tuple[tuple[str, str], ...]
    behind: tuple[str, ...]


def about(row: Conversation) -> str:
    """The title of what is open, or nothing."""
    talk = _talk(row)
    return talk.skill.title(talk.context()) if talk.skill else ""


def _talk(row: Conversation) -> Talk:
    return Talk(
        conversation=row,
        heard=Inbound(
            channel=row.identity.channel, identity=row.identity.identity, event_id="-",
            received_at=clock.now(), silence=True,
        ),
        person=row.identity.person,
    )  # fmt: skip


def standing_of(row: Conversation) -> Standing:
    talk = _talk(row)
    context = talk.context()
    known = [skills.load(one["skill"]) for one in row.paused if one["skill"] in skills]
    behind = tuple(skill.title(context) for skill in known)
    if talk.skill is None:
        return Standing("", (), behind)
    said = [(slot.label(context), row.slots.get(slot.name)) for slot in talk.skill.slots]
    filled = tuple((label, _words(value)) for label, value in said if value not in (None, ""))
    return Standing(talk.skill.title(context), filled, behind)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        named = (value.get(key) for key in ("label", "name", "say", "value", "at"))
        return str(next((one for one in named if one), "–"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
