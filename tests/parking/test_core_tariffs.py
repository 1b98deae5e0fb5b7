"""Tariffs: a table a car-park clerk can check, and laws that hold for every tariff."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.parking.core.pricing import Line, Price, Pricer, Stay, instant_s
from apps.parking.core.tariffs import (
    Band,
    DayKind,
    Discount,
    Event,
    EvIdle,
    Opening,
    Rounding,
    Tariff,
    read_tariff,
    write_tariff,
)
from tests.parking.tariff_cases import CASES, TARIFFS, Case

laws = settings(max_examples=40, deadline=None)
SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
# Monday 23 to Sunday 29 November 2026; the Wednesday is a holiday of ours.
HOLIDAYS = {date(2026, 11, 25)}


def kind_of(day: date) -> DayKind:
    if day in HOLIDAYS or day.weekday() == 6:
        return "holiday"
    return "saturday" if day.weekday() == 5 else "working"


def price(tariff: Tariff, start: datetime, end: datetime, *discounts: str, **more: Any) -> Price:
    stay = Stay(starts_at=start, ends_at=end, discounts=frozenset(discounts), **more)
    return Pricer(tariff).price(stay, kind_of)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_charges_what_the_board_at_the_entrance_says(case: Case) -> None:
    tariff = read_tariff(TARIFFS[case.tariff])

    found = price(tariff, case.start, case.end, *case.discounts, charged_until=case.charged_until)

    assert found.amount == case.won
    assert sum(line.amount for line in found.lines) == case.won


def test_the_table_is_as_long_as_promised() -> None:
    assert len(CASES) >= 100
    assert len({case.name for case in CASES}) == len(CASES)


def test_every_line_says_why() -> None:
    tariff = read_tariff(TARIFFS["market"])
    start = datetime(2026, 11, 23, 10, 0, tzinfo=SEOUL)

    found = price(tariff, start, start + timedelta(hours=2), "disabled")

    assert found.lines == (
        Line("free_first", 0, {"minutes": 30}),
        Line(
            "band",
            4500,
            {"band": "day", "steps": 9, "step_min": 10, "price": 500, "day": "2026-11-23"},
        ),
        Line("discount", -3600, {"discount": "disabled", "percent": 80}),
    )


# ---------------------------------------------------------------- laws

minutes = st.integers(0, 4 * 24 * 60)
instants = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2027, 12, 31),  # noqa: DTZ001
).map(lambda at: at.replace(tzinfo=UTC, microsecond=0))
steps = st.sampled_from([5, 10, 15, 30, 60])
prices = st.integers(0, 3000)
discounts = st.one_of(
    st.builds(lambda p: {"percent": p}, st.integers(1, 100)),
    st.builds(lambda m: {"free_min": m}, st.integers(1, 180)),
    st.builds(lambda a: {"amount": a}, st.integers(1, 5000)),
)


@st.composite
def tariffs(draw: st.DrawFn, zone: str = "Asia/Seoul") -> Tariff:
    start, end = draw(
        st.sampled_from(
            [("08:00", "20:00"), ("20:00", "09:00"), ("00:00", "12:00"), ("02:30", "03:30")]
        )
    )
    days: list[tuple[DayKind, ...]] = [
        ("working",),
        ("saturday", "holiday"),
        ("working", "holiday"),
    ]
    some = draw(st.sampled_from(days))
    bands = (
        Band(code="a", price=draw(prices), step_min=draw(steps), start=start, end=end, days=some,
             cap=draw(st.none() | st.integers(0, 20_000))),
        Band(code="b", price=draw(prices), step_min=draw(steps),
             outside_caps=draw(st.booleans())),
    )  # fmt: skip
    found = [
        Discount(code=f"d{n}", group=draw(st.sampled_from(["person", "car"])), **rule)
        for n, rule in enumerate(draw(st.lists(discounts, max_size=3)))
    ]
    return Tariff(
        bands=bands,
        zone=zone,
        free_first_min=draw(st.sampled_from([0, 0, 30])),
        turnaround_min=draw(st.sampled_from([0, 0, 10])),
        opening=draw(st.none() | st.builds(Opening, minutes=steps, price=prices)),
        day_cap=draw(st.none() | st.integers(0, 30_000)),
        cap_period=draw(st.sampled_from(["calendar_day", "day_of_stay"])),
        discounts=tuple(found),
        ev_idle=draw(st.none() | st.builds(EvIdle, price=prices, grace_min=st.integers(0, 60))),
        rounding=Rounding(
            unit=draw(st.sampled_from([1, 10, 100])),
            mode=draw(st.sampled_from(["down", "up", "half_up"])),
        ),
    )


def all_codes(tariff: Tariff) -> list[str]:
    return [discount.code for discount in tariff.discounts]


@laws
@given(tariffs(), instants, minutes, minutes)
def test_a_longer_stay_never_costs_less(
    tariff: Tariff, start: datetime, first: int, more: int
) -> None:
    shorter, longer = (start + timedelta(minutes=m) for m in (first, first + more))
    codes = all_codes(tariff)
    assert (
        price(tariff, start, shorter, *codes).amount <= price(tariff, start, longer, *codes).amount
    )


@laws
@given(tariffs(), instants, minutes)
def test_the_lines_add_up_to_the_price(tariff: Tariff, start: datetime, lasts: int) -> None:
    end = start + timedelta(minutes=lasts)
    found = price(tariff, start, end, *all_codes(tariff), charged_until=start)
    assert sum(line.amount for line in found.lines) == found.amount >= 0


@laws
@given(tariffs(), instants, minutes)
def test_a_discount_never_makes_it_dearer(tariff: Tariff, start: datetime, lasts: int) -> None:
    tariff = replace(tariff, rounding=Rounding(unit=1))
    end = start + timedelta(minutes=lasts)
    assert price(tariff, start, end, *all_codes(tariff)).amount <= price(tariff, start, end).amount


@laws
@given(tariffs(), instants, st.integers(1, 4))
def test_full_days_cost_the_cap_each(tariff: Tariff, start: datetime, days: int) -> None:
    """Additive at caps: n whole days that each reach the cap cost n caps."""
    capped = replace(
        tariff, day_cap=1000, cap_period="day_of_stay", free_first_min=0, opening=None,
        discounts=(), ev_idle=None, rounding=Rounding(unit=1),
        bands=(Band(code="all", price=500, step_min=60),),
    )  # fmt: skip
    assert price(capped, start, start + timedelta(days=days)).amount == 1000 * days


@laws
@given(
    tariffs(), st.dates(date(2026, 1, 1), date(2027, 6, 1)), st.integers(1, 3), st.integers(0, 23)
)
def test_dates_add_up_where_nothing_carries_over(
    tariff: Tariff, day: date, days: int, hour: int
) -> None:
    """Cut at midnight a stay costs the same, if steps end there and nothing is per stay."""
    plain = replace(
        tariff, cap_period="calendar_day", free_first_min=0, turnaround_min=0, opening=None,
        discounts=(), ev_idle=None, rounding=Rounding(unit=1),
        bands=tuple(replace(band, step_min=10) for band in tariff.bands[1:]),
    )  # fmt: skip
    start = datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    middle = start + timedelta(days=days)
    end = middle + timedelta(hours=hour)
    whole = price(plain, start, end).amount
    assert whole == price(plain, start, middle).amount + price(plain, middle, end).amount


@laws
@given(tariffs(zone="Europe/Berlin"), instants, minutes)
def test_only_the_time_that_passed_is_charged_when_clocks_change(
    tariff: Tariff, start: datetime, lasts: int
) -> None:
    """With one band and no caps the wall clock cannot matter at all."""
    bare = replace(
        tariff, day_cap=None, opening=None, discounts=(), ev_idle=None, free_first_min=0,
        turnaround_min=0, rounding=Rounding(unit=1),
        bands=(Band(code="all", price=7, step_min=15),),
    )  # fmt: skip
    end = start + timedelta(minutes=lasts)
    assert price(bare, start, end).amount == -(-lasts // 15) * 7


@laws
@given(tariffs(zone="Europe/Berlin"), st.integers(0, 50), st.integers(0, 600))
def test_it_agrees_with_a_clerk_who_looks_at_the_clock_every_minute(
    tariff: Tariff, hours: int, lasts: int
) -> None:
    """An independent walk, minute by minute, over both nights on which clocks change."""
    bare = replace(
        tariff, discounts=(), ev_idle=None, opening=None, rounding=Rounding(unit=1),
        free_first_min=0, turnaround_min=0, cap_period="calendar_day",
    )  # fmt: skip
    for begin in (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)):
        start = begin + timedelta(hours=hours)
        end = start + timedelta(minutes=lasts)
        assert price(bare, start, end).amount == clerk(bare, start, end)


def clerk(tariff: Tariff, start: datetime, end: datetime) -> int:
    """Every minute: which band is it, and has the running step ended or the band changed? A band
    has begun once the wall clock has shown its hour, even if the clock is then set back."""
    by_day: dict[date, dict[str, int]] = {}
    furthest: dict[date, int] = {}
    at, band, step_left = start - timedelta(days=1), None, 0
    while at < end:
        local = at.astimezone(tariff.time_zone)
        day, shown = local.date(), local.hour * 60 + local.minute
        furthest[day] = max(furthest.get(day, 0), shown)
        if at >= start:
            here = next(b for b in tariff.bands if b.covers(kind_of(day), furthest[day]))
            if here is not band or step_left == 0:
                band, step_left = here, here.step_min
                sums = by_day.setdefault(day, {})
                sums[here.code] = sums.get(here.code, 0) + here.price
            step_left -= 1
        at += timedelta(minutes=1)
    return sum(capped(tariff, sums) for sums in by_day.values())


def capped(tariff: Tariff, sums: dict[str, int]) -> int:
    inside = outside = 0
    for band in tariff.bands:
        amount = sums.get(band.code, 0)
        amount = amount if band.cap is None else min(amount, band.cap)
        if band.outside_caps:
            outside += amount
        else:
            inside += amount
    return outside + (inside if tariff.day_cap is None else min(inside, tariff.day_cap))


@laws
@given(tariffs())
def test_a_tariff_survives_being_written_down(tariff: Tariff) -> None:
    assert read_tariff(write_tariff(tariff)) == tariff


@laws
@given(instants)
def test_the_price_does_not_depend_on_the_zone_the_caller_thinks_in(start: datetime) -> None:
    tariff = read_tariff(TARIFFS["market"])
    end = start + timedelta(hours=5)
    there = (start.astimezone(BERLIN), end.astimezone(BERLIN))
    assert price(tariff, start, end) == price(tariff, *there)


@laws
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 1439))
def test_a_wall_time_the_clock_skips_begins_when_it_is_skipped(day: date, minute: int) -> None:
    found = datetime.fromtimestamp(instant_s(day, minute, BERLIN), BERLIN)
    shown = found.hour * 60 + found.minute
    before = datetime.fromtimestamp(found.timestamp() - 1, BERLIN)
    assert found.date() == day
    assert shown >= minute
    assert before.date() < day or before.hour * 60 + before.minute < minute


def test_an_event_has_its_own_price_and_ends() -> None:
    band = Band(code="event", price=10_000, step_min=600, outside_caps=True)
    at = [datetime(2026, 11, 23, hour, tzinfo=SEOUL) for hour in (10, 18, 23)]
    base = read_tariff(TARIFFS["market"])
    tariff = replace(base, events=(Event(band=band, starts_at=at[1], ends_at=at[2]),))

    assert price(tariff, at[1], at[2]).amount == 10_000
    assert price(tariff, at[0], at[0] + timedelta(hours=1)).amount == 1500
    assert price(tariff, at[0], at[1] + timedelta(minutes=1)).amount == 10_000 + 10_000


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"bands": []}, "no band covers"),
        ({"bands": [{"code": "a", "price": -1}]}, "negative"),
        ({"bands": [{"code": "a", "price": 1, "start": "25:00"}]}, "HH:MM"),
        ({"bands": [{"code": "a", "price": 1, "end": "20:00"}]}, "no band covers 20:00"),
        ({"bands": [{"code": "a", "price": 1, "days": ["funday"]}]}, "days"),
        ({"bands": [{"code": "a", "price": 1, "step_min": 0}]}, "step"),
        ({"bands": [{"code": "a", "price": 1.5}]}, "int"),
        ({"bands": [{"code": "a", "prise": 1}]}, "prise"),
        ({"bands": [{"code": "A!", "price": 1}]}, "code"),
        ({"bands": [{"code": "a", "price": 1}, {"code": "a", "price": 2}]}, "once"),
        ({"day_cup": 1}, "day_cup"),
        ({"day_cap": -1}, "negative"),
        ({"currency": "XXX"}, "currency"),
        ({"zone": "Mars/Base"}, "time zone"),
        ({"rounding": {"unit": 0}}, "unit"),
        ({"opening": {"minutes": 0, "price": 1}}, "opening"),
        ({"discounts": [{"code": "x", "percent": 101}]}, "percent"),
        ({"discounts": [{"code": "x", "percent": 10, "amount": 5}]}, "either"),
        ({"discounts": [{"code": "x"}]}, "either"),
        ({"discounts": [{"code": "x", "amount": 1}, {"code": "x", "amount": 2}]}, "once"),
        ({"ev_idle": {"price": 1, "grace_min": -1}}, "grace"),
        (
            {"events": [{"band": {"code": "e", "price": 1}, "starts_at": "2026-11-23T10:00:00",
                         "ends_at": "2026-11-23T12:00:00"}]},
            "offset",
        ),
    ],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused_by_name(change: dict[str, Any], word: str) -> None:
    rules = {"bands": [{"code": "all", "price": 1}]} | change
    with pytest.raises(ValueError, match=word):
        read_tariff(rules)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 1, 1), datetime(2026, 1, 2)),  # noqa: DTZ001 - that is the point
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime(2026, 1, 2, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)),
    ],
)
def test_stays_that_make_no_sense_are_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match=r"instants|before|year"):
        Stay(starts_at=start, ends_at=end)
