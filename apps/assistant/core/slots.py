"""Skills, and the slots they fill: what both drivers (Rasa and menus) play.

A skill knows no channel, no engine and no voice. It says which slots it wants, asks for them one by
one, reads them from whatever comes in, reads them back, and calls the services of the apps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from apps.assistant.core.messages import Abilities, Entity, Inbound, Output, Place

Value = Any  # what JSON can say


@dataclass(frozen=True, slots=True)
class Answer:
    """A slot's value was said."""

    value: Value


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """It was meant for this slot, but can't be used; `output` says why and asks again."""

    output: Output


Reading = Answer | Misunderstood | None  # None: nothing was said of this slot


class AskAgain(Exception):
    """Raised by `perform`: the services don't take a slot's value; ask for it anew."""

    def __init__(self, slot: str, output: Output) -> None:
        super().__init__(slot)
        self.slot, self.output = slot, output


@dataclass(slots=True, kw_only=True)
class Context:
    """All that a skill may know of the conversation at one message.

    `slots` are filled so far. `notes` are a skill's own, kept with them (a quote's token, what was
    offered). `command_key` is the same however often one attempt is carried out: pass it on to the
    services, and nothing is done twice. `looked_up` is what slots need not ask the database for
    again. `person` is an `accounts.Person`, or None while nobody knows who speaks; `verified` says
    that it is really them (signed in, a number proven).
    """

    conversation: str
    channel: str
    language: str
    heard: Inbound
    command_key: str
    person: Any = None
    verified: bool = False
    intent: str = ""
    entities: tuple[Entity, ...] = ()
    last_place: Place | None = None
    abilities: Abilities = field(default_factory=Abilities)
    slots: dict[str, Value] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    looked_up: dict[str, Any] = field(default_factory=dict)
    # Set by a skill that wants a person of the city to join: why.
    wants_person: str = ""

    def entity(self, kind: str) -> str:
        """The first entity of a kind in the latest message, or nothing."""
        return next((one.value for one in self.entities if one.kind == kind), "")

    @property
    def is_unproven(self) -> bool:
        """Whether somebody else may hold the telephone whose number we see."""
        return self.abilities.speech and not self.verified

    @property
    def actor(self) -> str:
        """Who acts, as services write it down."""
        who = f"person:{self.person.code}" if self.person is not None else "anonymous"
        return f"{self.channel}:{who}"


class Slot:
    """One thing a skill wants to know. Subclasses say how to ask for it and how to read it."""

    name: ClassVar[str]
    # Whether a later message may fill or change it without having been asked for it.
    volunteered: ClassVar[bool] = True
    # Free words are the answer whatever they sound like: no other skill opens on them.
    free_text: ClassVar[bool] = False

    def label(self, context: Context) -> str:
        """What to call it when the citizen picks what to change."""
        raise NotImplementedError

    def wanted(self, context: Context) -> bool:
        """Whether it must be asked for at all, given what is filled."""
        return True

    def ask(self, context: Context) -> Output:
        raise NotImplementedError

    def read(self, heard: Inbound, context: Context, *, asked: bool) -> Reading:
        """What the message says of this slot. `asked`: it answers our question; otherwise the
        citizen said it unasked, so only what is plainly meant for this slot counts."""
        raise NotImplementedError


class Skill:
    """Something the assistant can do. One object a process, so it keeps nothing of anybody."""

    name: ClassVar[str]
    intents: ClassVar[tuple[str, ...]] = ()
    slots: ClassVar[tuple[Slot, ...]] = ()
    # Where it stands in the menu; 0 keeps it out.
    menu_rank: ClassVar[int] = 0
    # One that is over at once may be used in the middle of another, which goes on after it.
    digresses: ClassVar[bool] = False
    # It takes back what was done, so that "cancel" agrees to it.
    undoes: ClassVar[bool] = False

    def title(self, context: Context) -> str:
        """What the menu calls it, in the citizen's language."""
        raise NotImplementedError

    def read_back(self, context: Context) -> Output | None:
        """What is about to be done, to be confirmed; None where nothing needs confirming."""
        return None

    def perform(self, context: Context) -> Sequence[Output]:
        """Do it. Runs in a transaction with everything that is written of this message.

        Raises AskAgain, or any `Problem` of the services, whose sentence is then said.
        """
        raise NotImplementedError


def slot_of(skill: Skill, name: str) -> Slot | None:
    return next((slot for slot in skill.slots if slot.name == name), None)


def missing(skill: Skill, context: Context) -> Slot | None:
    """The first slot that is wanted and not filled."""
    waiting = (slot for slot in skill.slots if slot.name not in context.slots)
    return next((slot for slot in waiting if slot.wanted(context)), None)


def filled(skill: Skill, values: Mapping[str, Value]) -> dict[str, Value]:
    """Only what belongs to this skill."""
    names = {slot.name for slot in skill.slots}
    return {name: value for name, value in values.items() if name in names}
