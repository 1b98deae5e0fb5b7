"""Who is ill: silent, stuck, flapping, ahead of time; and who is well again."""

from collections.abc import Collection
from datetime import timedelta

import pytest

from apps.base.clock import Hand
from devices.events import health_listeners
from devices.models import Alarm
from devices.services.health import judge_health
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.devices.conftest import Post, row
from tests.support.registries import registered

told: list[list[int]] = []


def listen(datastream_ids: Collection[int]) -> None:
    told.append(list(datastream_ids))


@pytest.fixture
def many(post: Post) -> Post:
    """Three more datastreams, told each minute."""
    streams = tuple(
        DatastreamPlan(code=f"s{n}", observed_property="test_level", expected_interval_s=60)
        for n in range(3)
    )
    plan = ThingPlan(code="more", names={"en": "More"}, datastreams=streams)
    provision_thing(gateway=post.gateway, plan=plan)
    return post


def present() -> list[tuple[str, str | None]]:
    return sorted(
        Alarm.objects.open().values_list("kind", "datastream__code"), key=lambda pair: str(pair)
    )


def say(post: Post, *codes: str) -> None:
    post.send(*(row(1, of=code) for code in codes))


def test_one_that_falls_silent_is_noticed_before_its_second_word_is_missed(
    many: Post, hand: Hand
) -> None:
    say(many, "s0", "s1", "s2")
    hand.move(timedelta(seconds=60))
    say(many, "s0", "s1")

    hand.move(timedelta(seconds=29))
    assert judge_health() == (0, 0)
    hand.move(timedelta(seconds=2))
    assert judge_health() == (1, 0)
    assert present() == [("silent", "s2")]
    assert judge_health() == (0, 0), "one alarm is enough"

    say(many, "s2")
    assert judge_health() == (0, 1)
    assert present() == []


def test_a_dead_gateway_is_one_alarm(many: Post, hand: Hand) -> None:
    say(many, "s0", "s1", "s2")
    hand.move(timedelta(seconds=80))
    say(many, "s0")
    hand.move(timedelta(seconds=20))
    judge_health()
    assert present() == [("silent", "s1"), ("silent", "s2")]

    hand.move(timedelta(seconds=80))
    judge_health()
    assert present() == [("silent", None)]

    say(many, "s0", "s1")
    judge_health()
    assert present() == [("silent", "s2")]


def test_one_never_heard_is_not_called_silent(many: Post, hand: Hand) -> None:
    hand.move(timedelta(days=1))

    assert judge_health() == (0, 0)


def test_one_that_stands_still_too_long_is_stuck(many: Post, hand: Hand) -> None:
    stream = many.stream("s0")
    stream.stuck_after_s = 300
    stream.save(update_fields=["stuck_after_s"])
    for _ in range(7):
        say(many, "s0", "s1")
        hand.move(timedelta(seconds=60))
    judge_health()
    assert present() == [("stuck", "s0")]

    many.send(row(2, of="s0"))
    judge_health()
    assert present() == []


def test_one_that_changes_too_often_is_flapping(post: Post, hand: Hand) -> None:
    for n in range(25):
        post.send(row(n % 2, of="lamp.on"))
        hand.move(timedelta(seconds=20))
    judge_health()
    assert present() == [("flapping", "lamp.on")]

    hand.move(timedelta(hours=2))
    judge_health()
    assert present() == []


def test_a_clock_that_runs_ahead_is_the_gateways_fault(post: Post) -> None:
    post.send(*(row(1, ago_s=-200 - n) for n in range(3)))

    judge_health()

    assert present() == [("clock", None)]


def test_whoever_depends_on_a_datastream_is_told(many: Post, hand: Hand) -> None:
    told.clear()
    with registered(health_listeners, "test", f"{__name__}.listen"):
        say(many, "s0", "s1")
        hand.move(timedelta(seconds=60))
        say(many, "s1")
        hand.move(timedelta(seconds=31))
        judge_health()
        judge_health()
        say(many, "s0")
        judge_health()

    assert told == [[many.stream("s0").pk]] * 2


def test_a_stopped_gateway_is_missed_by_nobody(many: Post, hand: Hand) -> None:
    say(many, "s0", "s1")
    many.gateway.active = False
    many.gateway.save(update_fields=["active"])
    hand.move(timedelta(hours=1))

    assert judge_health() == (0, 0)
