"""Courses, steps, cues, anchors, heights and orientations."""

import itertools
import json
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.core.mobility import BASE_PROFILES, PROFILE_NAMES, MobilityProfile
from apps.city.core.osm import Element
from apps.navigation.core import geopose
from apps.navigation.core.anchors import MOST_ANCHORS, Stage, as_payload, window
from apps.navigation.core.build import build_graph
from apps.navigation.core.course import Course, lay_out, manoeuvre_of
from apps.navigation.core.cues import cues_of, phrase
from apps.navigation.core.geoid import Geoid, InvalidGeoid, read_gtx
from apps.navigation.core.heights import Elevation
from apps.navigation.core.overlay import Obstacle, Overlay
from apps.navigation.core.plane import Plane, turn_deg
from apps.navigation.core.sentences import render
from apps.navigation.core.steps import steps_of
from apps.navigation.core.terrain import Terrain, open_terrain
from tests.navigation.drawing import (
    CROSSING,
    FOOT,
    MANUAL,
    ORIGIN,
    STREET,
    at,
    node,
    planned,
    terrain_of,
    way,
)
from tests.support.samples import sample_path


def english(text: str) -> str:
    return text


def walk_over_the_street() -> Terrain:
    """East along Mill Lane, left over a street by a crossing with lights and kerbs, up four
    steps.
    """
    lights = {"highway": "crossing", "crossing": "traffic_signals", "traffic_signals:sound": "yes"}
    return terrain_of(
        node(1, -2200, 0),
        node(2, 0, 0),
        node(3, 0, 45, {"kerb": "lowered", "tactile_paving": "yes"}),
        node(4, 0, 50, lights),
        node(5, 0, 55, {"kerb": "raised", "kerb:height": "0.09"}),
        node(6, 0, 90),
        node(7, 0, 92),
        node(8, 80, 92),
        node(9, -60, 50),
        node(10, 60, 50),
        way(20, (1, 2), {"highway": "footway", "name": "Mill Lane"}),
        way(21, (2, 3)),
        way(22, (3, 4, 5), CROSSING),
        way(23, (5, 6)),
        way(24, (6, 7), {"highway": "steps", "step_count": "4", "incline": "up"}),
        way(25, (7, 8)),
        way(26, (9, 4, 10), STREET),
    )


def course_of(terrain: Terrain, who: MobilityProfile = FOOT) -> Course:
    answer = planned(terrain, who, (-100, 0), (70, 92))
    return lay_out(terrain.graph, answer.ways)


def test_a_course_meets_its_events_in_order() -> None:
    course = course_of(walk_over_the_street())
    kinds = [event.kind for event in course.events]
    assert kinds == ["depart", "turn", "kerb", "crossing", "kerb", "steps", "turn", "arrive"]
    assert course.length_m == pytest.approx(100 + 92 + 70, abs=1)
    assert [e.at_m for e in course.events] == sorted(e.at_m for e in course.events)


def test_a_course_knows_the_details_of_each_event() -> None:
    by_kind = {event.kind: event for event in course_of(walk_over_the_street()).events[:6]}
    assert by_kind["depart"].name == "Mill Lane"
    assert by_kind["turn"].manoeuvre == "left"
    assert by_kind["crossing"].has_signal
    assert by_kind["crossing"].has_sound is True
    assert by_kind["crossing"].length_m == pytest.approx(10, abs=0.5)
    assert by_kind["kerb"].climbs is True  # the second kerb, up from the road
    assert by_kind["kerb"].kerb_cm == pytest.approx(9)
    assert (by_kind["steps"].steps_n, by_kind["steps"].climbs) == (4, True)


def test_the_way_back_goes_down_what_the_way_out_went_up() -> None:
    terrain = walk_over_the_street()
    answer = planned(terrain, FOOT, (70, 92), (-100, 0))
    events = lay_out(terrain.graph, answer.ways).events
    assert [e.climbs for e in events if e.kind in ("steps", "kerb")] == [False, False, True]
    assert [e.manoeuvre for e in events if e.kind == "turn"] == ["left", "right"]


def test_heading_and_time_run_along_the_course() -> None:
    course = course_of(walk_over_the_street())
    assert course.heading_at(10) == pytest.approx(90, abs=1)
    assert course.heading_at(130) == pytest.approx(0, abs=1)
    assert course.seconds_to(0) == 0
    assert course.seconds_to(course.length_m) == pytest.approx(course.time_s)
    assert course.seconds_to(50) == pytest.approx(50 / FOOT.speed_mps, rel=0.02)


def test_steps_read_as_instructions() -> None:
    terrain = walk_over_the_street()
    course = course_of(terrain)
    steps = steps_of(terrain.graph, course)
    said = [render(step.say, english) for step in steps]
    assert said == [
        "head east along Mill Lane",
        "turn left",
        "kerb down, lowered",
        "crossing with lights that sound",
        "kerb up, raised",
        "4 steps up",
        "turn right",
        "you have arrived",
    ]
    assert sum(step.length_m for step in steps) == pytest.approx(course.length_m)
    assert sum(step.time_s for step in steps) == pytest.approx(course.time_s)
    assert steps[0].ascent_m is None  # nobody measured heights here


@pytest.mark.parametrize(
    ("turn", "word"),
    [
        (0, "straight"),
        (19, "straight"),
        (-30, "slight_left"),
        (30, "slight_right"),
        (-90, "left"),
        (90, "right"),
        (130, "sharp_right"),
        (-150, "sharp_left"),
        (180, "u_turn"),
        (-170, "u_turn"),
    ],
)
def test_turns_have_words(turn: float, word: str) -> None:
    assert manoeuvre_of(turn) == word


@given(st.floats(0, 359.9), st.floats(-179, 180))
def test_a_turn_is_the_difference_of_directions(before: float, turn: float) -> None:
    assert turn_deg(before, (before + turn) % 360) == pytest.approx(turn, abs=1e-9)


# ---------------------------------------------------------------- cues


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_every_hazard_is_told_ten_metres_before_and_in_two_senses(name: str) -> None:
    terrain = walk_over_the_street()
    course = course_of(terrain)
    who = BASE_PROFILES[name]  # type: ignore[index]
    cues = list(cues_of(course, who))
    for number, event in enumerate(course.events):
        told = [cue for cue in cues if cue.event == number]
        assert told, event
        if event.kind in ("kerb", "steps", "crossing"):
            assert min(cue.at_m for cue in told) <= event.at_m - 10
    assert all(len(cue.senses) >= 2 for cue in cues)
    assert [cue.at_m for cue in cues] == sorted(cue.at_m for cue in cues)


def test_a_deaf_person_is_never_told_by_sound_alone() -> None:
    cues = cues_of(course_of(walk_over_the_street()), BASE_PROFILES["deaf"])
    assert all("speech" not in cue.senses and "haptic" in cue.senses for cue in cues)


def test_distances_are_said_in_steps_of_five_metres() -> None:
    course = course_of(walk_over_the_street())
    said = [render(cue.say, english) for cue in cues_of(course, FOOT)]
    assert "In 25 metres: turn left" in said
    assert "In 10 metres: turn left" in said


def test_every_event_has_words() -> None:
    for event in course_of(walk_over_the_street()).events:
        assert render(phrase(event), english)


# ---------------------------------------------------------------- anchors


def flat_geoid(n_m: float = 24.6) -> Geoid:
    rows = np.full((181, 361), n_m, dtype=np.float32)
    return Geoid("TEST", -90.0, -180.0, 1.0, 1.0, rows)


def stage_of(terrain: Terrain, who: MobilityProfile = MANUAL) -> Stage:
    course = course_of(terrain, FOOT)
    return Stage(course, terrain.graph.plane, who, flat_geoid())


def test_a_window_is_a_line_of_two_metre_steps() -> None:
    cut = window(stage_of(walk_over_the_street()), 0.0, 150.0)
    assert len(cut.line) == 76
    plane = ORIGIN
    xy = [plane.to_xy(p.position.lon, p.position.lat) for p in cut.line]
    gaps = [math.dist(a, b) for a, b in itertools.pairwise(xy)]
    assert max(gaps) <= 2.01
    assert cut.beacon_heading_deg == pytest.approx(90, abs=1)


def test_windows_roll_and_end_with_the_way() -> None:
    stage = stage_of(walk_over_the_street())
    last = window(stage, 200.0, 150.0)
    assert last.to_m == pytest.approx(stage.course.length_m)
    assert last.anchors[-1].kind == "arrive"
    beyond = window(stage, 9999.0)
    assert beyond.from_m == beyond.to_m == pytest.approx(stage.course.length_m)


def test_a_window_never_holds_more_anchors_than_a_phone_tracks() -> None:
    cut = window(stage_of(walk_over_the_street()), 0.0, 5000.0)
    assert 0 < len(cut.anchors) <= MOST_ANCHORS
    assert len({a.id for a in cut.anchors}) == len(cut.anchors)


def test_anchors_without_heights_ask_the_phone_for_its_terrain() -> None:
    stage = stage_of(walk_over_the_street())
    document = as_payload(stage, window(stage, 0.0), {"en": english})
    first = document["anchors"][0]
    assert first["geopose"]["position"]["h"] is None
    assert first["arcore"]["altitude_mode"] == "terrain"
    assert all(len(c) == 2 for c in document["polyline"]["coords"])


def test_both_heights_differ_by_the_geoid() -> None:
    elements: list[Element] = [node(1, -2100, 0), node(2, 100, 0), way(10, (1, 2))]
    elevation = Elevation(lambda lon, lat: np.full(len(lon), 41.7), noise_m=0.2)
    graph, _ = build_graph(elements, elevation=elevation)
    terrain = open_terrain(graph)
    course = lay_out(graph, planned(terrain, FOOT, (0, 0), (90, 0)).ways)
    stage = Stage(course, graph.plane, FOOT, flat_geoid(24.6))
    document = as_payload(stage, window(stage, 0.0), {"en": english})
    anchor = document["anchors"][0]
    assert anchor["arkit"]["altitude_msl"] == pytest.approx(41.7)
    assert anchor["geopose"]["position"]["h"] == pytest.approx(66.3)
    assert anchor["arcore"] | {"eus_quaternion": None} == {
        "altitude_mode": "ellipsoid",
        "altitude": 67.5,
        "eus_quaternion": None,
    }
    assert document["geoid"] == {"model": "TEST", "n_m": 24.6}


def test_a_document_is_plain_json_in_every_language_given() -> None:
    stage = stage_of(walk_over_the_street())
    document = as_payload(
        stage, window(stage, 0.0), {"en": english, "ko": lambda text: f"[{text}]"}
    )
    text = json.dumps(document)
    assert len(text) < 60_000
    cue = document["cues"][0]
    assert cue["say"]["en"] == "head east along Mill Lane"
    assert cue["say"]["ko"] == "[head [east] along Mill Lane]"
    crossing = next(a for a in document["anchors"] if a["kind"] == "crossing")
    assert crossing["need_s"] == math.ceil(crossing["length_m"] / MANUAL.speed_mps)


def test_an_obstacle_that_leaves_room_is_shown_as_a_hazard() -> None:
    terrain = walk_over_the_street()
    course = course_of(terrain)
    narrow = Obstacle("N1", "roadworks", (course.segments[0],), width_left_m=1.1)
    stage = Stage(course, terrain.graph.plane, MANUAL, overlay=Overlay(1, (narrow,)))
    [hazard] = window(stage, 0.0).hazards
    assert hazard.obstacle.ref == "N1"


# ---------------------------------------------------------------- orientations

ANGLES = st.floats(-179.0, 179.0)


@given(st.floats(0, 359.99))
def test_a_heading_survives_both_frames(heading: float) -> None:
    for q, back in (
        (geopose.enu_heading(heading), geopose.heading_of_enu),
        (geopose.eus_heading(heading), geopose.heading_of_eus),
    ):
        assert math.hypot(*q) == pytest.approx(1, abs=1e-12)
        assert abs(turn_deg(heading, back(q))) < 1e-6


@pytest.mark.parametrize(
    ("heading", "axis"), [(90, (1, 0, 0)), (0, (0, 1, 0)), (180, (0, -1, 0)), (270, (-1, 0, 0))]
)
def test_an_arrow_along_x_points_where_it_should(
    heading: float, axis: tuple[float, float, float]
) -> None:
    pointed = geopose.rotate(geopose.enu_heading(heading), (1, 0, 0))
    assert pointed == pytest.approx(axis, abs=1e-12)


def test_yaw_is_ninety_minus_heading() -> None:
    assert geopose.to_angles(geopose.enu_heading(30))[0] == pytest.approx(60)


@pytest.mark.parametrize(
    ("heading", "axis"), [(0, (0, 0, -1)), (90, (1, 0, 0)), (180, (0, 0, 1)), (270, (-1, 0, 0))]
)
def test_arcores_model_looks_along_minus_z(
    heading: float, axis: tuple[float, float, float]
) -> None:
    assert geopose.rotate(geopose.eus_heading(heading), (0, 0, -1)) == pytest.approx(
        axis, abs=1e-12
    )


@given(ANGLES, st.floats(-89.0, 89.0), ANGLES)
def test_angles_and_quaternions_round_trip(yaw: float, pitch: float, roll: float) -> None:
    again = geopose.to_angles(geopose.from_angles((yaw, pitch, roll)))
    for given_deg, back_deg in zip((yaw, pitch, roll), again, strict=True):
        assert abs(turn_deg(given_deg % 360, back_deg % 360)) < 1e-6


@given(ANGLES, ANGLES, ANGLES)
def test_frames_round_trip(yaw: float, pitch: float, roll: float) -> None:
    q = geopose.from_angles((yaw, pitch, roll))
    assert geopose.eus_to_enu(geopose.enu_to_eus(q)) == pytest.approx(q, abs=1e-12)


@given(ANGLES)
def test_a_turn_about_up_stays_a_turn_about_up(yaw: float) -> None:
    """ENU z is up, EUS y is up."""
    x, y, z, w = geopose.enu_to_eus(geopose.from_angles((yaw, 0, 0)))
    assert (x, z) == pytest.approx((0, 0), abs=1e-12)
    assert 2 * math.degrees(math.atan2(y, w)) == pytest.approx(yaw, abs=1e-9)


# ---------------------------------------------------------------- geoid


def gtx(rows: list[list[float]], south: float = 0.0, west: float = 0.0, step: float = 1.0) -> bytes:
    header = struct.pack(">ddddii", south, west, step, step, len(rows), len(rows[0]))
    return header + np.array(rows, dtype=">f4").tobytes()


def test_a_geoid_is_read_between_its_posts() -> None:
    geoid = read_gtx(gtx([[0.0, 10.0], [20.0, 30.0]]))
    assert geoid.undulation_m(0.5, 0.5) == pytest.approx(15)
    assert geoid.undulation_m(0.0, 1.0) == pytest.approx(20)
    assert math.isnan(geoid.undulation_m(5.0, 0.5))
    assert math.isnan(geoid.undulation_m(0.5, 2.0))


def test_a_whole_earth_wraps() -> None:
    geoid = read_gtx(gtx([[0.0, 10.0, 20.0, 30.0]] * 3, south=-90, west=-180, step=90.0))
    assert geoid.undulation_m(179.999, 0.0) == pytest.approx(0.0, abs=0.01)
    assert geoid.undulation_m(-225.0, 0.0) == pytest.approx(15.0)


@pytest.mark.parametrize("data", [b"", b"x" * 39, gtx([[0.0, 1.0], [2.0, 3.0]])[:-1]])
def test_it_refuses_bytes_that_are_no_geoid(data: bytes) -> None:
    with pytest.raises(InvalidGeoid):
        read_gtx(data)


@pytest.mark.samples
@pytest.mark.parametrize(
    ("place", "lon", "lat", "n_m"),
    [
        ("Seoul", 126.978, 37.5665, 22.90),
        ("Gwangju", 126.8526, 35.1595, 24.62),
        ("Goyang", 126.832, 37.6584, 22.55),
        ("Birmingham", -1.8904, 52.4862, 49.90),
        ("London", -0.1278, 51.5074, 45.97),
        ("Lima", -77.0428, -12.0464, 23.20),
        ("Seattle", -122.3321, 47.6062, -22.19),
    ],
)
def test_egm96_gives_published_undulations(place: str, lon: float, lat: float, n_m: float) -> None:
    geoid = read_gtx(sample_path("navigation/geoid/egm96_15.gtx").read_bytes())
    assert geoid.undulation_m(lon, lat) == pytest.approx(n_m, abs=0.15), place


@given(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_plane_and_back(dlon: float, dlat: float) -> None:
    plane = Plane(127.0, 37.5)
    x, y = plane.to_xy(127.0 + dlon, 37.5 + dlat)
    assert plane.to_lonlat(x, y) == pytest.approx((127.0 + dlon, 37.5 + dlat), abs=1e-9)


def test_drawn_metres_are_metres() -> None:
    terrain = walk_over_the_street()
    a, b = at(terrain.graph, 0, 0), at(terrain.graph, 100, 0)
    assert math.dist(a, b) == pytest.approx(100, rel=2e-3)
