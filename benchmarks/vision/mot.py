"""CLEAR MOT: misses, false alarms and swapped identities of followed people.

K. Bernardin, R. Stiefelhagen, Evaluating multiple object tracking performance, EURASIP JIVP 2008.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from devices.vision.arrays import Box
from devices.vision.assignment import FORBIDDEN, matched

LEAST_OVERLAP = 0.5
Named = tuple[int, Box]


@dataclass(slots=True)
class Tally:
    truths: int = 0
    missed: int = 0
    false: int = 0
    swapped: int = 0
    off_by: int = 0
    frames: int = 0

    @property
    def mota(self) -> float:
        return 1 - (self.missed + self.false + self.swapped) / self.truths

    @property
    def count_mae(self) -> float:
        return self.off_by / self.frames


def tally(truth: Mapping[int, Sequence[Named]], seen: Mapping[int, Sequence[Named]]) -> Tally:
    result, partner = Tally(), {}  # type: tuple[Tally, dict[int, int]]
    for frame in sorted(truth):
        real, found = truth[frame], seen.get(frame, ())
        pairs = _pairs(real, found, partner)
        for who, whom in pairs:
            result.swapped += who in partner and partner[who] != whom
            partner[who] = whom
        result.truths += len(real)
        result.missed += len(real) - len(pairs)
        result.false += len(found) - len(pairs)
        result.off_by += abs(len(real) - len(found))
        result.frames += 1
    return result


def _pairs(
    real: Sequence[Named], found: Sequence[Named], partner: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Who was together stays together while they overlap; the rest is matched best."""
    cost = np.array([[1 - a.overlap(b) for _, b in found] for _, a in real])
    cost = cost.reshape(len(real), len(found))
    for row, (who, _) in enumerate(real):
        for column, (whom, _) in enumerate(found):
            if partner.get(who) == whom and cost[row, column] <= 1 - LEAST_OVERLAP:
                kept = cost[row, column] - 10
                cost[row, :], cost[:, column] = FORBIDDEN, FORBIDDEN
                cost[row, column] = kept
    return [(real[r][0], found[c][0]) for r, c in matched(cost, 1 - LEAST_OVERLAP)]
