"""Lights on the way: bound by position, waited for, never too short, silent when unknown."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.utils import translation

from apps.accounts.core.mobility import MobilityProfile, personal
from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import the_city
from apps.navigation.cache.serving import serving
from apps.navigation.core.codes import Kind, Signal
from apps.navigation.models import BoundSignal, GraphBuild, GuidanceSession, Route
from apps.navigation.selectors.telling import feature
from apps.navigation.selectors.walks import walk_of
from apps.navigation.services.guidance import (
    Position,
    open_session,
    signal_ahead,
    take_position,
)
from apps.navigation.services.routes import plan_routes
from apps.navigation.services.signals import bind_if_stale
from apps.traffic.models import Junction, JunctionState, SignalGroup
from apps.traffic.services.provisioning import provision_junction
from apps.traffic.services.rhythms import note_green
from apps.traffic.services.states import Heard, note_state, note_trouble
from citizen.asgi import application
from citizen.demo.signals.plans import plans_of
from tests.navigation.conftest import dalbit, place, serve_dalbit
from tests.navigation.walking import as_order, positions
from tests.support.asgi import Socket

FOOT = {"speed_mps": 1.3}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def lit(walkable: GraphBuild) -> GraphBuild:
    """Dalbit with its junctions bound."""
    the_city()
    for plan in plans_of(dalbit()):
        provision_junction(plan=plan)
    bind_if_stale()
    walkable.refresh_from_db()
    return walkable


def walker(**limits: Any) -> MobilityProfile:
    return personal("foot", limits)


def route_over_lights(profile: MobilityProfile) -> Route:
    stops = [place("station").lonlat, place("old_town_hall").lonlat]
    return plan_routes(profile=profile, stops=stops, alternatives=0)[0]


def lights_of(route: Route) -> list[SignalGroup]:
    return [SignalGroup.objects.get(pk=a.crossing.group) for a in walk_of(route).lights]


def show(group: SignalGroup, aspect: str, *, least_s: float | None = None, hand: Hand) -> None:
    end = clock.now() + timedelta(seconds=least_s) if least_s is not None else None
    row = {
        "group": group.number, "stream": "walkers", "aspect": aspect,
        "since_at": clock.now().isoformat(), "min_end_at": end and end.isoformat(),
        "max_end_at": end and end.isoformat(),
    }  # fmt: skip
    heard = Heard(at=clock.now(), health=JunctionState.Health.WELL, groups=[row])
    note_state(junction=group.junction, heard=heard)


def test_every_crossing_with_lights_has_its_head(lit: GraphBuild) -> None:
    graph = serving().terrain.graph
    s = graph.segments
    lit_segments = (s.kind == Kind.CROSSING) & ((s.signal & Signal.LIGHTS) > 0)
    bound = BoundSignal.objects.filter(build=lit)
    assert SignalGroup.objects.filter(stream="walkers").count() > 10
    assert set(bound.values_list("group", flat=True)) == set(
        SignalGroup.objects.filter(stream="walkers").values_list("pk", flat=True)
    )
    for row in bound:
        assert lit_segments[row.segment]


def test_binding_again_changes_nothing_until_a_head_moves(lit: GraphBuild) -> None:
    assert bind_if_stale() is None
    Junction.objects.first().delete()  # type: ignore[union-attr]
    assert bind_if_stale() is not None


def test_the_way_waits_for_the_green_man(lit: GraphBuild, hand: Hand) -> None:
    """Steady cycles of 60 s; whoever comes 5 s after a green man waits for the next."""
    route = route_over_lights(walker(**FOOT))
    ahead = walk_of(route).lights[0]
    group = lights_of(route)[0]
    before_s = float(walk_of(route).course.times_s[: ahead.first].sum())
    arrives_at = route.depart_at + timedelta(seconds=before_s)
    for number in range(30, -1, -1):
        note_green(
            junction=group.junction, number=group.number,
            at=arrives_at - timedelta(seconds=40 + 60 * number),
        )  # fmt: skip
    hand.move(timedelta(seconds=6))  # what is known of lights is read anew
    timed = plan_routes(
        profile=walker(**FOOT), stops=[tuple(s) for s in route.stops],
        depart_at=route.depart_at, alternatives=0,
    )[0]  # fmt: skip
    again = walk_of(timed)
    crossing = next(a for a in again.lights if a.crossing.group == group.pk)
    spent_s = float(again.course.times_s[crossing.first : crossing.last + 1].sum())
    assert spent_s == pytest.approx(20 + crossing.crossing.length_m / 1.3, abs=4)


def test_nobody_is_led_over_a_crossing_they_cannot_finish(lit: GraphBuild, hand: Hand) -> None:
    free = route_over_lights(walker(**FOOT))
    assert lights_of(free)
    SignalGroup.objects.filter(stream="walkers").update(min_green_s=1.0, clearance_s=3.0)
    hand.move(timedelta(seconds=6))
    led = route_over_lights(walker(**FOOT))
    assert not lights_of(led)
    told = feature(walk_of(led))["properties"]
    short = [b for b in told["explanation"]["blockers"] if b["code"] == "short_green"]
    assert short
    assert "4 s" in short[0]["say"]
    assert not told["hazards"]


@pytest.fixture
def before_lights(lit: GraphBuild, hand: Hand) -> tuple[GuidanceSession, SignalGroup]:
    """A person who stands ten metres before the first lights of their way."""
    route = route_over_lights(walker(**FOOT))
    session = open_session(route=route.code, person=None)
    walk = walk_of(route)
    begins_m = float(walk.course.begins_m[walk.lights[0].first])
    line = feature(walk)["geometry"]["coordinates"]
    for step in positions(line, every_m=5.0):
        take_position(code=session.code, position=step)
        session.refresh_from_db()
        if session.progress["state"]["along_m"] > begins_m - 12:
            break
    return session, lights_of(route)[0]


def test_it_counts_down_as_the_controller_admits(
    before_lights: tuple[GuidanceSession, SignalGroup], hand: Hand
) -> None:
    session, group = before_lights
    show(group, "green", least_s=7.0, hand=hand)
    (told,) = signal_ahead(code=session.code)
    assert (told["state"], told["can_finish"], told["least_s"]) == ("walk", True, 7.0)
    assert "7 seconds" in told["say"]
    hand.move(timedelta(seconds=1))
    (told,) = signal_ahead(code=session.code)
    assert told["least_s"] == 6.0
    show(group, "clearing", least_s=12.0, hand=hand)
    (told,) = signal_ahead(code=session.code)
    assert (told["state"], told["can_finish"]) == ("clearing", False)


def test_it_is_silent_when_nothing_was_heard_of_late(
    before_lights: tuple[GuidanceSession, SignalGroup], hand: Hand
) -> None:
    session, group = before_lights
    (told,) = signal_ahead(code=session.code)
    assert (told["state"], told["say"]) == ("unknown", "")
    show(group, "green", least_s=20.0, hand=hand)
    hand.move(timedelta(seconds=3.5))
    (told,) = signal_ahead(code=session.code)
    assert (told["state"], told["least_s"], told["say"]) == ("unknown", None, "")
    show(group, "green", least_s=20.0, hand=hand)
    note_trouble(junction=group.junction, health=JunctionState.Health.SENSELESS, trouble="jumps")
    (told,) = signal_ahead(code=session.code)
    assert told["state"] == "unknown"


def test_the_slow_are_told_to_wait_for_the_next(
    before_lights: tuple[GuidanceSession, SignalGroup], hand: Hand
) -> None:
    session, group = before_lights
    show(group, "green", least_s=0.2, hand=hand)
    SignalGroup.objects.filter(pk=group.pk).update(clearance_s=5.0, min_green_s=30.0)
    hand.move(timedelta(seconds=6))
    show(group, "green", least_s=0.2, hand=hand)
    (told,) = signal_ahead(code=session.code)
    assert (told["state"], told["can_finish"]) == ("walk", False)
    assert "Wait" in told["say"]


async def _told_at_lights(path: str, steps: list[Position]) -> list[dict[str, Any]]:
    socket = Socket(application, path)
    assert await socket.connect()
    told: list[dict[str, Any]] = []
    for step in steps:
        await socket.send(as_order(step))
        while True:
            message = await socket.receive()
            if message["type"] == "signal":
                told.append(message)
                break
            if message["type"] == "progress" and not told:
                break
        if len(told) == 3:
            break
    await socket.close()
    await sync_to_async(connections.close_all)()
    return told


def test_the_socket_says_it_once_and_counts_on(
    transactional_db: None, hand: Hand, graphs_folder: Any, settings: Any
) -> None:
    serve_dalbit(graphs_folder, settings)
    for plan in plans_of(dalbit()):
        provision_junction(plan=plan)
    bind_if_stale()
    route = route_over_lights(walker(**FOOT))
    session = open_session(route=route.code, person=None)
    show(lights_of(route)[0], "green", least_s=9.0, hand=hand)
    steps = list(positions(feature(walk_of(route))["geometry"]["coordinates"], every_m=4.0))
    told = asyncio.run(_told_at_lights(f"/ws/navigation/sessions/{session.code}/", steps))
    assert {message["state"] for message in told} == {"walk"}
    assert ["say" in message for message in told] == [True, False, False]
    assert "9초" in told[0]["say"]
