"""A signal's rhythm, learnt from when its greens begin.

Where nobody calls, greens are left out: a gap that is about a whole number of cycles counts as that
many. The rest is a mean and a mean square error that forget, so that a new programme is learnt
within a dozen cycles.
"""

import math
from dataclasses import dataclass

MEMORY_N = 12
LONGEST_S = 600.0  # a longer gap says nothing
SHORTEST_S = 10.0
FIRST_SD_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`cycle_s` is None until two greens were seen."""

    green_at_s: float
    cycle_s: float | None = None
    sd_s: float = 0.0
    greens_n: int = 1


def heard(rhythm: Rhythm, green_at_s: float) -> Rhythm:
    """Another green began. One from the past changes nothing."""
    gap_s = green_at_s - rhythm.green_at_s
    if gap_s < SHORTEST_S:
        return rhythm
    greens_n = rhythm.greens_n + 1
    if gap_s > LONGEST_S:
        return Rhythm(green_at_s, rhythm.cycle_s, rhythm.sd_s, greens_n)
    if rhythm.cycle_s is None:
        return Rhythm(green_at_s, gap_s, gap_s * FIRST_SD_SHARE, greens_n)
    cycles_n = max(1, round(gap_s / rhythm.cycle_s))
    off_s = gap_s / cycles_n - rhythm.cycle_s
    share = max(1.0 / greens_n, 1.0 / MEMORY_N)
    variance = (1.0 - share) * rhythm.sd_s**2 + share * off_s**2 * cycles_n
    return Rhythm(green_at_s, rhythm.cycle_s + share * off_s, math.sqrt(variance), greens_n)
