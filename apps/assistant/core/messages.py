"""The one shape of what comes in and what goes out, whatever channel carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self, TypeVar

MAX_TEXT = 1000
T = TypeVar("T")


class Kind(StrEnum):
    """What a message is. Each has its own field in `Inbound`."""

    TEXT = "text"
    CHOICE = "choice"
    DIGITS = "digits"
    PLACE = "place"
    MEDIA = "media"
    SILENCE = "silence"


class Expect(StrEnum):
    """What we wait for next: voice makes a grammar and a keypad menu from it."""

    NOTHING = "nothing"
    TEXT = "text"
    YES_NO = "yes_no"
    DIGITS = "digits"
    CHOICE = "choice"
    PLACE = "place"
    PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Place:
    """WGS84 degrees, how people call it, and its names by language where they are known."""

    lon: float
    lat: float
    label: str = ""
    names: Mapping[str, str] = field(default_factory=dict, compare=False)

    def as_json(self) -> dict[str, Any]:
        named = {"names": dict(self.names)} if self.names else {}
        return {"lon": self.lon, "lat": self.lat, "label": self.label, **named}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        label, named = str(value.get("label", "")), value.get("names") or {}
        return cls(float(value["lon"]), float(value["lat"]), label, named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing that a citizen did: said, pressed, keyed in, pinned, sent, or nothing at all.

    `identity` is the channel's name for whoever speaks, `event_id` its name for this message: the
    same twice is one message. A button comes in as its `token` and reaches the skills as the
    `choice` that was signed into it. `media` names a photo that was taken in already. `sealed`
    holds the words as they were said, where what identifies somebody was masked in `text`: for the
    app that must have them, for nobody else.
    """

    channel: str
    identity: str
    event_id: str
    received_at: datetime
    text: str = ""
    token: str = ""
    choice: str = ""
    digits: str = ""
    place: Place | None = None
    media: str = ""
    silence: bool = False
    language: str = ""
    sealed: str = ""

    def __post_init__(self) -> None:
        said = (self.text, self.token or self.choice, self.digits, self.place, self.media)
        if sum(bool(one) for one in said) + self.silence != 1:
            raise ValueError("an inbound message says exactly one thing")

    @property
    def kind(self) -> Kind:
        for kind, said in (
            (Kind.TEXT, self.text),
            (Kind.CHOICE, self.token or self.choice),
            (Kind.DIGITS, self.digits),
            (Kind.PLACE, self.place),
            (Kind.MEDIA, self.media),
        ):
            if said:
                return kind
        return Kind.SILENCE


@dataclass(frozen=True, slots=True)
class Button:
    """`choice` says what pressing it means; it leaves the house only inside a signed token.

    `skill:NAME` opens a skill, `go:WHERE` moves about (see `core.commands`), anything else
    answers the question asked.
    """

    label: str
    choice: str


@dataclass(frozen=True, slots=True)
class Card:
    """Something with a title and a few named facts: a car park, a quote, a complaint."""

    title: str
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One thing we say. `spoken` is for the ear, where it differs from the text.

    `expects` says what may come next; `words` are the words expected then (names of places, of
    kinds …), for a recogniser's grammar, and `digits` how many of them at most.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    card: Card | None = None
    ask_location: bool = False
    media: str = ""
    spoken: str = ""
    expects: Expect = Expect.NOTHING
    words: tuple[str, ...] = ()
    digits: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "buttons": [[button.label, button.choice] for button in self.buttons],
            "card": None if self.card is None else _card_as_json(self.card),
            "ask_location": self.ask_location,
            "media": self.media,
            "spoken": self.spoken,
            "expects": self.expects.value,
            "words": list(self.words),
            "digits": self.digits,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            text=value["text"],
            buttons=tuple(Button(label, choice) for label, choice in value["buttons"]),
            card=None if value["card"] is None else _card_from_json(value["card"]),
            ask_location=value["ask_location"],
            media=value["media"],
            spoken=value["spoken"],
            expects=Expect(value["expects"]),
            words=tuple(value["words"]),
            digits=value["digits"],
        )


def _card_as_json(card: Card) -> dict[str, Any]:
    facts = [list(fact) for fact in card.facts]
    return {"title": card.title, "text": card.text, "facts": facts, "link": card.link}


def _card_from_json(value: Mapping[str, Any]) -> Card:
    facts = tuple((name, fact) for name, fact in value["facts"])
    return Card(value["title"], value["text"], facts, value["link"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What a channel can show and send; renderers cut to it, skills may heed it."""

    buttons: int = 10
    texts: int = 3
    text_length: int = 1000
    cards: bool = True
    place: bool = True
    photo: bool = True
    keypad: bool = False
    speech: bool = False


def fitting(buttons: Sequence[T], most: int) -> list[T]:
    """As many buttons as a channel shows: the first, and always the last two, which lead out."""
    if len(buttons) <= most:
        return list(buttons)
    return [*buttons[: most - 2], *buttons[-2:]]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the model found in the text: `kind` as the domain names it, `value` without its
    particle, and which letters of the text it was."""

    kind: str
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What the engine made of one message. Buttons, pins and menus have no confidence.

    Where it was not sure enough of any intent, `guesses` are the likeliest. `strange` says that it
    is sure of the contrary: nothing that a city is asked for. `ranking` are the likeliest intents,
    for where the first makes no sense.
    """

    intent: str = ""
    confidence: float = 0.0
    guesses: tuple[str, ...] = ()
    strange: bool = False
    entities: tuple[Entity, ...] = field(default_factory=tuple)
    ranking: tuple[tuple[str, float], ...] = ()
