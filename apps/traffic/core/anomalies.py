"""What is not as usual at a junction: counts against those of the same slot on other days.

Counts scatter as a negative binomial does: variance m + m^2 / k. Departures add up in a cumulative
sum (Page 1954), both ways, so that a small one that lasts is found as well as a large one.
"""

import math
from dataclasses import dataclass, replace

SCATTER_K = 12.0  # how much days of one kind differ beyond chance
SLACK = 0.5  # deviations below half a standard deviation are as usual
ALARM = 6.0
OVER = 1.0


@dataclass(frozen=True, slots=True)
class Watch:
    """`more` and `less` are the sums; `alarm` is "busy", "quiet" or nothing."""

    more: float = 0.0
    less: float = 0.0
    alarm: str = ""


def deviation(count: float, usual: float) -> float:
    """In standard deviations."""
    mean = max(usual, 0.5)
    return (count - mean) / math.sqrt(mean + mean * mean / SCATTER_K)


def watched(watch: Watch, count: float, usual: float) -> Watch:
    """One slot further. An alarm ends when its sum has come down again."""
    z = deviation(count, usual)
    more = min(max(0.0, watch.more + z - SLACK), 2 * ALARM)
    less = min(max(0.0, watch.less - z - SLACK), 2 * ALARM)
    alarm = watch.alarm
    if not alarm:
        alarm = "busy" if more >= ALARM else "quiet" if less >= ALARM else ""
    elif (more if alarm == "busy" else less) <= OVER:
        alarm = ""
    return replace(watch, more=more, less=less, alarm=alarm)


def is_stuck(count: float, occupancy: float) -> bool:
    """A detector that is covered all the time and counts nobody, or the other way round."""
    return (count == 0 and occupancy > 0.95) or (count > 5 and occupancy == 0.0)
