"""What a recogniser is asked, and what it answers."""

from dataclasses import dataclass
from enum import StrEnum


class Want(StrEnum):
    YES_NO = "yes_no"
    DIGITS = "digits"
    WORDS = "words"
    PLACE = "place"  # its name, or whatever describes it
    MOMENT = "moment"  # a time or a length of time, in words or in digits
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What may be said now, in which language ("ko", "en" …). `words` are the phrases expected,
    `digits` how many of them at most."""

    language: str
    want: Want = Want.FREE
    words: tuple[str, ...] = ()
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """`sure` says whether the text may be acted upon. One that is not sure is at most a draft for
    whoever listens to the recording."""

    text: str
    confidence: float
    engine: str
    sure: bool
