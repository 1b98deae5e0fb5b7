"""A question as keys: what each key means, and how the choices are read aloud.

Keys 1 to 9 are the answers; a longer list is cut into pages whose last key turns the page. `0` is a
person and `*` one step back, in every menu.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PER_PAGE = 8
MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Option:
    """`label` is what it is called, `choice` what pressing it means to the dialogue."""

    label: str
    choice: str


@dataclass(frozen=True, slots=True)
class Menu:
    """One question's options, at one page."""

    options: tuple[Option, ...] = ()
    page: int = 0

    @property
    def is_long(self) -> bool:
        return len(self.options) > PER_PAGE + 1

    @property
    def shown(self) -> tuple[Option, ...]:
        """Nine fit; of more, eight and the key that turns the page."""
        if not self.is_long:
            return self.options
        return self.options[self.page * PER_PAGE : (self.page + 1) * PER_PAGE]

    @property
    def turn_key(self) -> str:
        return str(PER_PAGE + 1) if self.is_long else ""

    def turned(self) -> "Menu":
        """The next page; after the last comes the first."""
        pages = -(-len(self.options) // PER_PAGE)
        return Menu(self.options, (self.page + 1) % pages)

    def option_at(self, key: str) -> Option | None:
        at = int(key) - 1 if key.isascii() and key.isdigit() and len(key) == 1 else -1
        return self.shown[at] if 0 <= at < len(self.shown) else None

    def option_called(self, text: str) -> Option | None:
        """By its label, as a recogniser that knows the labels gives it."""
        wanted = text.strip().casefold()
        return next((one for one in self.options if one.label.casefold() == wanted), None)


def said_options(menu: Menu, *, one: str, more: str) -> list[str]:
    """The choices, a sentence each. `one` names the label and the key, such as
    "%(label)s: %(key)s."; `more` the key that turns the page."""
    lines = [
        one % {"label": option.label.rstrip(".?!"), "key": key}
        for key, option in enumerate(menu.shown, start=1)
    ]
    return [*lines, more % {"key": menu.turn_key}] if menu.turn_key else lines


def labels(options: Sequence[Option]) -> tuple[str, ...]:
    return tuple(option.label for option in options)
