"""Deadlines against the table made by hand, and what must hold for any of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.complaints.core.working_time import (
    NeverDue,
    Office,
    Unit,
    after_minutes,
    due_at,
    share_at,
    statutory,
    working_minutes,
)
from tests.complaints.sla_cases import HOLIDAYS_2026
from tests.complaints.sla_reading import lines, mismatches, office

SEOUL = office("Asia/Seoul", HOLIDAYS_2026)
moments = st.datetimes(
    datetime(2026, 1, 2), datetime(2026, 12, 1), timezones=st.just(ZoneInfo("Asia/Seoul"))  # noqa: DTZ001
)  # fmt: skip


def test_every_line_of_the_table_holds() -> None:
    assert mismatches() == []


def test_the_table_is_long_enough() -> None:
    assert len({line.text for line in lines()}) >= 150


@given(moments, st.integers(1, 5000))
def test_minutes_counted_forward_are_the_minutes_between(start: datetime, minutes: int) -> None:
    due = after_minutes(start, minutes, SEOUL)
    assert working_minutes(start, due, SEOUL) == pytest.approx(minutes)


@given(moments, st.integers(1, 2000), st.integers(0, 5000), st.integers(1, 5000))
def test_a_pause_never_brings_a_deadline_nearer(
    start: datetime, minutes: int, after: int, long: int
) -> None:
    paused = start + timedelta(minutes=after)
    pause = [(paused, paused + timedelta(minutes=long))]
    for unit, amount in ((Unit.WORKING_MINUTES, minutes), (Unit.WORKING_DAYS, 1 + minutes // 480)):
        assert due_at(start, amount, unit, SEOUL, pause) >= due_at(start, amount, unit, SEOUL)


@given(moments, st.integers(1, 20))
def test_warnings_come_in_order_and_before_the_end(start: datetime, days: int) -> None:
    period = statutory(days)
    due = due_at(start, period.amount, period.unit, SEOUL)
    marks = [share_at(start, due, percent, SEOUL) for percent in (50, 80, 100)]
    assert marks == sorted(marks)
    assert marks[-1] == due


def test_a_city_without_working_days_says_so() -> None:
    never = Office(SEOUL.hours, lambda _day: False)
    with pytest.raises(NeverDue):
        due_at(datetime(2026, 1, 5, tzinfo=SEOUL.hours.zone), 1, Unit.WORKING_DAYS, never)


@pytest.mark.parametrize(
    ("days", "amount", "unit"),
    [(1, 480, Unit.WORKING_MINUTES), (5, 2400, Unit.WORKING_MINUTES), (6, 6, Unit.WORKING_DAYS)],
)
def test_up_to_five_days_count_in_hours(days: int, amount: int, unit: Unit) -> None:
    assert (statutory(days).amount, statutory(days).unit) == (amount, unit)
