"""Whole answers on small maps: ways, alternatives, stops, explanations, relaxations, obstacles."""

from typing import Any

import numpy as np
import pytest

from apps.accounts.core.mobility import BASE_PROFILES, personal
from apps.navigation.core.certainty import certainty_of
from apps.navigation.core.overlay import (
    CLEAR,
    Obstacle,
    Overlay,
    segments_in_polygon,
    segments_near_line,
    segments_of_feature,
)
from apps.navigation.core.polygons import contains, walls_of
from apps.navigation.core.sentences import NO_CONNECTION, possibility, reason, render, sentence
from apps.navigation.core.snapping import spots_near
from apps.navigation.core.terrain import Terrain
from tests.navigation.drawing import (
    FOOT,
    FOOTWAY,
    MANUAL,
    at,
    node,
    planned,
    spot_at,
    terrain_of,
    way,
    ways_used,
)

STEPS = {"highway": "steps", "step_count": "4", "name": "Church Stairs", "check_date": "2026-03-14"}


def english(text: str) -> str:
    return text


def hill(**steps: str) -> Terrain:
    """From 1 to 2 either by steps (way 10, 100 m) or around (way 11, 300 m); tails on both ends."""
    return terrain_of(
        node(1, 0, 0),
        node(2, 100, 0),
        node(3, 0, 100),
        node(4, 100, 100),
        node(5, -2100, 0),
        node(6, 200, 0),
        way(10, (1, 2), {**STEPS, **steps}),
        way(11, (1, 3, 4, 2)),
        way(12, (5, 1)),
        way(13, (2, 6)),
    )


START, END = (-50, 0), (150, 0)


def test_a_walker_takes_the_steps_and_a_wheelchair_goes_round() -> None:
    terrain = hill()
    assert ways_used(terrain, planned(terrain, FOOT, START, END)) == [12, 10, 13]
    assert ways_used(terrain, planned(terrain, MANUAL, START, END)) == [12, 11, 13]


def test_it_explains_why_the_shorter_way_is_closed() -> None:
    explanation = planned(hill(), MANUAL, START, END).legs[0].explanation
    [blocker] = explanation.blockers
    assert (blocker.code, blocker.feature, blocker.key) == ("steps", "way/10", "step_count")
    assert (blocker.value, blocker.limit, blocker.field) == (4.0, 0.0, "max_steps")
    assert (blocker.source, blocker.checked_on) == ("osm", 20260314)
    assert blocker.saves_m == pytest.approx(200, abs=1)
    assert explanation.detour_m == pytest.approx(200, abs=1)


def test_undated_tags_carry_the_date_of_the_data() -> None:
    [blocker] = planned(hill(check_date=""), MANUAL, START, END).legs[0].explanation.blockers
    assert blocker.checked_on == 20260308


def test_it_says_so_in_a_sentence() -> None:
    [blocker] = planned(hill(), MANUAL, START, END).legs[0].explanation.blockers
    assert render(sentence(blocker), english) == (
        "Not via Church Stairs: 4 steps without a ramp (OpenStreetMap, 2026-03-14). "
        "It would save 200 m."
    )


def test_a_walker_has_nothing_to_be_explained() -> None:
    explanation = planned(hill(), FOOT, START, END).legs[0].explanation
    assert explanation.blockers == ()
    assert explanation.detour_m == 0


def test_a_blocker_behind_another_saves_nothing_alone() -> None:
    terrain = terrain_of(
        node(1, 0, 0),
        node(2, 50, 0),
        node(3, 100, 0),
        node(4, 0, 80),
        node(5, 100, 80),
        node(6, -2100, 0),
        node(7, 200, 0),
        way(10, (1, 2), {**FOOTWAY, "width": "0.6"}),
        way(11, (2, 3), {"highway": "steps"}),
        way(12, (1, 4, 5, 3)),
        way(13, (6, 1)),
        way(14, (3, 7)),
    )
    blockers = planned(terrain, MANUAL, START, END).legs[0].explanation.blockers
    assert [b.code for b in blockers] == ["width", "steps"]
    assert [b.saves_m for b in blockers] == [0, 0]


def only_way(tags: dict[str, str]) -> Terrain:
    return terrain_of(
        node(1, 0, 0),
        node(2, 100, 0),
        node(5, -2100, 0),
        node(6, 2200, 0),
        way(10, (1, 2), tags),
        way(12, (5, 1)),
        way(13, (2, 6)),
    )


@pytest.mark.parametrize(
    ("tags", "field", "needed", "words"),
    [
        ({"highway": "steps", "step_count": "3"}, "max_steps", 3.0, "3 steps without a ramp"),
        ({"highway": "steps", "step_count": "1"}, "max_steps", 1.0, "a step without a ramp"),
        ({"highway": "steps"}, "max_steps", None, "steps without a ramp"),
        (
            {**FOOTWAY, "width": "0.7"},
            "min_width_m",
            pytest.approx(0.7),
            "only 0.7 m wide, and you need 0.9 m",
        ),
        (
            {**FOOTWAY, "incline": "15%"},
            "max_incline_up_pct",
            15.0,
            "15 % uphill, steeper than your 8.3 %",
        ),
        (
            {**FOOTWAY, "incline": "-15%"},
            "max_incline_down_pct",
            15.0,
            "15 % downhill, steeper than your 10 %",
        ),
        ({**FOOTWAY, "smoothness": "bad"}, "worst_smoothness", "bad", "a rough surface"),
        (
            {**FOOTWAY, "wheelchair": "no"},
            "",
            "no",
            "marked as not passable in a wheelchair",
        ),
    ],
)
def test_without_a_way_it_names_the_smallest_relaxation(
    tags: dict[str, str], field: str, needed: Any, words: str
) -> None:
    answer = planned(only_way(tags), MANUAL, START, END)
    assert answer.legs == ()
    assert answer.no_way is not None
    [relaxation] = answer.no_way.relaxations
    assert (relaxation.field, relaxation.needed) == (field, needed)
    assert render(reason(relaxation.blockers[0]), english) == words
    assert words in render(possibility(relaxation), english)


def test_the_relaxation_named_opens_the_way() -> None:
    terrain = only_way({"highway": "steps", "step_count": "3"})
    willing = personal("wheelchair_manual", {"max_steps": 3})
    assert planned(terrain, willing, START, END).legs


def test_of_two_kerbs_the_higher_must_be_accepted() -> None:
    terrain = terrain_of(
        node(1, 0, 0),
        node(2, 30, 0, {"kerb": "yes", "kerb:height": "8 cm"}),
        node(3, 60, 0, {"kerb": "yes", "kerb:height": "14 cm"}),
        node(4, 100, 0),
        node(5, -2100, 0),
        way(10, (5, 1, 2, 3, 4)),
    )
    answer = planned(terrain, MANUAL, (-50, 0), (95, 0))
    assert answer.no_way is not None
    needed = {r.field: r.needed for r in answer.no_way.relaxations}
    assert needed == {"max_kerb_up_cm": 14.0, "max_kerb_down_cm": 14.0}


def test_places_that_are_not_connected_have_no_relaxation() -> None:
    terrain = terrain_of(
        node(1, 0, 0),
        node(2, 2500, 0),
        node(3, 0, 500),
        node(4, 2500, 500),
        way(10, (1, 2)),
        way(11, (3, 4)),
    )
    answer = planned(terrain, FOOT, (100, 0), (100, 500))
    assert answer.no_way is not None
    assert answer.no_way.length_m is None
    assert answer.no_way.relaxations == ()
    assert "not connected" in render(NO_CONNECTION, english)


@pytest.mark.parametrize(
    ("place", "code"),
    [((0, 900), "nothing_near"), ((150, 300), "island"), ((300, 0), "not_passable")],
)
def test_a_stop_that_cannot_be_used_is_named_with_its_reason(
    place: tuple[float, float], code: str
) -> None:
    terrain = terrain_of(
        node(1, -2100, 0),
        node(2, 200, 0),
        node(3, 100, 300),
        node(4, 200, 300),
        node(5, 400, 0),
        way(10, (1, 2)),
        way(11, (3, 4)),
        way(12, (2, 5), {"highway": "steps"}),
    )
    answer = planned(terrain, MANUAL, (0, 0), place)
    [bad] = answer.bad_stops
    assert (bad.index, bad.why.code) == (1, code)


def test_a_way_needs_two_stops() -> None:
    with pytest.raises(ValueError, match="two stops"):
        planned(hill(), FOOT, START)


def test_via_points_are_passed_in_order() -> None:
    terrain = hill()
    answer = planned(terrain, FOOT, START, (50, 100), END)
    assert len(answer.legs) == 2
    assert ways_used(terrain, answer) == [12, 11, 13]
    assert answer.others == ()


def test_both_stops_on_one_segment_walk_along_it() -> None:
    terrain = hill()
    answer = planned(terrain, MANUAL, (-300, 0), (-100, 0))
    assert answer.ways[0].length_m == pytest.approx(200, abs=0.5)
    assert len(answer.ways[0].segments) == 1


def test_alternatives_share_little_with_the_best_way() -> None:
    ladder = [
        node(100 + k, x, y) for k, (x, y) in enumerate([(0, 0), (100, 40), (100, -45), (200, 0)])
    ]
    terrain = terrain_of(
        *ladder,
        node(1, -1100, 0),
        node(2, 1300, 0),
        way(10, (100, 101, 103)),
        way(11, (100, 102, 103)),
        way(12, (1, 100)),
        way(13, (103, 2)),
    )
    answer = planned(terrain, FOOT, (-10, 0), (210, 0))
    used = [set(ways_used(terrain, answer))]
    assert len(answer.others) == 1
    other = {int(terrain.graph.rows["osm_id"][s]) for s in answer.others[0].way.segments}
    assert used[0] ^ other == {10, 11}
    assert answer.others[0].way.cost_s >= answer.legs[0].way.cost_s


def test_an_obstacle_turns_the_walker_away_and_says_why() -> None:
    terrain = hill()
    closed = tuple(int(s) for s in segments_of_feature(terrain.graph, osm_id=10, is_node=False))
    works = Obstacle(
        "W7", "roadworks", closed, frozenset({"everyone"}), source="staff", reported_on=20261122
    )
    answer = planned(terrain, FOOT, START, END, overlay=Overlay(1, (works,)))
    assert ways_used(terrain, answer) == [12, 11, 13]
    [blocker] = answer.legs[0].explanation.blockers
    assert (blocker.code, blocker.feature, blocker.source) == ("obstacle", "obstacle/W7", "staff")
    assert (blocker.key, blocker.checked_on) == ("roadworks", 20261122)
    assert blocker.saves_m == pytest.approx(200, abs=1)


@pytest.mark.parametrize(
    ("facts", "who", "closes"),
    [
        ({"stops": frozenset({"everyone"})}, "foot", True),
        ({"stops": frozenset({"wheels"})}, "foot", False),
        ({"stops": frozenset({"wheels"})}, "pushchair", True),
        ({"stops": frozenset({"wheelchairs"})}, "pushchair", False),
        ({"stops": frozenset({"wheelchairs"})}, "wheelchair_powered", True),
        ({"width_left_m": 0.8}, "wheelchair_manual", True),
        ({"width_left_m": 0.8}, "foot", False),
        ({"width_left_m": 0.3}, "foot", True),
        ({"water_cm": 6.0}, "wheelchair_manual", True),
        ({"water_cm": 6.0}, "foot", False),
        ({"water_cm": 20.0}, "foot", True),
        ({}, "foot", False),
    ],
)
def test_an_obstacle_states_facts_and_each_person_draws_their_own(
    facts: dict[str, Any], who: str, closes: bool
) -> None:
    obstacle = Obstacle("1", "x", (0,), **facts)
    assert obstacle.closes_for(BASE_PROFILES[who]) is closes  # type: ignore[index]


def test_a_failed_lift_is_a_closed_feature() -> None:
    terrain = terrain_of(
        node(1, -2100, 0),
        node(2, 0, 0, {"highway": "elevator"}),
        node(3, 100, 0),
        way(10, (1, 2)),
        way(11, (2, 3)),
    )
    lift = tuple(int(s) for s in segments_of_feature(terrain.graph, osm_id=2, is_node=True))
    assert len(lift) == 1
    assert planned(terrain, MANUAL, (-50, 0), (50, 0)).legs
    out = Obstacle("L1", "lift_out_of_service", lift, frozenset({"everyone"}), source="device")
    answer = planned(terrain, MANUAL, (-50, 0), (50, 0), overlay=Overlay(2, (out,)))
    assert answer.no_way is not None
    assert answer.no_way.relaxations[0].blockers[0].feature == "obstacle/L1"


def test_an_obstacle_finds_its_segments_by_line_and_by_area() -> None:
    terrain = hill()
    graph = terrain.graph
    by_line = segments_near_line(graph, terrain.grid, [at(graph, 50, 0)], 5.0)
    assert {int(graph.rows["osm_id"][s]) for s in by_line} == {10}
    corners = [(40, -5), (60, -5), (60, 5), (40, 5), (40, -5)]
    ring = np.array([at(graph, *corner) for corner in corners])
    by_area = segments_in_polygon(graph, ring)
    assert {int(graph.rows["osm_id"][s]) for s in by_area} == {10}
    assert contains(walls_of(ring), np.array([at(graph, 50, 0)])).all()


def test_certainty_counts_what_is_known_of_the_way() -> None:
    terrain = terrain_of(
        node(1, 0, 0),
        node(2, 300, 0),
        node(3, 400, 0),
        node(4, 405, 0, {"barrier": "kerb"}),
        node(5, 2600, 0, {"kerb": "flush"}),
        node(6, 2700, 0),
        way(10, (1, 2), {**FOOTWAY, "surface": "asphalt"}),
        way(11, (2, 3, 4, 5, 6)),
    )
    answer = planned(terrain, FOOT, (0, 0), (400, 0))
    assert answer.legs[0].certainty.shares["surface"] == pytest.approx(0.75, abs=0.01)
    assert answer.legs[0].certainty.kerb == 1.0
    beyond = certainty_of(terrain.graph, planned(terrain, FOOT, (0, 0), (2650, 0)).ways[0])
    assert (beyond.kerbs_n, beyond.kerbs_unknown_n) == (2, 1)
    assert beyond.kerb == 0.5


def test_spots_come_nearest_first_and_each_segment_once() -> None:
    terrain = hill()
    spots = spots_near(terrain.graph, terrain.grid, *at(terrain.graph, 50, 30), 80.0)
    assert [s.distance_m for s in spots] == sorted(s.distance_m for s in spots)
    assert len({s.segment for s in spots}) == len(spots)
    assert spot_at(terrain, 50, 3).along == pytest.approx(0.5, abs=0.01)


def test_a_clear_overlay_rules_nothing_out() -> None:
    assert CLEAR.on_segment(0, FOOT) is None
