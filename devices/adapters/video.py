"""What an adapter of cameras is: it opens an address and hands over pictures with their times.

OpenCV is imported by the adapters themselves, which only the process `cameras` and commands load.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from apps.base.registry import Registry
from devices.cameras.addresses import Network

Picture = NDArray[Any]

MAX_PIXELS = 3840 * 2400
OPEN_WITHIN_S = 5.0
READ_WITHIN_S = 4.0


class Lost(Exception):
    """The stream ended, stalled, or sends what cannot be understood; asking again may help."""


class Refused(Exception):
    """It must not be asked at all until somebody changes something."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Where cameras may be, where files of pictures may lie, and how many pictures a second are
    decoded at most where the codec lets some be left out."""

    networks: Sequence[Network]
    files: Path | None = None
    most_fps: float = 60.0


class Stream(Protocol):
    """Pictures one after another. `grab` takes the next one in at the least cost and tells its own
    presentation time in seconds, or None where it has none; `retrieve` decodes it. Both raise
    Lost."""

    def grab(self) -> float | None: ...

    def retrieve(self) -> Picture: ...

    def close(self) -> None: ...


Opener = Callable[[str, Terms], Stream]
"""(address, terms) → a stream that has been reached. Raises Lost, Refused."""

video_adapters: Registry[Opener] = Registry("adapter of cameras")
"""Kind → dotted path of an `Opener`."""


def check_size(width: int, height: int) -> None:
    """Raises Lost for a picture that cannot be meant."""
    if not (width > 0 and height > 0 and width * height <= MAX_PIXELS):
        raise Lost(f"It sends pictures of {width} × {height}, which cannot be meant.")
