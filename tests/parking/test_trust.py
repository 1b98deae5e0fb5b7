"""Devices that exclude themselves and come back, gates set right, what staff decide for a while."""

import math
from datetime import timedelta

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import AuditEntry
from apps.base.problems import Invalid
from apps.parking.models import Exclusion, OccupancySample, Override, PoolFeed, PoolState
from apps.parking.services.anchoring import set_gates_right
from apps.parking.services.overrides import (
    close_expired,
    end_override,
    override_count,
    override_feed,
)
from apps.parking.services.provisioning import FeedPlan, anchor_pool, connect_feed
from apps.parking.services.reports import report_pool
from apps.parking.services.trust import judge_feeds
from devices.models import LastObservation
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.parking.conftest import Town


def feed(town: Town, stream: str) -> PoolFeed:
    return PoolFeed.objects.get(datastream__code=stream)


def usual(hours_ago: float) -> float:
    """Share taken: a day with its peak in the afternoon."""
    hour = (clock.now() - timedelta(hours=hours_ago) + timedelta(hours=9)).hour
    return 0.5 + 0.35 * math.cos((hour - 15) / 12 * math.pi)


def remember(town: Town) -> None:
    """Five weeks in which all was well."""
    pool, now = town.pool("lot"), clock.now().replace(minute=0, second=0, microsecond=0)
    OccupancySample.objects.bulk_create(
        OccupancySample(
            pool=pool,
            at=now - timedelta(minutes=15 * quarter),
            occupied=round(40 * usual(quarter / 4)) + quarter % 2,
            total=40,
        )
        for quarter in range(5 * 7 * 96)
    )


def live_through(town: Town, hand: Hand, *, flipped: bool, days: int = 2) -> None:
    for half_hour in range(days * 48):
        taken = round(40 * usual(0)) + half_hour % 2
        town.say(("lot.free", taken if flipped else 40 - taken))
        hand.move(timedelta(minutes=30))


def test_a_device_that_says_taken_for_free_is_found_and_left_out(town: Town, hand: Hand) -> None:
    remember(town)
    live_through(town, hand, flipped=True)
    town.say(("lot.free", round(40 * usual(0))))

    assert judge_feeds() == (1, 0)

    assert Exclusion.objects.get().reason == Exclusion.Reason.FLIPPED
    assert (town.row("lot")["free"], town.row("lot")["quality"]) == (None, "unknown")
    town.say(("lot.free", 5, -1))
    assert town.row("lot")["free"] is None


def test_a_sound_device_is_left_alone(town: Town, hand: Hand) -> None:
    remember(town)
    live_through(town, hand, flipped=False)
    town.say(("lot.free", 40 - round(40 * usual(0))))

    assert judge_feeds() == (0, 0)


def test_a_silent_device_is_on_the_list_and_back_with_its_next_word(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12), ("bay.0", 0))
    hand.move(timedelta(days=21))
    town.say(("bay.0", 1))

    assert judge_feeds() == (1, 0)
    assert Exclusion.objects.open().get().feed == feed(town, "lot.free")

    town.say(("lot.free", 13))
    assert judge_feeds() == (0, 1)
    assert town.row("lot")["free"] == 13


def test_a_bay_that_stands_still_for_weeks_is_out_of_the_count(town: Town, hand: Hand) -> None:
    town.say(("bay.0", 0), ("bay.1", 0), ("bay.2", 1))
    hand.move(timedelta(days=40))
    town.say(("bay.0", 0), ("bay.1", 1), ("bay.2", 0))
    town.say(("bay.1", 0, -1), ("bay.2", 1, -1))
    assert town.row("street")["free"] == 2

    assert judge_feeds() == (1, 0)

    assert Exclusion.objects.get().reason == Exclusion.Reason.STUCK
    assert town.row("street")["free"] == 1, "nobody knows whether bay 0 is free"


def test_a_device_must_prove_itself_before_it_is_back(town: Town, hand: Hand) -> None:
    test_a_bay_that_stands_still_for_weeks_is_out_of_the_count(town, hand)
    town.say(("bay.0", 1, -2))

    rounds = [judge_feeds()[1] for _ in range(3)]

    assert rounds == [0, 0, 1]
    town.say(("bay.0", 0, -3))
    assert town.row("street")["free"] == 2


def test_staff_may_believe_a_device_that_excluded_itself(town: Town, hand: Hand) -> None:
    test_a_bay_that_stands_still_for_weeks_is_out_of_the_count(town, hand)

    override_feed(
        feed=feed(town, "bay.0"), believe=True, reason="I stood there", actor="staff:park",
        expires_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip

    assert town.row("street")["free"] == 2


def test_two_that_contradict_each_other_lose_trust(town: Town, hand: Hand) -> None:
    for _ in range(12):
        town.say(("lot.free", 30), ("lot.taken", 30))
        hand.move(timedelta(minutes=30))
    judge_feeds()

    assert feed(town, "lot.free").trust == pytest.approx(0.9)
    assert PoolFeed.objects.exclude(pool__site__code="lot").filter(trust__lt=1).count() == 0


def test_citizens_bend_the_number(town: Town) -> None:
    town.say(("lot.free", 12))
    before = town.row("lot")
    for who in range(6):
        report_pool(pool=town.pool("lot"), says="full", reporter=f"somebody {who}")

    row = town.row("lot")
    assert row["free"] < before["free"]
    assert row["source"] == "fused"
    assert row["confidence"] < before["confidence"]


# ---------------------------------------------------------------- gates


def test_gates_below_nothing_start_from_nothing(town: Town) -> None:
    town.say(("garage.in", 1000, 30), ("garage.out", 1000, 30))
    anchor_pool(pool=town.pool("garage"), occupied=5)
    town.say(("garage.out", 1012, 10), ("garage.in", 1000, 10))

    assert set_gates_right() == 1
    assert set_gates_right() == 0
    town.say(("garage.in", 1004))
    assert PoolState.objects.get(pool=town.pool("garage")).occupied == 4


def test_gates_are_set_right_by_whoever_counts(town: Town) -> None:
    plan = DatastreamPlan(
        code="garage.count", observed_property="parking_occupied", expected_interval_s=60
    )
    thing = ThingPlan(code="counter", names={"en": "Counter"}, datastreams=(plan,))
    provision_thing(gateway=town.gateway, plan=thing)
    connect_feed(
        FeedPlan(gateway="parking", datastream="garage.count", site="garage", role="occupied")
    )
    town.say(("garage.in", 1000, 30), ("garage.out", 940, 30))
    anchor_pool(pool=town.pool("garage"), occupied=40)
    town.say(("garage.in", 1200, 10), ("garage.out", 1130, 10), ("garage.count", 80))

    assert set_gates_right() == 1

    state = PoolState.objects.get(pool=town.pool("garage"))
    assert (state.anchor_occupied, state.occupied, state.source) == (80, 80, "fused")
    assert state.gate_error > 0.002, "thirty cars off in four hundred"


# ---------------------------------------------------------------- what staff decide


def override(town: Town, occupied: int = 31, hours: float = 2) -> Override:
    return override_count(
        pool=town.pool("lot"), occupied=occupied, reason="Fair on the square", actor="staff:park",
        expires_at=clock.now() + timedelta(hours=hours),
    )  # fmt: skip


def test_what_staff_count_holds_until_it_runs_out(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12))
    override(town)
    town.say(("lot.free", 14, -1))

    row = town.row("lot")
    assert (row["free"], row["source"], row["quality"]) == (9, "staff", "live")

    hand.move(timedelta(hours=2))
    town.say(("lot.free", 15))
    assert close_expired() == 1
    assert (town.row("lot")["free"], town.row("lot")["source"]) == (15, "count")
    assert close_expired() == 0


def test_the_newest_override_holds_and_ends_when_told(town: Town, hand: Hand) -> None:
    town.say(("lot.free", 12))
    override(town, 31)
    hand.move(timedelta(seconds=1))
    newest = override(town, 20)
    assert town.row("lot")["free"] == 20

    end_override(override=newest, actor="staff:park")
    end_override(override=newest, actor="staff:park")
    assert town.row("lot")["free"] == 12
    assert AuditEntry.objects.filter(action__startswith="parking.override").count() == 3


@pytest.mark.parametrize(("occupied", "hours"), [(41, 1), (-1, 1), (3, 0), (3, 24 * 31)])
def test_an_override_that_makes_no_sense_is_refused(
    town: Town, occupied: int, hours: float
) -> None:
    with pytest.raises(Invalid):
        override(town, occupied, hours)


def test_a_device_left_out_by_staff_has_no_say(town: Town) -> None:
    town.say(("lot.free", 12), ("lot.taken", 10))
    override_feed(
        feed=feed(town, "lot.taken"), believe=False, reason="Under repair", actor="staff:park",
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip

    assert (town.row("lot")["free"], town.row("lot")["source"]) == (12, "count")
    assert LastObservation.objects.filter(datastream__code="lot.taken").exists()
