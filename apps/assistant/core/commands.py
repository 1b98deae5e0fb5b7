"""What can be said at any time, whatever is being talked about."""

from enum import StrEnum


class Go(StrEnum):
    """Moves about the conversation. As a button's choice: `go:back`, `go:language:en`."""

    MENU = "menu"
    BACK = "back"
    START_OVER = "start_over"
    REPEAT = "repeat"
    PERSON = "person"
    LANGUAGE = "language"
    CHANGE = "change"  # go:change:SLOT
    YES = "yes"
    NO = "no"


def go(where: Go, what: str = "") -> str:
    return f"go:{where.value}:{what}" if what else f"go:{where.value}"


def read_go(choice: str) -> tuple[Go, str] | None:
    """The move a choice stands for, and its object; None if it is no move."""
    head, _, rest = choice.partition(":")
    where, _, what = rest.partition(":")
    if head != "go" or where not in Go._value2member_map_:
        return None
    return Go(where), what


def open_skill(name: str, words: str = "") -> str:
    """`words` are taken as said with it, such as the number of a complaint."""
    return f"skill:{name}:{words}" if words else f"skill:{name}"


def read_skill(choice: str) -> tuple[str, str]:
    """The skill that a choice opens, or nothing, and the words that come with it."""
    head, _, rest = choice.partition(":")
    name, _, words = rest.partition(":")
    return (name, words) if head == "skill" else ("", "")


# Intents that move about; all others open a skill or answer.
MOVES: dict[str, Go] = {
    "help": Go.MENU,
    "repeat": Go.REPEAT,
    "back": Go.BACK,
    "start_over": Go.START_OVER,
    "ask_person": Go.PERSON,
    "affirm": Go.YES,
    "deny": Go.NO,
    "change_language": Go.LANGUAGE,
    "correct": Go.CHANGE,
}
SMALL_TALK = ("greet", "goodbye", "thank", "abuse")
