"""The life of a booking as a table, and calendar rules of lent bays."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.parking.core.reservations import BLOCKING, Move, State, Terms, moved
from apps.parking.core.sharing import OpenRule, Span, check_rule, joined

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 22, 3, tzinfo=UTC)

ALLOWED = {
    ("held", "confirm"): "confirmed",
    ("held", "cancel"): "cancelled",
    ("held", "expire"): "expired",
    ("confirmed", "start"): "active",
    ("confirmed", "cancel"): "cancelled",
    ("confirmed", "miss"): "no_show",
    ("active", "end"): "completed",
}


@pytest.mark.parametrize(("state", "move"), list(product(State, Move)))
def test_a_booking_moves_only_along_its_table(state: State, move: Move) -> None:
    assert moved(state, move) == ALLOWED.get((state.value, move.value))


def test_what_is_over_stays_over_and_blocks_nobody() -> None:
    over = [state for state in State if not any(moved(state, move) for move in Move)]
    assert set(over) | set(BLOCKING) == set(State)
    assert not set(over) & set(BLOCKING)


@pytest.mark.parametrize(
    ("minutes_before", "fee"), [(61, 0), (60, 0), (59, 500), (0, 500), (-5, 500)]
)
def test_giving_up_is_free_until_it_is_late(minutes_before: int, fee: int) -> None:
    terms = Terms(cancel_free=timedelta(hours=1), late_fee_percent=50, no_show_percent=100)
    at = NOON - timedelta(minutes=minutes_before)
    assert terms.cancel_fee(1000, starts_at=NOON, at=at) == fee


def test_not_coming_costs_its_share() -> None:
    terms = Terms(cancel_free=timedelta(), late_fee_percent=0, no_show_percent=30)
    assert terms.no_show_fee(999) == 299


@pytest.mark.parametrize("shares", [(-1, 0), (0, 101)])
def test_shares_beyond_the_whole_are_refused(shares: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="share"):
        Terms(cancel_free=timedelta(), late_fee_percent=shares[0], no_show_percent=shares[1])


# ---------------------------------------------------------------- lending


def rule(text: str, opens: str = "09:00", lasts_min: int = 540, zone: ZoneInfo = SEOUL) -> OpenRule:
    return OpenRule(
        rule=text, first_on=date(2026, 11, 23), opens=opens, lasts_min=lasts_min, zone=zone
    )


def week(of: OpenRule, days: int = 7, blackout: tuple[date, ...] = ()) -> list[str]:
    """The openings from Monday 23 November on, as local wall times."""
    start = datetime(2026, 11, 23, tzinfo=of.zone)
    spans = of.spans((start, start + timedelta(days=days)), blackout=blackout)
    return [f"{a.astimezone(of.zone):%a %H:%M}-{b.astimezone(of.zone):%a %H:%M}" for a, b in spans]


def test_weekdays_open_on_weekdays() -> None:
    assert week(rule("FREQ=WEEKLY;BYDAY=MO,WE,FR")) == [
        "Mon 09:00-Mon 18:00",
        "Wed 09:00-Wed 18:00",
        "Fri 09:00-Fri 18:00",
    ]


@pytest.mark.parametrize(
    ("text", "openings"),
    [
        ("FREQ=DAILY", 7),
        ("FREQ=DAILY;INTERVAL=2", 4),
        ("FREQ=DAILY;COUNT=3", 3),
        ("FREQ=DAILY;UNTIL=20261124", 2),
        ("FREQ=WEEKLY", 1),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", 1),
    ],
)
def test_the_calendar_rule_is_followed(text: str, openings: int) -> None:
    assert len(week(rule(text))) == openings


def test_days_that_are_blacked_out_stay_closed() -> None:
    closed = (date(2026, 11, 23), date(2026, 11, 25))
    assert week(rule("FREQ=DAILY"), days=3, blackout=closed) == ["Tue 09:00-Tue 18:00"]


def test_nights_go_over_midnight_and_whole_days_join() -> None:
    night = rule("FREQ=DAILY", opens="20:00", lasts_min=12 * 60)
    assert week(night, days=2) == ["Mon 20:00-Tue 08:00", "Tue 20:00-Wed 00:00"]
    assert week(rule("FREQ=DAILY", opens="00:00", lasts_min=1440), days=3) == [
        "Mon 00:00-Thu 00:00"
    ]


def test_an_opening_that_began_days_before_is_still_open() -> None:
    trip = rule("FREQ=DAILY;COUNT=1", lasts_min=5 * 1440)
    at = datetime(2026, 11, 27, 12, tzinfo=SEOUL)
    assert trip.spans((at, at + timedelta(hours=1))) == [(at, at + timedelta(hours=1))]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_nine_to_six_is_nine_to_six_when_clocks_change(day: date) -> None:
    of = OpenRule(rule="FREQ=DAILY", first_on=day, opens="01:00", lasts_min=540, zone=BERLIN)
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    ((opens, closes),) = of.spans((start, start + timedelta(days=1)))
    assert opens.astimezone(BERLIN).hour == 1
    assert closes.astimezone(BERLIN).hour == 10


@pytest.mark.parametrize(
    "text",
    ["", "FREQ=YEARLY", "BYDAY=MO", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=3",
     "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=9999", "FREQ=DAILY;INTERVAL=0",
     "FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=DAILY\nEXDATE:1"],
)  # fmt: skip
def test_rules_beyond_the_supported_part_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"understood|once|either"):
        check_rule(text)


hours = st.integers(0, 72).map(lambda h: NOON + timedelta(hours=h))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(hours, hours), max_size=8))
def test_joined_spans_cover_the_same_hours_and_lie_apart(spans: list[Span]) -> None:
    whole = joined(spans)
    for n in range(73):
        at = NOON + timedelta(hours=n)
        assert any(a <= at < b for a, b in spans) == any(a <= at < b for a, b in whole)
    assert all(a[1] < b[0] for a, b in pairwise(whole))
