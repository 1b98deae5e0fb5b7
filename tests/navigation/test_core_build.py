"""From OSM elements to a graph: kerbs, crossings, pavements, squares, lifts, barriers."""

from typing import Any

import numpy as np
import pytest

from apps.city.core.osm import Element, Member, Relation
from apps.navigation.core.build import EmptyArea, build_graph
from apps.navigation.core.codes import Barrier, InclineSource, Kind, Mark, Ramp, Signal
from apps.navigation.core.graph import WalkGraph, from_arrays, to_arrays
from apps.navigation.core.kerbs import Kerb
from tests.navigation.drawing import CROSSING, FOOTWAY, PAVEMENT, STREET, node, way


def graph_of(*elements: Element) -> WalkGraph:
    return build_graph(elements)[0]


def kinds(graph: WalkGraph) -> list[Kind]:
    return sorted(Kind(int(k)) for k in graph.segments.kind)


def only(graph: WalkGraph, kind: Kind) -> Any:
    rows = graph.rows[graph.segments.kind == kind]
    assert len(rows) == 1
    return rows[0]


def street_crossed(
    *, kerbs: dict[int, dict[str, str]], crossing: dict[str, str] | None = None
) -> tuple[Element, ...]:
    """A street along x, a pavement on each side, and a crossing 2-3-4 with links 1-2 and 4-5."""
    return (
        node(1, 0, -8),
        node(2, 0, -5, kerbs.get(2)),
        node(3, 0, 0, {"highway": "crossing", "crossing": "traffic_signals"}),
        node(4, 0, 5, kerbs.get(4)),
        node(5, 0, 8),
        node(6, -50, 0),
        node(7, 50, 0),
        way(10, (6, 3, 7), STREET),
        way(11, (1, 2)),
        way(12, (2, 3, 4), {**CROSSING, **(crossing or {})}),
        way(13, (4, 5)),
    )


def test_a_kerb_on_a_node_becomes_a_segment_climbed_from_the_road() -> None:
    graph = graph_of(*street_crossed(kerbs={2: {"kerb": "raised"}, 4: {"kerb": "lowered"}}))
    kerbs = graph.rows[graph.segments.kind == Kind.KERB]
    assert sorted(kerbs["osm_id"]) == [2, 4]
    assert (kerbs["kerb_up"] == 1).all()
    road_sides = set(kerbs["tail"])
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    assert road_sides <= set(crossings["tail"]) | set(crossings["head"])


def test_a_crossing_without_kerbs_misses_one_at_each_end() -> None:
    graph, report = build_graph(street_crossed(kerbs={}))
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    assert crossings["kerb_missing_n"].sum() == 2
    assert report.crossings_without_kerb_n == 2


def test_a_kerb_at_one_end_leaves_one_missing() -> None:
    graph = graph_of(*street_crossed(kerbs={2: {"kerb": "flush"}}))
    assert graph.segments.kerb_missing_n.sum() == 1


def test_a_kerb_across_the_link_is_found() -> None:
    elements = (
        *street_crossed(kerbs={4: {"kerb": "lowered"}})[:-3],
        node(8, 0, -7, {"barrier": "kerb", "kerb": "lowered"}),
        way(11, (1, 8, 2)),
        way(12, (2, 3, 4), CROSSING),
        way(13, (4, 5)),
    )
    graph = graph_of(*elements)
    assert graph.segments.kerb_missing_n.sum() == 0
    kerb = graph.rows[(graph.segments.kind == Kind.KERB) & (graph.segments.osm_id == 8)][0]
    assert kerb["kerb_up"] == 1


def test_a_kerb_tagged_on_the_crossing_way_holds_for_both_ends() -> None:
    graph = graph_of(*street_crossed(kerbs={}, crossing={"kerb": "raised"}))
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    assert (crossings["kerb"] == Kerb.RAISED).all()
    assert sorted(crossings["kerb_up"]) == [-1, 1]  # down onto the road, up from it
    assert crossings["kerb_missing_n"].sum() == 0


def test_a_continuous_crossing_expects_no_kerb() -> None:
    graph = graph_of(*street_crossed(kerbs={}, crossing={"crossing:continuous": "yes"}))
    assert graph.segments.kerb_missing_n.sum() == 0


def test_lights_and_sound_on_the_road_node_reach_the_crossing() -> None:
    elements = list(street_crossed(kerbs={}))
    signals = {
        "highway": "crossing",
        "crossing": "traffic_signals",
        "traffic_signals:sound": "yes",
        "traffic_signals:vibration": "yes",
        "button_operated": "yes",
    }
    elements[2] = node(3, 0, 0, signals)
    graph = graph_of(*elements)
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    wanted = Signal.LIGHTS | Signal.SOUND | Signal.VIBRATION | Signal.BUTTON
    assert (crossings["signal"] == int(wanted)).all()


def test_a_crossing_cut_in_two_waits_once() -> None:
    graph = graph_of(*street_crossed(kerbs={}))
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    assert crossings["share"].sum() == pytest.approx(1.0)


def test_attributes_are_read_in_the_ways_direction() -> None:
    tags = {
        **FOOTWAY,
        "incline": "-7%",
        "width": "1.2",
        "surface": "sett",
        "smoothness": "bad",
        "lit": "yes",
        "check_date": "2025-06-01",
        "name": "Mill Lane",
        "opening_hours": "Mo-Fr 08:00-20:00",
    }
    graph = graph_of(node(1, 0, 0), node(2, 100, 0), way(10, (1, 2), tags))
    row = only(graph, Kind.FOOTWAY)
    assert (row["incline_pct"], row["up_pct"], row["down_pct"]) == (-7, 0, 7)
    assert row["width_m"] == pytest.approx(1.2)
    assert row["smoothness"] == 4
    assert row["checked_on"] == 20250601
    assert graph.text(int(row["name"])) == "Mill Lane"
    assert graph.text(int(row["hours"])) == "Mo-Fr 08:00-20:00"
    assert row["marks"] & Mark.CONDITIONAL
    assert row["length_m"] == pytest.approx(100, rel=1e-3)


def test_steps_keep_count_rail_and_ramp() -> None:
    tags = {
        "highway": "steps",
        "step_count": "12",
        "incline": "up",
        "handrail:left": "yes",
        "ramp:stroller": "yes",
    }
    row = only(graph_of(node(1, 0, 0), node(2, 5, 0), way(10, (1, 2), tags)), Kind.STEPS)
    assert (row["steps_n"], row["incline_sign"], row["handrail"]) == (12, 1, 2)
    assert row["ramp"] == int(Ramp.STROLLER)
    assert np.isnan(row["incline_pct"])


def test_a_gate_on_a_path_divides_it() -> None:
    gate = {"barrier": "cycle_barrier", "maxwidth:physical": "0.8"}
    graph = graph_of(node(1, 0, 0), node(2, 50, 0, gate), node(3, 100, 0), way(10, (1, 2, 3)))
    row = only(graph, Kind.BARRIER)
    assert row["barrier"] == Barrier.CHICANE
    assert row["width_m"] == pytest.approx(0.8)
    assert len(set(graph.node_part)) == 1


def test_a_barrier_where_three_ways_meet_is_passed_in_two_halves() -> None:
    graph = graph_of(
        node(1, 0, 0),
        node(2, 50, 0, {"barrier": "gate"}),
        node(3, 100, 0),
        node(4, 50, 50),
        way(10, (1, 2, 3)),
        way(11, (2, 4)),
    )
    legs = graph.rows[graph.segments.kind == Kind.BARRIER]
    assert len(legs) == 3
    assert (legs["share"] == 0.5).all()


def test_a_locked_gate_cuts_the_path() -> None:
    gate = {"barrier": "gate", "access": "no"}
    graph = graph_of(node(1, 0, 0), node(2, 50, 0, gate), node(3, 100, 0), way(10, (1, 2, 3)))
    assert len(set(graph.node_part)) == 2


def test_a_road_with_tagged_pavements_becomes_two_edges_beside_it() -> None:
    street = {**STREET, "sidewalk": "both", "sidewalk:both:surface": "paving_stones"}
    graph = graph_of(node(1, 0, 0), node(2, 100, 0), way(10, (1, 2), street))
    pavements = graph.rows[graph.segments.kind == Kind.PAVEMENT]
    assert len(pavements) == 2
    assert all(marks & Mark.SYNTHETIC for marks in pavements["marks"])
    assert Kind.MINOR_ROAD not in kinds(graph)


def test_a_pavement_on_the_right_lies_on_the_right() -> None:
    street = {**STREET, "sidewalk": "right"}
    graph = graph_of(
        node(1, 0, 0),
        node(2, 50, 0),
        node(3, 100, 0),
        node(4, 150, 0),
        way(10, (1, 2, 3, 4), street),
    )
    middle = graph.shape(int(np.flatnonzero(graph.segments.kind == Kind.PAVEMENT)[0]))[1][1]
    assert (
        middle < graph.plane.to_xy(*_lonlat(node(2, 50, 0)))[1] - 3
    )  # heading east, south is right


def _lonlat(element: object) -> tuple[float, float]:
    return element.lon, element.lat  # type: ignore[attr-defined]


def test_tagged_pavements_meet_at_corners_and_cross_side_roads() -> None:
    main = {**STREET, "sidewalk": "both"}
    graph = graph_of(
        node(1, -100, 0),
        node(2, 0, 0),
        node(3, 100, 0),
        node(4, 0, 100),
        way(10, (1, 2), main),
        way(11, (2, 3), main),
        way(12, (2, 4), main),
    )
    assert len(set(graph.node_part)) == 1
    crossings = graph.rows[graph.segments.kind == Kind.CROSSING]
    assert len(crossings) == 3  # over each of the three arms
    assert (crossings["kerb_missing_n"] == 2).all()


def test_a_road_whose_pavement_is_mapped_apart_stays_walkable_but_marked() -> None:
    street = {**STREET, "sidewalk": "separate"}
    row = only(graph_of(node(1, 0, 0), node(2, 9, 0), way(10, (1, 2), street)), Kind.MINOR_ROAD)
    assert row["marks"] & Mark.SEPARATE_PAVEMENT


def test_a_square_is_crossed_in_straight_lines() -> None:
    square = {"highway": "pedestrian", "area": "yes"}
    graph = graph_of(
        node(1, 0, 0),
        node(2, 40, 0),
        node(3, 40, 40),
        node(4, 0, 40),
        node(5, -20, -20),
        node(6, 60, 60),
        way(10, (1, 2, 3, 4, 1), square),
        way(11, (5, 1)),
        way(12, (3, 6)),
    )
    plaza = graph.rows[graph.segments.kind == Kind.PLAZA]
    assert any(length == pytest.approx(56.57, rel=0.01) for length in plaza["length_m"])


def test_no_line_crosses_a_hole_in_a_square() -> None:
    ring = [(0, 0), (60, 0), (60, 60), (0, 60)]
    hole = [(20, 20), (40, 20), (40, 40), (20, 40)]
    nodes = [node(i + 1, *p) for i, p in enumerate(ring)] + [
        node(i + 11, *p) for i, p in enumerate(hole)
    ]
    square = Relation(
        1,
        (Member("way", 20, "outer"), Member("way", 21, "inner")),
        {"type": "multipolygon", "highway": "pedestrian"},
    )
    graph = graph_of(
        *nodes,
        node(30, -10, -10),
        node(31, 70, 70),
        way(20, (1, 2, 3, 4, 1), {}),
        way(21, (11, 12, 13, 14, 11), {}),
        way(22, (30, 1)),
        way(23, (3, 31)),
        square,
    )
    lengths = graph.rows["length_m"][graph.segments.kind == Kind.PLAZA]
    assert not any(length == pytest.approx(84.85, rel=0.01) for length in lengths)


def test_a_lift_node_joins_its_levels_by_riding() -> None:
    graph = graph_of(
        node(1, 0, 0),
        node(2, 10, 0, {"highway": "elevator", "level": "0;1"}),
        node(3, 20, 0),
        way(10, (1, 2), {**FOOTWAY, "level": "0"}),
        way(11, (2, 3), {**FOOTWAY, "level": "1"}),
    )
    row = only(graph, Kind.LIFT)
    assert (row["level_from"], row["level_to"]) == (0, 1)


def test_a_lift_drawn_as_an_area_is_one_lift() -> None:
    graph = graph_of(
        node(1, 0, 0),
        node(2, 10, 0),
        node(3, 12, 0),
        node(4, 12, 2),
        node(5, 10, 2),
        node(6, 30, 2),
        way(10, (2, 3, 4, 5, 2), {"highway": "elevator", "level": "0;2"}),
        way(11, (1, 2)),
        way(12, (4, 6)),
    )
    row = only(graph, Kind.LIFT)
    assert (row["osm_is_node"], row["osm_id"]) == (0, 10)
    assert len(set(graph.node_part)) == 1


def test_an_escalator_runs_one_way() -> None:
    tags = {"highway": "steps", "conveying": "forward"}
    row = only(graph_of(node(1, 0, 0), node(2, 9, 0), way(10, (1, 2), tags)), Kind.ESCALATOR)
    assert row["directions"] == 1


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "motorway"},
        {"highway": "footway", "access": "private"},
        {"highway": "residential", "foot": "no"},
        {"highway": "cycleway"},
        {"highway": "proposed"},
        {"building": "yes"},
    ],
)
def test_it_leaves_out_what_nobody_may_walk(tags: dict[str, str]) -> None:
    with pytest.raises(EmptyArea):
        build_graph([node(1, 0, 0), node(2, 9, 0), way(10, (1, 2), tags)])


def test_foot_yes_opens_what_access_shuts() -> None:
    tags = {"highway": "service", "access": "private", "foot": "yes"}
    assert kinds(graph_of(node(1, 0, 0), node(2, 9, 0), way(10, (1, 2), tags))) == [Kind.SERVICE]


def test_references_outside_the_area_are_dropped() -> None:
    graph = graph_of(node(1, 0, 0), node(2, 9, 0), way(10, (99, 1, 2, 98)))
    assert graph.segments_n == 1


def test_the_report_counts_islands() -> None:
    far: list[Element] = [node(10, 5000, 0), node(11, 5100, 0), way(20, (10, 11))]
    _, report = build_graph([node(1, 0, 0), node(2, 4000, 0), way(10, (1, 2)), *far])
    assert report.islands_n == 1
    assert report.island_m == pytest.approx(100, rel=0.01)


def test_the_report_tells_the_share_of_length_known() -> None:
    known = {**PAVEMENT, "surface": "asphalt"}
    _, report = build_graph(
        [node(1, 0, 0), node(2, 75, 0), node(3, 100, 0), way(10, (1, 2), known), way(11, (2, 3))]
    )
    assert report.known_share["surface"] == pytest.approx(0.75, abs=0.01)
    assert report.known_share["width"] == 0


def test_a_graph_survives_being_taken_apart() -> None:
    graph = graph_of(*street_crossed(kerbs={2: {"kerb": "raised"}}))
    again = from_arrays(to_arrays(graph))
    assert again.plane == graph.plane
    for name, array in to_arrays(graph).items():
        assert to_arrays(again)[name].tobytes() == array.tobytes(), name


def test_a_built_graph_cannot_be_written_to() -> None:
    graph = graph_of(node(1, 0, 0), node(2, 9, 0), way(10, (1, 2)))
    with pytest.raises(ValueError, match="read-only"):
        graph.rows["width_m"][0] = 1.0


def test_grades_without_a_model_are_unknown() -> None:
    graph = graph_of(node(1, 0, 0), node(2, 90, 0), way(10, (1, 2)))
    assert graph.segments.incline_source[0] == InclineSource.NONE
    assert np.isnan(graph.segments.incline_pct[0])
