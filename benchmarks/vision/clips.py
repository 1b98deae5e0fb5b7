"""A clip with an event that we know, and what it is played to.

Real footage, in which a real cutout does something wrong. Everything is drawn from a seed. A clip
says what must be told, and what may be told besides (a car that has an accident also stands).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import numpy as np

from devices.vision.arrays import Picture
from devices.vision.scene import Scene

BEGINS_S = 6.0  # before that nothing happens: the model warms up
Step = Callable[[Picture, float], Picture]
Draw = np.random.Generator
T = TypeVar("T")


class Split(StrEnum):
    """Thresholds are chosen on the first halves of the footage, what is reported is of the second
    halves: other vehicles, other people, another corner of the lawn."""

    DEVELOPMENT = "development"
    TEST = "test"

    def of(self, footage: Sequence[T]) -> Sequence[T]:
        middle = len(footage) // 2
        return footage[:middle] if self is Split.DEVELOPMENT else footage[middle:]


@dataclass(frozen=True, slots=True)
class Clip:
    kind: str
    scene: Scene
    looks: Sequence[Picture]
    every_s: float
    change: Step = lambda look, at_s: look
    expected: dict[str, float] = field(default_factory=dict)  # kind of event: its onset
    allowed: frozenset[str] = frozenset()
    local: datetime | None = None

    def frames(self) -> Iterator[tuple[Picture, float]]:
        for n, look in enumerate(self.looks):
            at_s = n * self.every_s
            yield self.change(look, at_s), at_s
