"""Being led: cues once each, hazards, another way before what closes this one, resuming."""

from typing import Any

import pytest
from django.contrib.gis.geos import Point

from apps.accounts.core.mobility import BASE_PROFILES
from apps.base.clock import Hand
from apps.base.problems import NotFound
from apps.city.services.obstructions import close_reference
from apps.navigation.models import GraphBuild, GuidanceSession, Route
from apps.navigation.selectors.walks import walk_of
from apps.navigation.services.guidance import (
    Position,
    look_ahead,
    missed_by,
    open_session,
    session_for,
    standing,
    take_position,
)
from apps.navigation.services.routes import plan_routes
from tests.navigation.conftest import place
from tests.navigation.test_town import TOWN_LIFT, block, break_lift
from tests.navigation.walking import positions
from tests.support.world import People

Message = dict[str, Any]


def soras_route() -> Route:
    stops = [place("station").lonlat, place("old_town_hall").lonlat]
    return plan_routes(profile=BASE_PROFILES["wheelchair_manual"], stops=stops, alternatives=0)[0]


def line_of(session: GuidanceSession) -> list[list[float]]:
    line: list[list[float]] = standing(session=session)["route"]["geometry"]["coordinates"]
    return line


def walk(session: GuidanceSession, steps: list[Position]) -> list[Message]:
    return [m for step in steps for m in take_position(code=session.code, position=step)]


def only(messages: list[Message], kind: str) -> list[Message]:
    return [message for message in messages if message["type"] == kind]


@pytest.fixture
def session(walkable: GraphBuild) -> GuidanceSession:
    return open_session(route=soras_route().code, person=None)


def test_she_is_led_to_the_door(session: GuidanceSession) -> None:
    told = walk(session, list(positions(line_of(session), every_m=5.0)))
    assert only(told, "arrived")
    assert not only(told, "reroute")
    ids = [cue["id"] for cue in only(told, "cue")]
    assert len(ids) == len(set(ids)) > 10
    remaining = [m["remaining_m"] for m in only(told, "progress")]
    assert remaining == sorted(remaining, reverse=True)
    session.refresh_from_db()
    assert session.state == GuidanceSession.State.ARRIVED


def test_kerbs_steps_and_crossings_are_told_before_they_come(session: GuidanceSession) -> None:
    course = walk_of(session.route).course
    told = walk(session, list(positions(line_of(session), every_m=1.0)))
    first_told = {int(c["id"][1:-1]): c["ahead_m"] for c in reversed(only(told, "cue"))}
    for number, event in enumerate(course.events):
        if event.kind in ("kerb", "steps", "crossing", "road") and event.at_m > 12:
            assert first_told[number] >= 8.5, event


def test_every_message_that_counts_has_a_number_one_greater(session: GuidanceSession) -> None:
    told = walk(session, list(positions(line_of(session))))
    numbers = [m["number"] for m in told if "number" in m]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_lift_that_fails_halfway_turns_her_before_she_reaches_it(
    session: GuidanceSession,
) -> None:
    steps = list(positions(line_of(session)))
    walk(session, steps[:30])
    break_lift()
    told = look_ahead(code=session.code)
    (turned,) = only(told, "reroute")
    assert turned["reason"] == "obstruction"
    assert turned["delta_m"] > 100
    assert "lift out of order" in turned["say"].lower() or "승강기" in turned["say"]
    session.refresh_from_db()
    graph = walk_of(session.route).served.terrain.graph
    ids = {int(graph.rows["osm_id"][s]) for s in walk_of(session.route).course.segments}
    assert TOWN_LIFT.way_id not in ids
    further = list(positions(line_of(session), seq=1000, at_s=1000.0))
    assert only(walk(session, further), "arrived")


def test_a_lost_hint_is_made_good_by_the_next_position(session: GuidanceSession) -> None:
    steps = list(positions(line_of(session)))
    walk(session, steps[:30])
    break_lift()
    assert only(walk(session, steps[30:31]), "reroute")


def test_what_lies_behind_her_turns_nobody(session: GuidanceSession) -> None:
    steps = list(positions(line_of(session)))
    walk(session, steps[:-3])
    break_lift()
    assert look_ahead(code=session.code) == []


def test_it_is_honest_where_there_is_no_other_way(walkable: GraphBuild) -> None:
    session = open_session(route=soras_route().code, person=None)
    walk(session, list(positions(line_of(session)))[:20])
    line = line_of(session)
    here = line[-1]
    block("closure", Point(here[0], here[1], srid=4326).buffer(0.0008))
    told = look_ahead(code=session.code)
    assert [m["type"] for m in told] == ["no_way"]
    assert told[0]["problem"]["type"].startswith("/problems/")
    assert look_ahead(code=session.code) == []
    close_reference(source="test", reference="closure", actor="test")
    assert look_ahead(code=session.code) == []


def test_a_narrow_place_that_closes_nothing_is_told_once(walkable: GraphBuild) -> None:
    session = open_session(route=soras_route().code, person=None)
    steps = list(positions(line_of(session)))
    block("road_works", Point(steps[25].lon, steps[25].lat, srid=4326), width_left_m=1.6)
    told = only(walk(session, steps[:40]), "hazard")
    assert [m["kind"] for m in told] == ["road_works"]
    assert told[0]["width_left_m"] == 1.6


def test_whoever_leaves_the_way_gets_another_from_there(session: GuidanceSession) -> None:
    steps = list(positions(line_of(session)))
    walk(session, steps[:12])
    away = [
        Position(seq=100 + n, lon=steps[12].lon + 0.0009, lat=steps[12].lat - 0.0006,
                 accuracy_m=4.0, at_s=200.0 + n)
        for n in range(4)
    ]  # fmt: skip
    told = walk(session, away)
    assert [m["reason"] for m in only(told, "reroute")] == ["off_course"]


def test_a_poor_position_is_said_once(session: GuidanceSession) -> None:
    start = line_of(session)[0]
    poor = [Position(seq=n, lon=start[0], lat=start[1], accuracy_m=80.0) for n in (1, 2, 3)]
    assert [m["type"] for m in walk(session, poor)] == ["uncertain"]


def test_a_position_that_came_before_is_ignored(session: GuidanceSession) -> None:
    first, second = list(positions(line_of(session)))[:2]
    walk(session, [second])
    assert take_position(code=session.code, position=first) == []
    assert take_position(code=session.code, position=second) == []


def test_after_a_drop_nothing_is_lost_and_nothing_told_twice(session: GuidanceSession) -> None:
    steps = list(positions(line_of(session)))
    told = walk(session, steps[:40])
    heard = [m["number"] for m in told if "number" in m]
    missed = missed_by(code=session.code, heard=heard[2])
    assert [m["number"] for m in missed] == heard[3:]
    session.refresh_from_db()
    first = standing(session=session)
    assert (first["number"], first["seq"]) == (heard[-1], steps[39].seq)
    further = [m["number"] for m in walk(session, steps[40:60]) if "number" in m]
    assert all(number > heard[-1] for number in further)


def test_a_session_is_its_persons_alone(walkable: GraphBuild, people: People) -> None:
    stops = [place("station").lonlat, place("city_hall").lonlat]
    route = plan_routes(profile=BASE_PROFILES["foot"], stops=stops, person=people.sora)[0]
    session = open_session(route=route.code, person=people.sora)
    assert session_for(session.code, people.sora) == session
    for other in (None, people.ben):
        with pytest.raises(NotFound):
            session_for(session.code, other)
        with pytest.raises(NotFound):
            open_session(route=route.code, person=other)


def test_no_track_is_kept(session: GuidanceSession, hand: Hand) -> None:
    walk(session, list(positions(line_of(session)))[:30])
    session.refresh_from_db()
    assert set(session.progress) <= {"state", "belief", "lonlat", "hazards", "no_way_past"}
