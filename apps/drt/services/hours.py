"""When a rule holds: its hours on the days around a wish, and how long before one must ask."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from apps.base import clock
from apps.drt.cache import Supply
from apps.drt.core.quoting import Offer
from apps.drt.models import BookingRule, OperatingRule
from apps.drt.services.refusals import OutsideHours, TooSoon
from apps.drt.snapshot import instant

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Timed(Protocol):
    @property
    def depart_after(self) -> datetime | None: ...

    @property
    def arrive_by(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """One day's hours of a rule; `depart_after` is the wish's, not before the first pick-up."""

    opens_at: datetime
    closes_at: datetime
    last_dropoff_at: datetime
    depart_after: datetime | None = None

    def admits(self, offer: Offer) -> bool:
        up, down = instant(offer.pickup_s), instant(offer.dropoff_s)
        return self.opens_at <= up <= self.closes_at and down <= self.last_dropoff_at


def hours_of(supply: Supply, rule: OperatingRule, day_on: date, *, is_holiday: bool) -> Span | None:
    if not rule.calendar.runs_on(day_on, is_holiday=is_holiday):
        return None
    zone = supply.city.zone
    midnight = datetime(day_on.year, day_on.month, day_on.day, tzinfo=zone)
    return Span(
        midnight + rule.opens_min * MINUTE,
        midnight + rule.closes_min * MINUTE,
        midnight + rule.last_dropoff_min * MINUTE,
    )


def spans_for(supply: Supply, rule: OperatingRule, wish: Timed) -> list[Span]:
    """The hours in which the wish falls: at most one. Raises OutsideHours, TooSoon."""
    at = wish.depart_after or wish.arrive_by
    assert at is not None
    local_on = at.astimezone(supply.city.zone).date()
    days = (local_on - DAY, local_on)
    found = [hours_of(supply, rule, day, is_holiday=supply.is_holiday(day)) for day in days]
    spans = [span for span in found if span is not None]
    wait = timedelta(seconds=supply.service.longest_wait_s)
    fitting = [fit for span in spans if (fit := _fitting(span, wish, wait)) is not None]
    if not fitting:
        shown = spans[-1] if spans else None
        raise OutsideHours(
            opens_at=shown and shown.opens_at.isoformat(),
            closes_at=shown and shown.closes_at.isoformat(),
        )
    _check_notice(rule.booking_rule, fitting[0].depart_after or at, supply)
    return fitting[:1]


def _fitting(span: Span, wish: Timed, wait: timedelta) -> Span | None:
    if wish.depart_after is not None:
        leave = max(wish.depart_after, span.opens_at)
        if leave > span.closes_at or leave - wish.depart_after > wait:
            return None
        return Span(span.opens_at, span.closes_at, span.last_dropoff_at, leave)
    assert wish.arrive_by is not None
    return span if span.opens_at < wish.arrive_by <= span.last_dropoff_at else None


def _check_notice(rule: BookingRule, at: datetime, supply: Supply) -> None:
    """Raises TooSoon."""
    now = clock.now()
    if rule.kind == BookingRule.Kind.SAME_DAY:
        earliest = now + (rule.notice_min or 0) * MINUTE
        if at < earliest:
            raise TooSoon(rule.message, earliest_at=earliest.isoformat())
    if rule.kind == BookingRule.Kind.PRIOR_DAYS:
        assert rule.last_day is not None
        assert rule.last_time is not None
        local = at.astimezone(supply.city.zone)
        last = datetime.combine(local.date() - rule.last_day * DAY, rule.last_time, local.tzinfo)
        if now > last:
            raise TooSoon(rule.message, booked_by=last.isoformat())
