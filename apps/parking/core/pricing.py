"""What a stay costs by a tariff, line by line. The lines add up to the price.

Method. Instants are whole seconds since 1970, so that a day of 23 or 25 hours needs no care: wall
times are turned into instants once per local date; a band begins when the clock first shows its
hour, so an hour that the end of summer time repeats is charged on, not again. A stay is cut into
stretches of one band each; a stretch is charged by started steps, each counted for the day on which
it begins. Then caps, then discounts (the best of each group, group after group), the idle fee, and
rounding.

Invariants (tests): a longer stay never costs less; the lines add up; with a daily cap and steps
that end at midnight the days of a stay add up; shifts of summer time charge the time that passed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo

from apps.parking.core.tariffs import Band, DayKind, Discount, Tariff

DAY_S = 86_400
Days = Callable[[date], DayKind]
Param = int | str


@dataclass(frozen=True, slots=True)
class Line:
    """Why this much: a code, its numbers, and what it adds to the price (or takes off)."""

    code: str
    amount: int
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    amount: int
    currency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """From when to when, the discounts the driver has a right to, and when charging ended."""

    starts_at: datetime
    ends_at: datetime
    discounts: frozenset[str] = frozenset()
    charged_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("A stay lies between aware instants.")
        if self.ends_at < self.starts_at:
            raise ValueError("A stay does not end before it begins.")
        if self.ends_at - self.starts_at > timedelta(days=366):
            raise ValueError("A stay lasts at most a year.")


@dataclass(frozen=True, slots=True)
class Stretch:
    band: Band
    start_s: int
    end_s: int


class Pricer:
    """One tariff with what it has learnt of dates; keep it as long as the tariff stands."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self._events = sorted(
            (int(event.starts_at.timestamp()), int(event.ends_at.timestamp()), event.band)
            for event in tariff.events
        )
        self._plan_of = lru_cache(maxsize=4096)(self._plan)

    def price(self, stay: Stay, days: Days) -> Price:
        """What the stay costs; `days` tells what kind of day a local date is."""
        best = min(
            (self._priced(stay, days, chosen) for chosen in self._choices(stay)),
            key=lambda found: found[0],
        )
        amount, lines = best[0], [*best[1], *self._idle(stay)]
        amount = sum(line.amount for line in lines)
        rounded = self.tariff.rounding.apply(amount)
        if rounded != amount:
            unit = self.tariff.rounding.unit
            lines.append(Line("rounding", rounded - amount, {"unit": unit}))
        return Price(rounded, self.tariff.currency, tuple(lines))

    def _choices(self, stay: Stay) -> Iterator[tuple[Discount, ...]]:
        """One eligible discount of each group, in all ways; groups in the tariff's order."""
        groups: dict[str, list[Discount]] = {}
        for discount in self.tariff.discounts:
            if discount.code in stay.discounts:
                groups.setdefault(discount.group, []).append(discount)
        return product(*groups.values())

    def _priced(
        self, stay: Stay, days: Days, chosen: tuple[Discount, ...]
    ) -> tuple[int, list[Line]]:
        start_s, end_s = _seconds(stay.starts_at), _seconds(stay.ends_at)
        if end_s - start_s <= self.tariff.turnaround_min * 60:
            lines = [Line("turnaround", 0, {"minutes": self.tariff.turnaround_min})]
            return 0, lines if end_s > start_s and self.tariff.turnaround_min else []
        charge = _Charge(self.tariff, start_s)
        lines = self._free_minutes(chosen)
        from_s = start_s + 60 * sum(int(line.params["minutes"]) for line in lines)
        for stretch in self._stretches(from_s, end_s, days):
            charge.add(stretch)
        lines += charge.lines()
        amount = sum(line.amount for line in lines)
        for discount in chosen:
            line = _discounted(discount, amount)
            if line is not None:
                lines.append(line)
                amount += line.amount
        return amount, lines

    def _free_minutes(self, chosen: tuple[Discount, ...]) -> list[Line]:
        lines = []
        if self.tariff.free_first_min:
            lines.append(Line("free_first", 0, {"minutes": self.tariff.free_first_min}))
        lines += [
            Line("discount_free", 0, {"discount": discount.code, "minutes": discount.free_min})
            for discount in chosen
            if discount.free_min
        ]
        return lines

    def _idle(self, stay: Stay) -> list[Line]:
        rule = self.tariff.ev_idle
        if rule is None or stay.charged_until is None:
            return []
        from_s = _seconds(max(stay.charged_until, stay.starts_at)) + rule.grace_min * 60
        steps = _steps(_seconds(stay.ends_at) - from_s, rule.step_min)
        if not steps:
            return []
        amount = steps * rule.price
        amount = amount if rule.cap is None else min(amount, rule.cap)
        return [Line("ev_idle", amount, {"minutes": steps * rule.step_min})]

    # ------------------------------------------------------------ time

    def _stretches(self, start_s: int, end_s: int, days: Days) -> Iterator[Stretch]:
        """The stay cut where the band changes; a band that goes on past midnight is not cut."""
        open_: Stretch | None = None
        for piece in self._with_events(self._by_bands(start_s, end_s, days)):
            if open_ is not None and open_.band is piece.band:
                open_ = Stretch(open_.band, open_.start_s, piece.end_s)
                continue
            if open_ is not None:
                yield open_
            open_ = piece
        if open_ is not None:
            yield open_

    def _by_bands(self, start_s: int, end_s: int, days: Days) -> Iterator[Stretch]:
        zone = self.tariff.time_zone
        at_s = start_s
        while at_s < end_s:
            day = datetime.fromtimestamp(at_s, zone).date()
            plan, day_end_s = self._plan_of(day, days(day))
            for index, (from_s, band) in enumerate(plan):
                until_s = plan[index + 1][0] if index + 1 < len(plan) else day_end_s
                if until_s > at_s and from_s < end_s:
                    yield Stretch(band, max(from_s, at_s), min(until_s, end_s))
            at_s = day_end_s

    def _plan(self, day: date, kind: DayKind) -> tuple[list[tuple[int, Band]], int]:
        """When each band of a local date begins, and when the date ends."""
        zone = self.tariff.time_zone
        plan: list[tuple[int, Band]] = []
        for minute in self.tariff.turns:
            band = next(band for band in self.tariff.bands if band.covers(kind, minute))
            plan.append((instant_s(day, minute, zone), band))
        return plan, instant_s(day + timedelta(days=1), 0, zone)

    def _with_events(self, pieces: Iterable[Stretch]) -> Iterator[Stretch]:
        for piece in pieces:
            at_s = piece.start_s
            for from_s, until_s, band in self._events:
                if until_s <= at_s or from_s >= piece.end_s:
                    continue
                if from_s > at_s:
                    yield Stretch(piece.band, at_s, from_s)
                yield Stretch(band, max(from_s, at_s), min(until_s, piece.end_s))
                at_s = min(until_s, piece.end_s)
            if at_s < piece.end_s:
                yield Stretch(piece.band, at_s, piece.end_s)


class _Charge:
    """Adds stretches up: steps by day and band, then caps."""

    def __init__(self, tariff: Tariff, start_s: int) -> None:
        self._tariff = tariff
        self._start_s = start_s
        self._opened_until_s: int | None = None
        self._opening_day = ""
        self._steps: Counter[tuple[str, str]] = Counter()  # (day, band's code)
        self._bands: dict[str, Band] = {}

    def add(self, stretch: Stretch) -> None:
        at_s = self._open(stretch)
        self._bands[stretch.band.code] = stretch.band
        step_s = stretch.band.step_min * 60
        while at_s < stretch.end_s:
            day, day_end_s = self._day_at(at_s)
            steps = -(-(min(stretch.end_s, day_end_s) - at_s) // step_s)
            self._steps[day, stretch.band.code] += steps
            at_s += steps * step_s

    def _open(self, stretch: Stretch) -> int:
        """Where charging by steps begins in the stretch, the opening taken off."""
        opening = self._tariff.opening
        if opening and self._opened_until_s is None and stretch.band.price:
            self._opened_until_s = stretch.start_s + opening.minutes * 60
            self._opening_day, _end = self._day_at(stretch.start_s)
        return max(stretch.start_s, self._opened_until_s or 0)

    def _day_at(self, at_s: int) -> tuple[str, int]:
        """The day a step counts for, and where that day ends."""
        if self._tariff.cap_period == "day_of_stay":
            number = (at_s - self._start_s) // DAY_S
            return str(number + 1), self._start_s + (number + 1) * DAY_S
        zone = self._tariff.time_zone
        day = datetime.fromtimestamp(at_s, zone).date()
        return day.isoformat(), _midnight_after(day, zone)

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        days = {day for day, _band in self._steps} | ({self._opening_day} - {""})
        for day in sorted(days, key=lambda day: (len(day), day)):  # "10" follows "9"
            lines += self._lines_of(day)
        return lines

    def _lines_of(self, day: str) -> list[Line]:
        lines: list[Line] = []
        bounded = 0
        opening = self._tariff.opening
        if opening and day == self._opening_day:
            lines.append(Line("opening", opening.price, {"minutes": opening.minutes, "day": day}))
            bounded += opening.price
        for (on, code), steps in self._steps.items():
            if on == day:
                found = _band_lines(self._bands[code], steps, day)
                lines += found
                if not self._bands[code].outside_caps:
                    bounded += sum(line.amount for line in found)
        cap = self._tariff.day_cap
        if cap is not None and bounded > cap:
            lines.append(Line("day_cap", cap - bounded, {"cap": cap, "day": day}))
        return lines


def _band_lines(band: Band, steps: int, day: str) -> list[Line]:
    amount = steps * band.price
    params: dict[str, Param] = {
        "band": band.code, "steps": steps, "step_min": band.step_min, "price": band.price,
        "day": day,
    }  # fmt: skip
    lines = [Line("band" if band.price else "free_band", amount, params)]
    if band.cap is not None and amount > band.cap:
        params = {"band": band.code, "cap": band.cap, "day": day}
        lines.append(Line("band_cap", band.cap - amount, params))
    return lines


def _discounted(discount: Discount, amount: int) -> Line | None:
    """Shares are rounded in the city's favour by less than one minor unit."""
    off = amount * discount.percent // 100 if discount.percent else min(discount.amount, amount)
    off = off if discount.most is None else min(off, discount.most)
    if not off:
        return None
    if discount.percent:
        params: dict[str, Param] = {"discount": discount.code, "percent": discount.percent}
        return Line("discount", -off, params)
    return Line("discount_amount", -off, {"discount": discount.code})


def _steps(seconds: int, step_min: int) -> int:
    return max(0, -(-seconds // (step_min * 60)))


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


@lru_cache(maxsize=4096)
def _midnight_after(day: date, zone: ZoneInfo) -> int:
    return instant_s(day + timedelta(days=1), 0, zone)


def instant_s(day: date, minute: int, zone: ZoneInfo) -> int:
    """The first instant of a local date at which the wall clock shows `minute` or later."""
    wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    before_s = int(wall.timestamp())
    if datetime.fromtimestamp(before_s, zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return before_s
    return _end_of_gap(int(wall.replace(fold=1).timestamp()), before_s, zone)


def _end_of_gap(low_s: int, high_s: int, zone: ZoneInfo) -> int:
    """The wall clock skipped that minute: the instant of the skip, between the two given."""
    offset = datetime.fromtimestamp(high_s, zone).utcoffset()
    while high_s - low_s > 1:
        middle_s = (low_s + high_s) // 2
        if datetime.fromtimestamp(middle_s, zone).utcoffset() == offset:
            high_s = middle_s
        else:
            low_s = middle_s
    return high_s


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant_s(day, minute, zone), UTC)
