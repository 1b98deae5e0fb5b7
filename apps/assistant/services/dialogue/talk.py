"""One message at work: the conversation's row, what was heard, what the skills may know."""

from dataclasses import dataclass, field
from typing import Any

from apps.accounts.models import Person
from apps.assistant.core.messages import Abilities, Inbound, Kind, Place, Understood
from apps.assistant.core.slots import Context, Skill, filled
from apps.assistant.models import Conversation
from apps.assistant.skills.registry import skills
from apps.base import names

CONFIRM, CHANGE = "?confirm", "?change"  # asked for, though no slot
ORDER, UNREAD = "_order", "_unread"  # our own notes beside the skill's
MAX_PAUSED = 3


@dataclass(slots=True)
class Talk:
    """Changes go to `conversation`, which the caller has locked and saves."""

    conversation: Conversation
    heard: Inbound
    understood: Understood = field(default_factory=Understood)
    abilities: Abilities = field(default_factory=Abilities)
    person: Person | None = None
    verified: bool = False
    pressed: str = ""  # what stands on the button, where one was pressed

    @property
    def skill(self) -> Skill | None:
        name = self.conversation.skill
        return skills.load(name) if name and name in skills else None

    @property
    def is_text(self) -> bool:
        return self.heard.kind is Kind.TEXT

    def context(self, heard: Inbound | None = None) -> Context:
        row = self.conversation
        place = self.heard.place
        last = place.as_json() if place else row.last_place
        return Context(
            conversation=str(row.code),
            channel=self.heard.channel,
            language=row.language,
            heard=heard or self.heard,
            command_key=f"{row.code}:{row.attempt}",
            person=self.person,
            verified=self.verified,
            intent=self.understood.intent,
            entities=self.understood.entities,
            last_place=Place.from_json(last) if last else None,
            abilities=self.abilities,
            slots=filled(self.skill, row.slots) if self.skill else {},
            notes=row.notes,
        )

    def speak(self, language: str) -> None:
        """Go on in another language; places are called as that language calls them."""
        row = self.conversation
        row.language = language
        paused = [value for one in row.paused for value in one["slots"].values()]
        for value in (*row.slots.values(), *paused, row.last_place):
            if isinstance(value, dict) and value.get("names"):
                value["label"] = names.pick(value["names"], language) or value["label"]

    # ------------------------------------------------------------ slots

    def fill(self, name: str, value: Any) -> None:
        self.conversation.slots[name] = value
        if isinstance(value, dict) and "lon" in value and "lat" in value:
            self.conversation.last_place = value  # what "there" means from now on
        order = [one for one in self.conversation.notes.get(ORDER, []) if one != name]
        self.conversation.notes[ORDER] = [*order, name]
        self.conversation.misses = 0

    def empty(self, name: str) -> None:
        self.conversation.slots.pop(name, None)
        order = self.conversation.notes.get(ORDER, [])
        self.conversation.notes[ORDER] = [one for one in order if one != name]

    def last_filled(self) -> str:
        return next(reversed(self.conversation.notes.get(ORDER, [])), "")

    # ------------------------------------------------------------ skills

    def open(self, skill: Skill) -> None:
        """Begin a skill with nothing filled, under a command key of its own."""
        row = self.conversation
        row.skill, row.slots, row.notes, row.asked = skill.name, {}, {}, ""
        row.attempt += 1
        row.misses = 0

    def close(self) -> None:
        """Nothing of one skill is left for the next."""
        row = self.conversation
        row.skill, row.slots, row.notes, row.asked, row.misses = "", {}, {}, "", 0

    def pause(self) -> None:
        """Leave the open skill for another; the oldest of too many is forgotten."""
        row = self.conversation
        kept = {
            "skill": row.skill, "slots": row.slots, "notes": row.notes, "asked": row.asked,
            "attempt": row.attempt,
        }  # fmt: skip
        row.paused = [*row.paused, kept][-MAX_PAUSED:]

    def resume(self) -> Skill | None:
        """Go on with what was paused last; its command key is a new one, nothing was done yet."""
        row = self.conversation
        if not row.paused:
            return None
        *row.paused, kept = row.paused
        row.skill, row.slots, row.notes = kept["skill"], kept["slots"], kept["notes"]
        row.asked = kept["asked"]
        row.attempt += 1
        return self.skill
