"""Deadlines in working time.

Korea's Civil Petitions Treatment Act, article 19, counts a period of five days or less in hours of
an eight-hour day, leaving out Saturdays and holidays; one of six days or more in days, the first
one included, again without Saturdays and holidays. Both are here, beside plain calendar days.

Times of day are the city's wall clock: a day on which clocks change still has its eight hours.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

IsWorkingDay = Callable[[date], bool]
Span = tuple[datetime, datetime]
DAY = timedelta(days=1)
# Longer than any petition's period with its extensions; a city without working days stops here.
FARTHEST = timedelta(days=1500)
MINUTES_A_DAY = 480


class Unit(StrEnum):
    WORKING_MINUTES = "working_minutes"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class NeverDue(ValueError):
    """No working time lies ahead: the calendar has no working days."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The working day of an office, as spans of its wall clock in order."""

    zone: ZoneInfo
    spans: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13), time(18)))

    @property
    def closes(self) -> time:
        return self.spans[-1][1]

    def on(self, day: date) -> list[Span]:
        """The day's spans as instants."""
        return [(self.at(day, opens), self.at(day, closes)) for opens, closes in self.spans]

    def at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Office:
    """Hours and calendar together: what working time is."""

    hours: Hours
    is_working_day: IsWorkingDay

    def spans_from(self, start: datetime) -> Iterator[Span]:
        """Working time from `start` on."""
        day, last = self.hours.day_of(start), self.hours.day_of(start + FARTHEST)
        while day <= last:
            if self.is_working_day(day):
                for opens, closes in self.hours.on(day):
                    if closes > start:
                        yield max(opens, start), closes
            day += DAY

    def working_days_from(self, start: datetime) -> Iterator[date]:
        day, last = self.hours.day_of(start), self.hours.day_of(start + FARTHEST)
        while day <= last:
            if self.is_working_day(day):
                yield day
            day += DAY


def without(spans: Iterator[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    """The spans less the pauses; both in order, pauses apart from one another."""
    for opens, closes in spans:
        begin = opens
        for paused, resumed in pauses:
            if resumed <= begin or paused >= closes:
                continue
            if paused > begin:
                yield begin, paused
            begin = max(begin, resumed)
        if begin < closes:
            yield begin, closes


def working_minutes(
    start: datetime, end: datetime, office: Office, pauses: Sequence[Span] = ()
) -> float:
    """How much working time lies between two instants, pauses left out."""
    total = timedelta()
    for opens, closes in without(office.spans_from(start), pauses):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total.total_seconds() / 60


def after_minutes(
    start: datetime, minutes: float, office: Office, pauses: Sequence[Span] = ()
) -> datetime:
    """When `minutes` of working time are over. Raises NeverDue."""
    left = timedelta(minutes=minutes)
    for opens, closes in without(office.spans_from(start), pauses):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    raise NeverDue(f"no {minutes} working minutes after {start}")


def after_days(start: datetime, days: int, office: Office, pauses: Sequence[Span] = ()) -> datetime:
    """The close of the last of `days` working days, the first one counted.

    A day on which the clock stood still at the office's close is not counted.
    """
    counted = 0
    for day in office.working_days_from(start):
        closes = office.hours.at(day, office.hours.closes)
        if any(paused < closes <= resumed for paused, resumed in pauses):
            continue
        counted += 1
        if counted == days:
            return closes
    raise NeverDue(f"no {days} working days after {start}")


def after_calendar_days(
    start: datetime, days: int, office: Office, pauses: Sequence[Span] = ()
) -> datetime:
    """The end of the last of `days` days, the first one counted, whole pauses added; one that
    ends on a day without work ends with the next working day (Civil Act, article 161)."""
    stood_still = sum((end - begin for begin, end in pauses), timedelta())
    zone = office.hours.zone
    day = office.hours.day_of(start + stood_still) + (days - 1) * DAY
    day = next(office.working_days_from(datetime.combine(day, time(), zone)), None) or day
    return office.hours.at(day, office.hours.closes)


def due_at(
    start: datetime, amount: int, unit: Unit, office: Office, pauses: Sequence[Span] = ()
) -> datetime:
    """When `amount` of `unit` is over. Raises NeverDue."""
    match unit:
        case Unit.WORKING_MINUTES:
            return after_minutes(start, amount, office, pauses)
        case Unit.WORKING_DAYS:
            return after_days(start, amount, office, pauses)
        case Unit.CALENDAR_DAYS:
            return after_calendar_days(start, amount, office, pauses)


def share_at(
    start: datetime, due: datetime, percent: int, office: Office, pauses: Sequence[Span] = ()
) -> datetime:
    """When `percent` of the working time until `due` is used up."""
    if percent >= 100:
        return due
    minutes = working_minutes(start, due, office, pauses)
    if not minutes:
        return due
    return after_minutes(start, minutes * percent / 100, office, pauses)


@dataclass(frozen=True, slots=True)
class Period:
    amount: int
    unit: Unit


def statutory(days: int) -> Period:
    """A period of days as the Act counts it: up to five in hours, longer ones in days."""
    if days <= 5:
        return Period(days * MINUTES_A_DAY, Unit.WORKING_MINUTES)
    return Period(days, Unit.WORKING_DAYS)


# Enforcement Decree of the Act: grievances and plain questions 7 days, suggestions and questions
# of law 14; "at once" is within three working hours. A legal petition's period is its service's.
PETITION_PERIODS = {
    "grievance": statutory(7),
    "inquiry": statutory(7),
    "legal_inquiry": statutory(14),
    "suggestion": statutory(14),
    "other": Period(180, Unit.WORKING_MINUTES),
    "legal": statutory(7),
}
