"""A message in several languages, and how urgent it is. No transport is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

MAX_TITLE = 160
MAX_BODY = 600
MAX_SPEECH = 1200
MAX_DATA_BYTES = 2600


class Lane(IntEnum):
    """Which queue a message stands in. The lesser goes first, whatever came before it."""

    LIFE_SAFETY = 0
    SERVICE = 1  # the ride is there, the booking is confirmed
    INFORMATION = 2  # news of a complaint, a reminder


@dataclass(frozen=True, slots=True)
class Content:
    """What one language says. `speech` is read aloud by screen readers and on the phone; `short`
    fits one SMS. Both fall back on the body."""

    title: str
    body: str
    speech: str = ""
    short: str = ""

    def __post_init__(self) -> None:
        for name, text, most in (
            ("title", self.title, MAX_TITLE),
            ("body", self.body, MAX_BODY),
            ("speech", self.speech, MAX_SPEECH),
        ):
            if len(text) > most:
                raise ValueError(f"{name}: at most {most} characters, not {len(text)}")
        if not self.title.strip() or not self.body.strip():
            raise ValueError("title and body must say something")

    @property
    def spoken(self) -> str:
        return self.speech or f"{self.title}. {self.body}"

    @property
    def texted(self) -> str:
        return self.short or f"{self.title}\n{self.body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What to tell.

    `tag` and `version` are how a device shows a thing once: the same tag replaces, a version not
    greater than the one shown is dropped. `data` goes to the app as it is. `critical` breaks
    through quiet hours and silent phones, as the platform allows. One that `escalates` goes on by
    SMS and by voice to those who agreed to it and whom no app has shown it to; one that `rings`
    calls at once, as for staff on duty.
    """

    contents: Mapping[str, Content]
    category: str = "notice"
    tag: str = ""
    version: int = 1
    data: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    expires_at: datetime | None = None
    critical: bool = False
    escalates: bool = False
    rings: bool = False

    def __post_init__(self) -> None:
        if not self.contents:
            raise ValueError("a message needs at least one language")
        size = sum(len(f"{key}{value}".encode()) for key, value in self.data.items())
        if size > MAX_DATA_BYTES:
            raise ValueError(f"data: at most {MAX_DATA_BYTES} bytes, not {size}")

    def language_for(self, locale: str) -> str:
        """The language to use for somebody who reads `locale`: theirs, English, or the first."""
        return pick_language(self.contents, locale)


def pick_language(contents: Mapping[str, object], locale: str) -> str:
    for code in (locale, locale.split("-")[0], "en"):
        if code in contents:
            return code
    return next(iter(contents))
