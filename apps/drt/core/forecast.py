"""Expected requests by place and hour, from how many there were.

A rate is the mean of the like hours of the past (same kind of day, same hour), drawn towards the
place's mean over all hours by `PRIOR_DAYS` days' worth of it (a gamma prior), so that a week's
chance does not send vehicles about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PRIOR_DAYS = 2.0
HOURS = 24


@dataclass(frozen=True, slots=True)
class Slot:
    """A place, a kind of day, an hour of it."""

    place: str
    day_kind: str
    hour: int


def expected(
    counts: Mapping[Slot, int], days: Mapping[str, int], *, day_kind: str, hour: int
) -> dict[str, float]:
    """Requests expected at each place in an hour of such a day.

    `days` says how many days of each kind the counts were taken on.
    """
    all_days = sum(days.values())
    if not all_days:
        return {}
    totals: dict[str, int] = {}
    for slot, count in counts.items():
        totals[slot.place] = totals.get(slot.place, 0) + count
    seen_days = days.get(day_kind, 0)
    return {
        place: (counts.get(Slot(place, day_kind, hour), 0) + PRIOR_DAYS * mean)
        / (seen_days + PRIOR_DAYS)
        for place, total in totals.items()
        if (mean := total / (all_days * HOURS)) > 0
    }
