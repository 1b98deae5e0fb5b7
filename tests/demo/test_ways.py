"""Walking through Dalbit: everything can be reached, and the three ways up to the old town hall."""

from collections import Counter
from itertools import pairwise

import pytest

from apps.city.core.osm import Way
from citizen.demo.world.lines import gap
from citizen.demo.world.town import Town
from tests.demo.walking import WALKABLE, Route, WalkingMap, is_walkway


def _door(town: Town, code: str) -> int:
    return next(place.node_id for place in town.places if place.code == code)


def _town_lift(town: Town) -> int:
    way_id = next(lift.way_id for lift in town.lifts if lift.code == "LIFT-DALOREUM")
    assert way_id is not None
    return way_id


def _uses(route: Route, way_id: int) -> bool:
    return any(way.id == way_id for way in route.ways)


def _found(route: Route | None) -> Route:
    assert route is not None
    return route


@pytest.fixture
def direct(town: Town, walking: WalkingMap) -> Route:
    return _found(walking.route(_door(town, "station"), _door(town, "old_town_hall")))


@pytest.fixture
def by_lift(town: Town, walking: WalkingMap) -> Route:
    ends = _door(town, "station"), _door(town, "old_town_hall")
    return _found(walking.route(*ends, wheelchair=True))


def test_every_place_stop_and_home_can_be_walked_to_from_the_station(
    town: Town, walking: WalkingMap
) -> None:
    reached = walking.reachable(_door(town, "station"))
    doors = {place.node_id for place in town.places} | {stop.node_id for stop in town.stops}
    doors |= {person.node_id for person in town.people} | {lift.node_id for lift in town.lifts}
    doors |= {access.node_id for site in town.sites for access in site.access}
    assert doors <= reached


def test_the_walking_network_has_no_islands(town: Town, walking: WalkingMap) -> None:
    assert len(walking.reachable(_door(town, "station"))) == len(walking.steps)


def test_the_direct_way_is_closed_to_a_wheelchair_by_four_steps_and_a_kerb(
    walking: WalkingMap, direct: Route
) -> None:
    assert walking.barriers_on(direct) == {"steps=4", "kerb=0.09"}


def test_soras_way_is_longer_holds_and_goes_by_the_public_lift(
    town: Town, walking: WalkingMap, direct: Route, by_lift: Route
) -> None:
    assert by_lift.length_m > direct.length_m + 40
    assert walking.barriers_on(by_lift) == set()
    assert _uses(by_lift, _town_lift(town))


def test_soras_way_is_gentle_by_the_heights_too(
    town: Town, walking: WalkingMap, by_lift: Route
) -> None:
    on_ground = [
        (a, b)
        for (a, b), way in zip(pairwise(by_lift.nodes), by_lift.ways, strict=True)
        if "bridge" not in way.tags and way.tags["highway"] != "elevator"
    ]
    for a, b in on_ground:
        run_m = gap(walking.points[a], walking.points[b])
        rise_m = town.heights.at_point(walking.points[b]) - town.heights.at_point(walking.points[a])
        assert run_m < 6 or 100 * rise_m / run_m <= 8.3


def test_when_the_lift_fails_the_long_ramp_remains(
    town: Town, walking: WalkingMap, by_lift: Route
) -> None:
    ends = _door(town, "station"), _door(town, "old_town_hall")
    ramp = _found(walking.route(*ends, wheelchair=True, closed=[_town_lift(town)]))
    assert ramp.length_m > by_lift.length_m + 200
    assert any(way.tags.get("name") == "성벽길" for way in ramp.ways)


def test_the_platform_is_left_by_lift_or_stairs(town: Town, walking: WalkingMap) -> None:
    lift = next(lift for lift in town.lifts if lift.code == "LIFT-ST-P")
    platform = next(
        way for way in town.ways if lift.node_id in way.node_ids and way.tags.get("level") == "0"
    )
    ends = platform.node_ids[0], _door(town, "station")
    assert walking.route(*ends, wheelchair=True) is not None
    assert walking.route(*ends, wheelchair=True, closed=[lift.node_id]) is None
    assert walking.route(*ends, closed=[lift.node_id]) is not None


def test_a_wheelchair_reaches_most_places(town: Town, walking: WalkingMap) -> None:
    start = _door(town, "station")
    codes = {p.code for p in town.places if walking.route(start, p.node_id, wheelchair=True)}
    assert {"hospital", "city_hall", "library", "welfare_centre", "market"} <= codes
    assert len(codes) < len(town.places), "a town without any barrier tests nothing"


def test_nobody_needs_the_middle_of_a_wide_road(town: Town) -> None:
    wide = [w for w in town.ways if w.tags.get("highway") in ("primary", "secondary")]
    assert wide
    assert {way.tags.get("sidewalk") for way in wide} == {"separate"}


def test_some_roads_carry_their_pavements_as_tags(town: Town) -> None:
    found = {way.tags.get("sidewalk") for way in town.ways if "highway" in way.tags}
    assert {"both", "left", "right", "separate", "no"} <= found


def test_kerbs_of_every_kind_stand_at_crossings_and_some_are_unknown(
    town: Town, walking: WalkingMap
) -> None:
    kinds = Counter(node.tags["kerb"] for node in town.nodes if node.tags.get("barrier") == "kerb")
    assert set(kinds) == {"flush", "lowered", "raised", "rolled"}
    assert min(kinds.values()) >= 5
    bare = [w for w in _crossings(town) if not any("kerb" in walking.tags[i] for i in w.node_ids)]
    assert 0 < len(bare) < 0.3 * len(_crossings(town))


def _crossings(town: Town) -> list[Way]:
    return [way for way in town.ways if way.tags.get("footway") == "crossing"]


def test_every_crossing_shares_its_node_with_the_road_it_crosses(
    town: Town, walking: WalkingMap
) -> None:
    roads = {
        node_id
        for way in town.ways
        if way.tags.get("highway") in WALKABLE and "footway" not in way.tags
        for node_id in way.node_ids
    }
    for way in _crossings(town):
        middle = [i for i in way.node_ids if walking.tags[i].get("highway") == "crossing"]
        assert len(middle) == 1
        assert middle[0] in roads


def test_signalled_crossings_say_what_a_blind_person_finds(town: Town) -> None:
    nodes = [n for n in town.nodes if n.tags.get("crossing") == "traffic_signals"]
    sounds = Counter(n.tags.get("traffic_signals:sound") for n in nodes)
    assert len(nodes) >= 40
    assert min(sounds["yes"], sounds["no"]) >= 5
    assert any(n.tags.get("traffic_signals:vibration") == "yes" for n in nodes)


def test_the_old_quarter_climbs_by_long_stairs_too(town: Town) -> None:
    flights = [w for w in town.ways if w.tags.get("highway") == "steps" and "name" in w.tags]
    counts = {w.tags["name"]: int(w.tags["step_count"]) for w in flights}
    assert counts["별계단"] > 40
    assert counts["향교계단"] > 40
    assert all(w.tags["incline"] in ("up", "down") for w in flights)


@pytest.mark.parametrize("key", ["surface", "smoothness", "width", "lit"])
def test_some_attributes_are_honestly_unknown(town: Town, key: str) -> None:
    ways = [w for w in town.ways if is_walkway(w) and w.tags.get("footway") != "link"]
    known = sum(key in way.tags for way in ways) / len(ways)
    assert 0.15 < known < 0.97


def test_one_way_streets_and_speeds_are_for_cars(town: Town) -> None:
    assert any(way.tags.get("oneway") == "yes" for way in town.ways)
    speeds = {way.tags["maxspeed"] for way in town.ways if "maxspeed" in way.tags}
    assert {"20", "30", "40", "50"} <= speeds


def test_drivers_get_from_every_road_to_every_other(town: Town) -> None:
    links: dict[int, set[int]] = {}
    for way in town.ways:
        if "maxspeed" in way.tags:
            for a, b in pairwise(way.node_ids):
                links.setdefault(a, set()).add(b)
                links.setdefault(b, set()).add(a)
    todo = [next(iter(links))]
    seen = set(todo)
    while todo:
        fresh = links[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    assert len(seen) == len(links)
