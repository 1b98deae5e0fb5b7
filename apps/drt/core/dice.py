"""Seeded chance for kernels: a splitmix64 stream whose whole state is one integer in an array.

Kept apart from NumPy's generators because kernels run without the interpreter lock, several at a time.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)


def dice_from(seed: int) -> NDArray[np.uint64]:
    return np.array([seed % (1 << 64)], dtype=np.uint64)


@njit(cache=True, nogil=True, inline="always")
def mix(word):  # type: ignore[no-untyped-def]
    """A bijection on 64 bits that leaves no pattern behind (Steele et al. 2014)."""
    word = (word ^ (word >> np.uint64(30))) * FIRST
    word = (word ^ (word >> np.uint64(27))) * SECOND
    return word ^ (word >> np.uint64(31))


@njit(cache=True, nogil=True)
def uniform(dice):  # type: ignore[no-untyped-def]
    """A number in [0, 1)."""
    dice[0] += GOLDEN
    return (mix(dice[0]) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def below(dice, bound):  # type: ignore[no-untyped-def]
    """A whole number in [0, bound)."""
    return int(uniform(dice) * bound)
