"""What parking costs, as data. `pricing.py` says what a stay costs by it.

Money is a whole number of the currency's minor unit (won for KRW, cents for EUR). Times of day are
local wall time of the tariff's zone, written HH:MM; "24:00" ends a day.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

DayKind = Literal["working", "saturday", "holiday"]
EVERY_DAY: tuple[DayKind, ...] = ("working", "saturday", "holiday")
DAY_MIN = 24 * 60
_WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")
_CODE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MINOR_DIGITS = {"KRW": 0, "JPY": 0, "EUR": 2, "USD": 2, "MYR": 2}


def wall_min(text: str) -> int:
    """Minutes since local midnight. Raises ValueError."""
    if not _WALL.fullmatch(text):
        raise ValueError(f"{text!r} is not a time of day as HH:MM")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_code(code: str) -> None:
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a code: small letters, digits, - and _")


def _check(ok: bool, text: str) -> None:
    if not ok:
        raise ValueError(text)


@dataclass(frozen=True, kw_only=True)
class Band:
    """A price per started step at certain hours of certain days; 0 is free.

    A band from 20:00 to 09:00 covers both ends of each of its days. A step ends with its band.
    `cap` bounds what the band costs within one period of the daily cap.
    """

    code: str
    price: int
    step_min: int = 10
    days: tuple[DayKind, ...] = EVERY_DAY
    start: str = "00:00"
    end: str = "24:00"
    cap: int | None = None
    outside_caps: bool = False

    def __post_init__(self) -> None:
        _check_code(self.code)
        _check(self.price >= 0, "a price is not negative")
        _check(0 < self.step_min <= 31 * DAY_MIN, "a step lasts 1 minute to 31 days")
        _check(bool(self.days), "a band needs days")
        _check(self.cap is None or self.cap >= 0, "a cap is not negative")
        _check(wall_min(self.start) != wall_min(self.end), "a band must last")

    def covers(self, day: DayKind, minute: int) -> bool:
        start, end = wall_min(self.start), wall_min(self.end)
        inside = start <= minute < end if start < end else minute >= start or minute < end
        return inside and day in self.days


@dataclass(frozen=True, kw_only=True)
class Event:
    """A band of its own between two instants, before all others."""

    band: Band
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        _check(self.starts_at.tzinfo is not None, "an event starts at an instant with an offset")
        _check(self.ends_at.tzinfo is not None, "an event ends at an instant with an offset")
        _check(self.starts_at < self.ends_at, "an event must last")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The first charged minutes cost a price of their own, whatever the band."""

    minutes: int
    price: int

    def __post_init__(self) -> None:
        _check(0 < self.minutes <= DAY_MIN, "an opening lasts 1 minute to a day")
        _check(self.price >= 0, "a price is not negative")


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Less for whom it is for: a share, free minutes, or a sum.

    Of one group the best for the driver counts; groups follow one another in the order in which
    the tariff names them first. `most` bounds what one stay may save by it.
    """

    code: str
    percent: int = 0
    free_min: int = 0
    amount: int = 0
    group: str = "person"
    most: int | None = None

    def __post_init__(self) -> None:
        _check_code(self.code)
        _check_code(self.group)
        given = [value for value in (self.percent, self.free_min, self.amount) if value]
        _check(len(given) == 1, "a discount is either percent, free_min or amount")
        _check(0 <= self.percent <= 100, "a share lies between 0 and 100 percent")
        _check(0 <= self.free_min <= 7 * DAY_MIN, "free minutes lie between 0 and a week")
        _check(self.amount >= 0, "a sum is not negative")
        _check(self.most is None or self.most >= 0, "a bound is not negative")
        _check(self.most is None or not self.free_min, "free minutes have no bound")


@dataclass(frozen=True, kw_only=True)
class EvIdle:
    """For standing at a charger after charging ended; no discount and no cap but its own."""

    price: int
    step_min: int = 1
    grace_min: int = 0
    cap: int | None = None

    def __post_init__(self) -> None:
        _check(self.price >= 0, "a price is not negative")
        _check(self.step_min > 0, "a step lasts at least a minute")
        _check(0 <= self.grace_min <= DAY_MIN, "the grace lasts at most a day")
        _check(self.cap is None or self.cap >= 0, "a cap is not negative")


@dataclass(frozen=True, kw_only=True)
class Rounding:
    unit: int = 10
    mode: Literal["down", "up", "half_up"] = "down"

    def __post_init__(self) -> None:
        _check(0 < self.unit <= 10_000, "the unit lies between 1 and 10000")

    def apply(self, amount: int) -> int:
        add = {"down": 0, "half_up": self.unit // 2, "up": self.unit - 1}[self.mode]
        return (amount + add) // self.unit * self.unit


@dataclass(frozen=True, kw_only=True)
class Tariff:
    """The first band that covers an hour of a day is its price.

    `free_first_min` are free in every stay; a stay of at most `turnaround_min` is free as a whole
    and pays from its first minute once it is longer. `day_cap` bounds each local date or, with
    `cap_period` "day_of_stay", each 24 hours since the stay began.
    """

    bands: tuple[Band, ...]
    currency: str = "KRW"
    zone: str = "Asia/Seoul"
    free_first_min: int = 0
    turnaround_min: int = 0
    opening: Opening | None = None
    day_cap: int | None = None
    cap_period: Literal["calendar_day", "day_of_stay"] = "calendar_day"
    discounts: tuple[Discount, ...] = ()
    events: tuple[Event, ...] = ()
    ev_idle: EvIdle | None = None
    rounding: Rounding = Rounding(unit=1)

    def __post_init__(self) -> None:
        _check(self.currency in MINOR_DIGITS, f"the currency is one of {', '.join(MINOR_DIGITS)}")
        _check(self.zone in _zones(), f"{self.zone!r} is not a time zone")
        _check(0 <= self.free_first_min <= DAY_MIN, "free minutes lie between 0 and a day")
        _check(0 <= self.turnaround_min <= DAY_MIN, "a turnaround lies between 0 and a day")
        _check(self.day_cap is None or self.day_cap >= 0, "a cap is not negative")
        self._check_discounts()
        self._check_bands()

    def _check_discounts(self) -> None:
        codes = [discount.code for discount in self.discounts]
        _check(len(codes) == len(set(codes)), "a discount stands once")
        _check(len({discount.group for discount in self.discounts}) <= 3, "at most 3 groups")

    def _check_bands(self) -> None:
        bands = (*self.bands, *(event.band for event in self.events))
        codes = [band.code for band in bands]
        _check(len(codes) == len(set(codes)), "a band's code stands once")
        for day in EVERY_DAY:
            for minute in self.turns:
                covered = any(band.covers(day, minute) for band in self.bands)
                text = f"no band covers {minute // 60:02}:{minute % 60:02} of a {day} day"
                _check(covered, text)

    @cached_property
    def turns(self) -> tuple[int, ...]:
        """Minutes of the day at which a band may begin, 0 first."""
        walls = {wall_min(wall) for band in self.bands for wall in (band.start, band.end)}
        return tuple(sorted((walls | {0}) - {DAY_MIN}))

    @cached_property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


_PARTS: dict[str, type] = {
    "bands": Band, "band": Band, "opening": Opening, "discounts": Discount, "events": Event,
    "ev_idle": EvIdle, "rounding": Rounding,
}  # fmt: skip


def read_tariff(rules: Any) -> Tariff:
    """From JSON-ready data. Raises ValueError naming what is wrong and where."""
    _refuse_unknown(rules, Tariff, "tariff")
    try:
        return msgspec.convert(rules, Tariff)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error


def _refuse_unknown(rules: Any, part: type, where: str) -> None:
    """A misspelt field must not silently mean its default."""
    if isinstance(rules, list | tuple):
        for one in rules:
            _refuse_unknown(one, part, where)
    elif isinstance(rules, dict):
        unknown = sorted(set(rules) - {field.name for field in fields(part)})
        _check(not unknown, f"{where} knows no {', '.join(unknown)}")
        for name, value in rules.items():
            if name in _PARTS:
                _refuse_unknown(value, _PARTS[name], name)


def write_tariff(tariff: Tariff) -> Any:
    """JSON-ready data that `read_tariff` takes back."""
    return msgspec.to_builtins(tariff)
