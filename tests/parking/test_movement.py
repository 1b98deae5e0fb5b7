"""The demo town's cars: who parks when, and what devices say of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.base import clock
from apps.base.clock import Hand
from citizen.demo.movement.devices import watchers_by_gateway
from citizen.demo.movement.stays import MARKET, STATION, STREET, Habit, is_taken, stays_of
from citizen.demo.movement.watchers import BaySensor, Counter, Gate, Mouth, Spaces
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from tests.parking.conftest import Town

SEOUL = ZoneInfo("Asia/Seoul")
NAMES = [f"s/{n}" for n in range(60)]
DAYS = st.dates(date(2016, 1, 1), date(2030, 1, 1))


@given(day_on=DAYS, habit=st.sampled_from([STATION, MARKET, STREET]), seed=st.integers(0, 99))
def test_stays_follow_one_another_within_their_day(day_on: date, habit: Habit, seed: int) -> None:
    stays = stays_of("a", day_on, habit, seed=seed)

    assert stays == stays_of("a", day_on, habit, seed=seed)
    edges = [edge for stay in stays for edge in (stay.from_s, stay.to_s)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= 86_400 for edge in edges)


@pytest.mark.parametrize("habit", [STATION, MARKET, STREET])
def test_many_spaces_come_near_the_profile(habit: Habit) -> None:
    day_on = date(2026, 11, 24)
    days = [stays_of(f"{n}", day_on, habit, seed=1) for n in range(1500)]

    for hour in (10, 13, 16):
        taken = sum(is_taken(stays, (hour - 4) * 3600) for stays in days) / len(days)
        assert taken == pytest.approx(habit.share(hour, weekend=False), abs=0.12)


def test_gates_differ_by_what_stands_inside_and_never_run_backwards() -> None:
    spaces = Spaces(NAMES, MARKET, 3)
    into, out = Gate("in", spaces, 30), Gate("out", spaces, 30, counts_out=True)
    inside = Counter("n", spaces, 30)
    at, before = datetime(2026, 11, 21, 18, 0, tzinfo=UTC), (0.0, 0.0)

    for _ in range(200):
        at += timedelta(minutes=11)
        (came,), (left,) = into.words(at, SEOUL), out.words(at, SEOUL)
        (stands,) = inside.words(at, SEOUL)
        assert came.result - left.result == stands.result
        assert came.result >= before[0]
        assert left.result >= before[1]
        before = (came.result, left.result)


def test_a_bay_speaks_when_it_changes_and_not_again() -> None:
    sensor = BaySensor("b", Spaces(["b"], STREET, 3), 600)
    mouth = Mouth([sensor])
    at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    said: list[tuple[datetime, float]] = []
    for _ in range(300):
        words = mouth.news(at, SEOUL)
        mouth.said(words)
        said += [(word.at, word.result) for word in words]
        assert mouth.news(at, SEOUL) == []
        at += timedelta(minutes=1)

    assert said == sorted(said)
    assert len({result for _, result in said}) == 2
    assert len(said) >= 30, "a sign of life every ten minutes at the least"


def test_what_the_devices_say_becomes_what_is_shown(town: Town, hand: Hand) -> None:
    watchers = watchers_by_gateway(["parking"], seed=9)["parking"]
    mouth = Mouth(watchers)
    for _ in range(5):
        hand.move(timedelta(minutes=2))
        words = mouth.news(clock.now(), SEOUL)
        receipt = accept(read_rows([word.as_row() for word in words]), known_as("parking"))
        mouth.said(words)
        assert not receipt.quarantined

    shown = [town.row(code) for code in ("garage", "lot", "street")]

    assert [row["quality"] for row in shown] == ["live"] * 3
    assert {pool["category"] for pool in shown[0]["pools"]} == {"general", "accessible"}


def test_a_simulator_that_starts_again_contradicts_nothing(town: Town) -> None:
    for _ in range(2):
        words = Mouth(watchers_by_gateway(["parking"], seed=9)["parking"]).news(clock.now(), SEOUL)
        receipt = accept(read_rows([word.as_row() for word in words]), known_as("parking"))

    assert receipt.duplicate == receipt.received == len(words)
