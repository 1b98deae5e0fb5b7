"""The city's clock: real, elsewhere, faster, standing."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.base import clock
from apps.base.clock import Clock, Hand, read_clock

REAL = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CITY = datetime(2016, 10, 4, 7, 30, tzinfo=UTC)


def test_it_is_real_time_unless_configured() -> None:
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)


def test_real_time_passes_second_by_second() -> None:
    assert clock.speed() == 1


def test_a_fast_clock_runs_ahead_from_where_it_starts() -> None:
    fast = Clock(real_at=REAL, city_at=CITY, speed=60)
    assert fast.at(REAL) == CITY
    assert fast.at(REAL + timedelta(seconds=10)) == CITY + timedelta(minutes=10)


def test_it_tells_how_long_to_really_wait() -> None:
    fast = Clock(real_at=REAL, city_at=CITY, speed=60)
    assert fast.real_seconds_until(CITY + timedelta(minutes=30), real=REAL) == 30
    assert fast.real_seconds_until(CITY - timedelta(minutes=30), real=REAL) == 0


def test_a_standing_clock_never_gets_there() -> None:
    standing = Clock(real_at=REAL, city_at=CITY, speed=0)
    assert standing.real_seconds_until(CITY + timedelta(seconds=1), real=REAL) == float("inf")


def test_its_written_form_reads_back() -> None:
    fast = Clock(real_at=REAL, city_at=CITY, speed=0.5)
    assert read_clock(fast.written()) == fast
    assert read_clock("") is None


@pytest.mark.parametrize(
    "text",
    ["noon", "2016-10-04T07:30/2026-11-22T03:00/60", f"{CITY.isoformat()}/{REAL.isoformat()}/-1"],
)
def test_it_refuses_what_is_no_clock(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_clock(text)


def test_a_stopped_clock_moves_only_by_hand(hand: Hand) -> None:
    start = clock.now()
    assert clock.now() == start
    hand.move(timedelta(minutes=5))
    assert clock.now() == start + timedelta(minutes=5)
    assert clock.speed() == 0
