"""What travels on a line, whoever carries it: the words that every dialect is turned into.

A dialect is a pure translator, bytes or text ⇄ these values. It keeps no clock and opens nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


class BadFrame(ValueError):
    """The peer sent what its protocol does not know; the call ends."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The line is up. `proof` is what we gave the peer to hold, so that we know the call again."""

    call: str
    proof: str = ""
    stream: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sound:
    """16-bit audio at 8 kHz, of any length."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class Key:
    digit: str


@dataclass(frozen=True, slots=True)
class Played:
    """What was sent up to this mark has been heard, or dropped."""

    mark: str


@dataclass(frozen=True, slots=True)
class Closed:
    reason: str = "hang-up"


Incoming = Opened | Sound | Key | Played | Closed

KEYS = frozenset("0123456789*#")
