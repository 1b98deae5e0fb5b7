"""Seeded chance for kernels: a splitmix64 stream whose whole state is one integer in an array.

Kept apart from NumPy's generators because kernels run without the interpreter lock, several at a
time.
"""

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.kernel import leaf

Dice = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)


def dice_from(seed: int) -> Dice:
    return np.array([seed % (1 << 64)], dtype=np.uint64)


@leaf
def mix(word: np.uint64) -> np.uint64:
    """A bijection on 64 bits that leaves no pattern behind (Steele et al. 2014)."""
    word = (word ^ (word >> np.uint64(30))) * FIRST
    word = (word ^ (word >> np.uint64(27))) * SECOND
    return word ^ (word >> np.uint64(31))


@leaf
def uniform(dice: Dice) -> float:
    """A number in [0, 1)."""
    dice[0] += GOLDEN
    return float((mix(dice[0]) >> np.uint64(11)) * (1.0 / 9007199254740992.0))


@leaf
def below(dice: Dice, bound: int) -> int:
    """A whole number in [0, bound)."""
    return int(uniform(dice) * bound)
