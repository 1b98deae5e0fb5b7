"""What the town holds beside its map: places, stops, car parks, gauges, junctions, people."""

from collections import Counter

import numpy as np
import pytest

from citizen.demo.world.canvas import contains
from citizen.demo.world.parking import ParkingSite
from citizen.demo.world.plane import to_plane
from citizen.demo.world.town import Town

PROFILES = frozenset({
    "wheelchair_manual", "wheelchair_powered", "wheelchair_assisted", "walker_elderly",
    "pushchair", "blind_cane", "low_vision", "deaf", "foot",
})  # fmt: skip


def _site(town: Town, kind: str) -> ParkingSite:
    return next(site for site in town.sites if site.kind == kind)


def test_there_are_sixty_places_with_names_in_both_languages(town: Town) -> None:
    assert len(town.places) >= 60
    assert all(place.name_ko and place.name_en for place in town.places)
    assert len({place.code for place in town.places}) == len(town.places)
    kinds = Counter(place.kind for place in town.places)
    assert {"station", "school", "market", "clinic", "cafe", "hospital", "library"} <= set(kinds)


def test_korean_names_are_korean_and_english_ones_are_not(town: Town) -> None:
    named = _names(town)
    assert all(any("가" <= letter <= "힣" for letter in ko) for ko, _ in named)
    assert not [en for _, en in named if any("가" <= letter <= "힣" for letter in en)]


def _names(town: Town) -> list[tuple[str, str]]:
    return [
        *((place.name_ko, place.name_en) for place in town.places),
        *((stop.name_ko, stop.name_en) for stop in town.stops),
        *((district.name_ko, district.name_en) for district in town.districts),
        *((site.name_ko, site.name_en) for site in town.sites),
        *((gauge.name_ko, gauge.name_en) for gauge in town.gauges),
        *((junction.name_ko, junction.name_en) for junction in town.junctions),
    ]


def test_shelters_lie_out_of_the_rivers_reach(town: Town) -> None:
    shelters = [place for place in town.places if place.is_shelter]
    assert len(shelters) >= 6
    stage = next(g for g in town.gauges if g.code == "STAGE-DALBIT")
    assert stage.zero_m is not None
    serious_m = stage.zero_m + stage.levels.attention
    assert all(town.heights.at(place.lon, place.lat) > serious_m for place in shelters)


def test_buses_halt_on_both_sides_of_the_street(town: Town) -> None:
    buses = [stop for stop in town.stops if stop.kind == "bus"]
    assert len(buses) >= 25
    assert all(n == 2 for n in Counter(stop.name_ko for stop in buses).values())
    for first, second in zip(buses[::2], buses[1::2], strict=True):
        turn = abs(first.heading_deg - second.heading_deg)
        assert min(turn, 360 - turn) > 150


def test_the_on_demand_bus_has_stops_and_step_free_ones_among_them(town: Town) -> None:
    stops = [stop for stop in town.stops if stop.kind == "drt"]
    assert len(stops) >= 20
    assert 0 < sum(stop.is_step_free for stop in stops) < len(stops)


def test_every_bay_lies_within_its_site(town: Town) -> None:
    for site in town.sites:
        ring = [to_plane(*corner) for corner in site.ring[:-1]]
        for bay in site.bays:
            corners = np.array([to_plane(*corner) for corner in bay.ring[:-1]])
            pulled_in = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * 0.98
            assert contains(ring, pulled_in).all(), bay.code


def test_bays_do_not_overlap(town: Town) -> None:
    for site in town.sites:
        middles = np.array(
            [np.mean([to_plane(*c) for c in b.ring[:-1]], axis=0) for b in site.bays]
        )
        apart = np.hypot(*(middles[:, None] - middles[None]).transpose(2, 0, 1))
        assert (apart + 9 * np.eye(len(middles))).min() > 1.9


def test_the_four_car_parks_are_four_kinds(town: Town) -> None:
    assert {site.kind for site in town.sites} == {
        "garage", "camera_lot", "sensor_street", "residents",
    }  # fmt: skip
    assert len(_site(town, "camera_lot").bays) >= 40
    garage = _site(town, "garage")
    assert {access.kind for access in garage.access} == {"entrance", "exit", "pedestrian"}
    assert sum(level.capacity for level in garage.levels) == garage.capacity
    assert {bay.kind for site in town.sites for bay in site.bays} >= {"accessible", "ev"}


def test_pools_count_the_bays_that_are_drawn(town: Town) -> None:
    for site in town.sites:
        drawn = Counter(bay.kind for bay in site.bays)
        for pool in site.pools:
            if pool.category in drawn:
                assert pool.capacity == drawn[pool.category]
            assert 0 <= pool.reservable <= pool.capacity


@pytest.mark.parametrize(("kind", "count"), [("stage", 2), ("rain", 3), ("depth", 1)])
def test_the_gauges_are_there_with_rising_levels(town: Town, kind: str, count: int) -> None:
    gauges = [gauge for gauge in town.gauges if gauge.kind == kind]
    assert len(gauges) == count
    for gauge in gauges:
        levels = gauge.levels
        assert levels.attention < levels.warning < levels.alarm < levels.serious
        assert (gauge.zero_m is None) == (kind == "rain")


def test_upstream_gauges_exist(town: Town) -> None:
    codes = {gauge.code for gauge in town.gauges}
    assert all(set(gauge.upstream) <= codes for gauge in town.gauges)


def test_signalled_junctions_have_groups_for_cars_and_walkers(town: Town) -> None:
    crossings = {w.id for w in town.ways if w.tags.get("crossing") == "traffic_signals"}
    signals = {n.id for n in town.nodes if n.tags.get("highway") == "traffic_signals"}
    assert len(town.junctions) >= 4
    for junction in town.junctions:
        kinds = Counter(group.kind for group in junction.groups)
        assert kinds["vehicle"] >= 3
        assert kinds["pedestrian"] >= 2
        assert junction.node_id in signals
        walking = [group for group in junction.groups if group.kind == "pedestrian"]
        assert {group.crossing_way_id for group in walking} <= crossings
        assert all(group.min_green_s == 7 + (group.crossing_m or 0) for group in walking)


def test_every_thing_hangs_on_a_gateway_and_every_stream_on_a_thing(town: Town) -> None:
    gateways = {gateway.code for gateway in town.gateways}
    things = Counter(thing.code for thing in town.things)
    assert max(things.values()) == 1
    later = {"GW-ROAD"}  # its detectors lie in the links that traffic cuts from the streets
    assert {thing.gateway for thing in town.things} | later == gateways
    assert {stream.thing for stream in town.datastreams} == set(things)
    assert len({stream.code for stream in town.datastreams}) == len(town.datastreams)
    assert all(stream.expected_interval_s > 0 for stream in town.datastreams)


def test_every_thing_is_about_something_of_the_town(town: Town) -> None:
    codes = {gauge.code for gauge in town.gauges} | {lift.code for lift in town.lifts}
    codes |= {junction.code for junction in town.junctions} | {site.code for site in town.sites}
    codes |= {place.code for place in town.places}
    codes |= {bay.code for site in town.sites for bay in site.bays}
    codes |= {access.code for site in town.sites for access in site.access}
    assert {thing.about for thing in town.things} <= codes


def test_each_bay_of_the_sensor_street_and_the_camera_lot_is_watched(town: Town) -> None:
    sensors = {thing.about for thing in town.things if thing.kind == "kerb_sensor"}
    assert sensors == {bay.code for bay in _site(town, "sensor_street").bays}
    streams = {s.observed_property for s in town.datastreams if s.thing == "T-CAM-P-MARKET"}
    assert {f"bay_occupied:{bay.code}" for bay in _site(town, "camera_lot").bays} <= streams


@pytest.mark.parametrize(
    ("key", "profile", "role"),
    [("sora", "wheelchair_manual", "citizen"), ("minjun", "blind_cane", "citizen"),
     ("halmeoni", "walker_elderly", "citizen"), ("jiwoo", "pushchair", "citizen"),
     ("yuna", "foot", "citizen"), ("park", "foot", "officer"), ("lee", "foot", "officer"),
     ("choi", "deaf", "operator"), ("ben", "foot", "outsider")],
)  # fmt: skip
def test_the_named_people_are_who_they_are(town: Town, key: str, profile: str, role: str) -> None:
    person = next(person for person in town.people if person.key == key)
    assert (person.profile, person.role) == (profile, role)
    assert person.profile in PROFILES


def test_people_have_homes_and_only_reserved_addresses(town: Town) -> None:
    assert len({person.address_en for person in town.people}) == len(town.people)
    emails = [person.email for person in town.people if person.email]
    assert all(email.endswith("@dalbit.example") for email in emails)
    numbers = [person.phone for person in town.people]
    assert all(n.startswith(("+82 10-0000-", "+82 31-000-", "+44 7700 9001")) for n in numbers)


def test_halmeoni_kim_has_no_smartphone_but_a_daughter(town: Town) -> None:
    people = {person.key: person for person in town.people}
    assert not people["halmeoni"].has_smartphone
    assert people["halmeoni"].email is None
    assert people["yuna"].relative_of == "halmeoni"


def test_staff_belong_to_departments(town: Town) -> None:
    staff = [p for p in town.people if p.role in ("officer", "operator")]
    assert len(staff) == 3
    assert all(person.department for person in staff)
