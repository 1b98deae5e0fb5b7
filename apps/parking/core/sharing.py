"""When a lent bay is open: a calendar rule (a small part of RFC 5545's RRULE) turned into spans.

Supported: FREQ=DAILY or WEEKLY, INTERVAL 1 to 52, BYDAY without ordinals, UNTIL as a date, COUNT up
to 1000. The rule repeats local dates; each opens at a wall time for a number of minutes by the wall
clock, so a bay lent "from nine to six" is lent from nine to six on the day summer time begins, too.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from apps.parking.core.pricing import instant
from apps.parking.core.tariffs import DAY_MIN, wall_min

Span = tuple[datetime, datetime]
MAX_COUNT = 1000
_PARTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY"),
    "INTERVAL": re.compile(r"[1-9]|[1-4]\d|5[0-2]"),
    "BYDAY": re.compile(r"(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU))*"),
    "UNTIL": re.compile(r"\d{8}"),
    "COUNT": re.compile(r"[1-9]\d{0,2}|1000"),
}


def check_rule(text: str) -> None:
    """Raises ValueError naming the part that is not understood."""
    names: list[str] = []
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or not _PARTS[name].fullmatch(value):
            raise ValueError(f"{part!r} is not understood")
        names.append(name)
    if names.count("FREQ") != 1 or len(names) != len(set(names)):
        raise ValueError("FREQ stands once, every other part at most once")
    if "UNTIL" in names and "COUNT" in names:
        raise ValueError("either UNTIL or COUNT")


@dataclass(frozen=True)
class OpenRule:
    """Open on `first_on` and the dates that `rule` repeats it, from `opens` for `lasts_min`."""

    rule: str
    first_on: date
    opens: str
    lasts_min: int
    zone: ZoneInfo

    def __post_init__(self) -> None:
        check_rule(self.rule)
        wall_min(self.opens)
        if not 0 < self.lasts_min <= 7 * DAY_MIN:
            raise ValueError("an opening lasts 1 minute to a week")

    @cached_property
    def _dates(self) -> rrule:
        start = datetime.combine(self.first_on, time())
        found = rrulestr(self.rule, dtstart=start)
        assert isinstance(found, rrule)
        return found

    def spans(self, span: Span, *, blackout: Iterable[date] = ()) -> list[Span]:
        """Open spans that touch `span`, cut to it, in order, joined where they meet."""
        start, end = span
        closed = frozenset(blackout)
        earliest = start.astimezone(self.zone).date() - timedelta(days=8)
        latest = end.astimezone(self.zone).date()
        dates = self._dates.between(
            datetime.combine(earliest, time()), datetime.combine(latest, time()), inc=True
        )
        opened = [self._opening(found.date()) for found in dates if found.date() not in closed]
        return joined((max(a, start), min(b, end)) for a, b in opened if a < end and b > start)

    def _opening(self, day: date) -> Span:
        start_min = wall_min(self.opens)
        days, end_min = divmod(start_min + self.lasts_min, DAY_MIN)
        return (
            instant(day, start_min, self.zone),
            instant(day + timedelta(days=days), end_min, self.zone),
        )


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch or overlap made one, empty ones left out."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], end))
        else:
            whole.append((start, end))
    return whole
