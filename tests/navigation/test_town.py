"""The demo town through the selectors: Sora's way, and what today's obstructions do to it."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString, Point

from apps.accounts.core.mobility import BASE_PROFILES
from apps.base import clock
from apps.base.clock import Hand
from apps.city.models import Obstruction
from apps.city.services.obstructions import Facts, close_reference, open_obstruction
from apps.navigation.models import GraphBuild
from apps.navigation.selectors.problems import (
    NothingNear,
    NoWayFound,
    OutsideCity,
    SwappedCoordinates,
)
from apps.navigation.selectors.routes import Routes, find_routes
from apps.navigation.selectors.travel import drive, travel_matrix
from tests.navigation.conftest import dalbit, place

SORA = BASE_PROFILES["wheelchair_manual"]
TOWN_LIFT = next(lift for lift in dalbit().lifts if lift.way_id is not None)


def sora_asks() -> Routes:
    return find_routes(profile=SORA, stops=[place("station").lonlat, place("old_town_hall").lonlat])


def uses_the_lift(found: Routes) -> bool:
    graph = found.served.terrain.graph
    return any(
        TOWN_LIFT.way_id in graph.rows["osm_id"][leg.way.segments].tolist()
        for leg in found.routes[0]
    )


def block(kind: str, geom: GEOSGeometry, **facts: object) -> Obstruction:
    return open_obstruction(
        source="test", reference=kind, actor="test", confirmed=True,
        facts=Facts(kind=kind, geom=geom, **facts),  # type: ignore[arg-type]
    )  # fmt: skip


def break_lift() -> Obstruction:
    return block("broken_lift", Point(TOWN_LIFT.lon, TOWN_LIFT.lat, srid=4326))


def test_sora_reads_why_the_shorter_way_is_closed(walkable: GraphBuild) -> None:
    why = sora_asks().routes[0][0].explanation
    told = {(b.code, b.value) for b in why.blockers}
    assert {("steps", 4.0), ("kerb_down", 9.0)} <= told
    assert why.detour_m > 50


def test_a_broken_lift_sends_her_by_the_ramp_and_mended_back_again(walkable: GraphBuild) -> None:
    assert uses_the_lift(sora_asks())
    break_lift()
    found = sora_asks()
    assert not uses_the_lift(found)
    assert found.routes[0][0].way.length_m > 1500
    close_reference(source="test", reference="broken_lift", actor="test")
    assert uses_the_lift(sora_asks())


def test_a_lift_that_fails_tonight_serves_this_morning(walkable: GraphBuild) -> None:
    block("broken_lift", Point(TOWN_LIFT.lon, TOWN_LIFT.lat, srid=4326),
          valid_from=clock.now() + timedelta(hours=5))  # fmt: skip
    stops = [place("station").lonlat, place("old_town_hall").lonlat]
    assert uses_the_lift(sora_asks())
    tonight = find_routes(profile=SORA, stops=stops, at=clock.now() + timedelta(hours=6))
    assert not uses_the_lift(tonight)


def test_what_has_ended_closes_nothing(walkable: GraphBuild, hand: Hand) -> None:
    block("broken_lift", Point(TOWN_LIFT.lon, TOWN_LIFT.lat, srid=4326),
          valid_to=clock.now() + timedelta(minutes=5))  # fmt: skip
    assert not uses_the_lift(sora_asks())
    hand.move(timedelta(minutes=6))
    assert uses_the_lift(sora_asks())


def test_a_doubtful_report_closes_nothing_and_is_told(walkable: GraphBuild) -> None:
    open_obstruction(
        source="citizen", reference="1", actor="test",
        facts=Facts(kind="broken_lift", geom=Point(TOWN_LIFT.lon, TOWN_LIFT.lat), certainty=0.3),
    )  # fmt: skip
    found = sora_asks()
    assert uses_the_lift(found)
    assert [o.kind for o in found.today.overlay.obstacles] == ["broken_lift"]


@pytest.mark.parametrize(
    ("lonlat", "problem", "at"),
    [
        ((2.35, 48.85), OutsideCity, "destination"),
        ((37.4337, 127.2550), SwappedCoordinates, "destination"),
        (None, NothingNear, "destination"),
    ],
)
def test_it_says_which_place_is_at_fault_and_what_to_try(
    walkable: GraphBuild,
    lonlat: tuple[float, float] | None,
    problem: type[Exception],
    at: str,
) -> None:
    lonlat = lonlat or _wilderness()
    with pytest.raises(problem) as raised:
        find_routes(profile=SORA, stops=[place("station").lonlat, lonlat])
    document = raised.value.document()  # type: ignore[attr-defined]
    assert document["at"] == at
    assert document["advice"]
    assert document["errors"][0]["field"] == at


def _wilderness() -> tuple[float, float]:
    """A point of the town's square without a path within a hundred metres."""
    town = dalbit()
    nodes = {n.id: n for n in town.nodes}
    used = np.array([(nodes[i].lon, nodes[i].lat) for w in town.ways if "highway" in w.tags
                     for i in w.node_ids])  # fmt: skip
    (west, south), (east, north) = town.south_west, town.north_east
    for lon in np.linspace(west, east, 40)[1:-1]:
        for lat in np.linspace(south, north, 40)[1:-1]:
            gap = np.hypot((used[:, 0] - lon) * 88_000, (used[:, 1] - lat) * 111_000)
            if gap.min() > 160:
                return float(lon), float(lat)
    raise AssertionError("Dalbit has no empty corner")


def test_without_a_way_it_names_the_smallest_relaxation(walkable: GraphBuild) -> None:
    stiff = replace(SORA, max_incline_up_pct=1.0, max_incline_down_pct=1.0)
    with pytest.raises(NoWayFound) as raised:
        find_routes(profile=stiff, stops=[place("station").lonlat, place("old_town_hall").lonlat])
    row = raised.value.document()["relaxations"][0]
    assert row["field"] == "max_incline_up_pct"
    assert row["needed"] > row["limit"] == 1.0
    assert row["say"]


def test_a_closed_street_costs_cars_time_at_once(walkable: GraphBuild) -> None:
    stops = [place("station").lonlat, place("city_hall").lonlat]
    before = drive(origin=stops[0], destination=stops[1])
    assert before is not None
    middle = before.line[len(before.line) // 2 - 1 : len(before.line) // 2 + 1]
    block("closure", LineString(*middle, srid=4326))
    after = travel_matrix(profile="car", origins=stops[:1], destinations=stops[1:])
    assert after.seconds[0, 0] > before.seconds
    block("broken_lift", Point(*middle[0], srid=4326))
    again = travel_matrix(profile="car", origins=stops[:1], destinations=stops[1:])
    assert again.seconds[0, 0] == after.seconds[0, 0]
