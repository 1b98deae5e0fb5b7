"""The words of one notice in one language, and whether they fit where they are read."""

from collections.abc import Mapping
from dataclasses import dataclass

HEADLINE = 160
PUSH_BODY = 178
INSTRUCTION = 400
DESCRIPTION = 600
SMS_BYTES = 90  # one Korean text message: 90 bytes in its own encoding
SMS_LATIN = 160
LONG_SENTENCE = 25  # words; easy reading, and a voice that is followed


@dataclass(frozen=True, slots=True)
class Words:
    """`description` says what is happening where and until when, `instruction` what to do."""

    headline: str
    description: str
    instruction: str
    short: str = ""

    @classmethod
    def read(cls, texts: Mapping[str, str]) -> "Words":
        headline, description, instruction, short = (
            str(texts.get(name, "")) for name in ("headline", "description", "instruction", "short")
        )
        return cls(headline, description, instruction, short)

    @property
    def body(self) -> str:
        """What a notification shows: what to do comes before what is happening."""
        return f"{self.instruction} {self.description}".strip()

    @property
    def speech(self) -> str:
        """Hazard, place, time, action: the order in which a listener needs them."""
        return f"{self.headline}. {self.description} {self.instruction}".strip()


@dataclass(frozen=True, slots=True)
class Fault:
    """`must` is mended before it can go out; the others are advice."""

    field: str
    reason: str
    must: bool = True


def check(words: Words) -> list[Fault]:
    """What does not fit."""
    faults = [
        Fault(name, "missing")
        for name in ("headline", "description", "instruction")
        if not getattr(words, name).strip()
    ]
    for name, most in (
        ("headline", HEADLINE), ("description", DESCRIPTION), ("instruction", INSTRUCTION),
    ):  # fmt: skip
        if len(getattr(words, name)) > most:
            faults.append(Fault(name, f"over {most}"))
    if len(words.instruction) > PUSH_BODY:
        faults.append(Fault("instruction", f"over {PUSH_BODY} shown", must=False))
    if not fits_one_sms(words.short):
        faults.append(Fault("short", "over one SMS"))
    faults.extend(
        Fault(name, "long sentence", must=False)
        for name in ("description", "instruction")
        if longest_sentence(getattr(words, name)) > LONG_SENTENCE
    )
    return faults


def fits_one_sms(text: str) -> bool:
    """Latin text: 160 letters; Korean: 90 bytes, two a syllable."""
    if text.isascii():
        return len(text) <= SMS_LATIN
    return sum(1 if letter.isascii() else 2 for letter in text) <= SMS_BYTES


def longest_sentence(text: str) -> int:
    marks = text.replace("!", ".").replace("?", ".").split(".")
    return max((len(sentence.split()) for sentence in marks), default=0)
