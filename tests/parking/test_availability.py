"""From observations to what people are shown."""

import random
from datetime import timedelta
from typing import Any

import pytest

from apps.base import clock, live
from apps.base.clock import Hand
from apps.base.problems import Invalid
from apps.parking.models import PoolState
from apps.parking.services.availability import age_states
from apps.parking.services.provisioning import anchor_pool, retire_site
from devices.models import Datastream, LastObservation, Observation
from devices.services.health import judge_health
from tests.parking.conftest import Town


def test_a_count_of_free_spaces_is_shown_with_its_age(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12))
    hand.move(timedelta(seconds=30))

    row = town.row("lot")

    assert (row["free"], row["capacity"], row["quality"]) == (12, 40, "live")
    assert (row["state"], row["source"]) == ("free", "count")
    assert clock.now() - row["observed_at"] == timedelta(seconds=30)


def test_nothing_heard_is_no_number(town: Town) -> None:
    row = town.row("lot")

    assert (row["free"], row["quality"], row["state"]) == (None, "unknown", "unknown")


def test_a_number_past_its_time_is_not_shown_as_live(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12))
    hand.move(timedelta(seconds=181))

    row = town.row("lot")

    assert (row["free"], row["quality"], row["state"]) == (None, "stale", "unknown")


def test_ageing_is_told_once(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12), ("bay.0", 0))
    before = town.row("lot")["version"]
    hand.move(timedelta(seconds=181))

    assert (age_states(), age_states()) == (2, 0)
    assert town.row("lot")["version"] == before + 1


def test_a_late_count_changes_nothing(town: Town) -> None:
    town.say(("lot.free", 12))
    version = town.row("lot")["version"]

    town.say(("lot.free", 30, 45))

    assert (town.row("lot")["free"], town.row("lot")["version"]) == (12, version)


@pytest.mark.parametrize(
    ("said", "free", "flaw"),
    [(("lot.free", 8259), 40, "negative"), (("lot.taken", 44), 0, "over_capacity")],
)
def test_an_impossible_count_is_brought_into_bounds_and_flagged(
    town: Town, said: tuple[str, int], free: int, flaw: str
) -> None:
    town.say(said)

    row = town.row("lot")

    assert row["free"] == free
    assert row["pools"][0]["flaw"] == flaw


def test_gates_add_to_the_last_count(town: Town) -> None:
    town.say(("garage.in", 1000, 30), ("garage.out", 980, 30))
    anchor_pool(pool=town.pool("garage"), occupied=50)
    town.say(("garage.in", 1010, 20), ("garage.out", 983, 10))

    assert town.row("garage")["free"] == 100 - 57


def test_nobody_can_count_more_cars_than_spaces(town: Town) -> None:
    with pytest.raises(Invalid):
        anchor_pool(pool=town.pool("garage"), occupied=101)


def test_bays_add_up_and_an_unheard_bay_is_not_free(town: Town) -> None:
    town.say(("bay.0", 0), ("bay.1", 1))

    assert town.row("street")["free"] == 1


def test_a_pool_for_some_is_no_part_of_the_sites_own_number(town: Town) -> None:
    town.say(("garage.accessible", 3))
    row = town.row("garage")

    assert row["free"] is None, "nobody counts the general spaces yet"
    assert {pool["category"]: pool["free"] for pool in row["pools"]} == {
        "accessible": 3,
        "general": None,
    }


def test_one_batch_for_many_pools_asks_as_much_as_for_one(
    town: Town, django_assert_max_num_queries: Any
) -> None:
    town.say(("lot.free", 1, 60))
    with django_assert_max_num_queries(16):
        town.say(("lot.free", 2), ("bay.0", 0), ("garage.in", 5), ("garage.accessible", 1))


def test_any_order_and_any_repetition_ends_in_the_same_state(town: Town) -> None:
    words = [
        (name, value, ago)
        for ago in range(0, 100, 10)
        for name, value in (
            ("lot.free", ago % 40), ("garage.in", 500 - ago), ("garage.out", 300 - ago),
            ("bay.0", ago // 10 % 2), ("bay.1", 1), ("garage.accessible", ago % 5),
        )
    ]  # fmt: skip
    states = []
    for seed in range(4):
        PoolState.objects.update(occupied=None, observed_at=None)
        shuffled = random.Random(seed).sample(words * 2, 2 * len(words))
        for start in range(0, len(shuffled), 11):
            town.say(*shuffled[start : start + 11])
        states.append(list(PoolState.objects.order_by("pk").values_list("pk", "occupied", "flaw")))
        # The next round must say everything anew.
        Observation.objects.all().delete()
        LastObservation.objects.all().delete()

    assert states[0] == states[1] == states[2] == states[3]


def test_a_retired_site_leaves_the_topic(town: Town) -> None:
    horizon = live.snapshot("parking.sites:all").horizon
    retire_site(site=town.pool("lot").site)

    gone = [row for row in live.snapshot("parking.sites:all", since=horizon).rows if "gone" in row]

    assert [row["id"] for row in gone] == ["lot"]
    assert "lot" not in {row["id"] for row in live.snapshot("parking.sites:all").rows}


def test_a_stuck_sensor_is_out_of_the_count_until_it_moves(town: Town, hand: Hand) -> None:
    Datastream.objects.filter(code="bay.0").update(stuck_after_s=300)
    for _ in range(7):
        town.say(("bay.0", 0), ("bay.1", 0))
        hand.move(timedelta(seconds=60))
    assert town.row("street")["free"] == 2

    judge_health()
    assert town.row("street")["free"] == 1, "nobody knows whether bay 0 is free"

    town.say(("bay.0", 1))
    town.say(("bay.0", 0, -1))
    judge_health()
    assert town.row("street")["free"] == 2
