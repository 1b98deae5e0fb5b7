"""Graph builds: from rows to arrays on disk, served and swapped."""

from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from apps.accounts.core.mobility import BASE_PROFILES
from apps.base.clock import Hand
from apps.base.problems import Conflict, Unavailable
from apps.city.core.osm import Node, Way
from apps.city.models import ImportRun
from apps.city.services.founding import Founding
from apps.city.services.map_imports import load_elements
from apps.navigation.cache import serving
from apps.navigation.core.heights import Raster
from apps.navigation.models import GraphBuild
from apps.navigation.selectors.routes import find_routes
from apps.navigation.selectors.travel import drive, travel_matrix
from apps.navigation.services.builds import BUILDS_KEPT, build_city_graph, build_if_stale
from apps.navigation.services.heights import heights_over, keep_heights

FOUNDING = Founding(
    code="hamlet", names={"": "Hamlet"}, time_zone="UTC", country="KR", languages=("en",),
    srid=32652, attribution="a test",
)  # fmt: skip
LON, LAT = 127.0, 37.0
STEP = 0.001


def hamlet(name: str = "Mill Lane") -> list[Node | Way]:
    """Three streets in a row going east, and a footpath to the north."""
    nodes = [Node(n, LON + STEP * n, LAT) for n in range(1, 5)] + [Node(9, LON + STEP, LAT + STEP)]
    road = {"highway": "residential", "name": name, "surface": "asphalt"}
    return [
        *nodes,
        Way(1, (1, 2, 3, 4), road),
        Way(2, (1, 9), {"highway": "footway", "check_date": "2026-05-04"}),
    ]


@pytest.fixture
def imported(db: None, hand: Hand, tmp_path: Path, settings: Any) -> ImportRun:
    settings.GRAPHS_DIR = tmp_path
    serving.forget()
    return load_elements(elements=hamlet(), source="hamlet", founding=FOUNDING)


def at(number: float, north: float = 0.0) -> tuple[float, float]:
    return LON + STEP * number, LAT + STEP * north


def test_it_refuses_to_build_without_a_map(db: None, hand: Hand) -> None:
    with pytest.raises(Conflict):
        build_city_graph()
    assert not GraphBuild.objects.exists()


def test_the_command_builds_and_says_what_is_known(imported: ImportRun) -> None:
    out = StringIO()
    call_command("build_graph", stdout=out)
    build = GraphBuild.objects.get()
    assert build.state == GraphBuild.State.READY
    assert build.map_import == imported
    assert build.report["known_share"]["surface"] == pytest.approx(0.7, abs=0.15)
    assert build.report["driving"]["segments_n"] == 1
    assert "surface: " in out.getvalue()


def test_the_command_says_why_it_cannot(db: None, hand: Hand) -> None:
    with pytest.raises(CommandError, match=r"map|지도"):
        call_command("build_graph")


def test_a_map_without_paths_gives_a_failed_build_and_no_files(
    imported: ImportRun, tmp_path: Path
) -> None:
    canal = [*hamlet()[:2], Way(3, (1, 2), {"waterway": "canal"})]
    load_elements(elements=canal, source="canal")
    with pytest.raises(Conflict):
        build_city_graph()
    assert GraphBuild.objects.get().state == GraphBuild.State.FAILED
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_served_before_the_first_build(imported: ImportRun) -> None:
    with pytest.raises(Unavailable):
        serving.serving()


def test_a_newer_build_is_swapped_in_while_the_old_one_goes_on(imported: ImportRun) -> None:
    build_city_graph()
    old = serving.serving()
    load_elements(elements=hamlet(name="Queen Street"), source="hamlet, renamed")
    assert serving.serving() is old
    build_if_stale()
    new = serving.serving()
    assert {old.terrain.graph.text(0), new.terrain.graph.text(0)} == {"Mill Lane", "Queen Street"}


def test_it_builds_again_only_if_the_map_or_its_heights_changed(imported: ImportRun) -> None:
    assert build_if_stale() is not None
    assert build_if_stale() is None
    flat = Raster(LON - 0.01, LAT + 0.02, 0.001, 0.001, np.full((40, 40), 12.0))
    keep_heights(raster=flat, noise_m=0.2, source="a survey")
    build = build_if_stale()
    assert build is not None
    assert build.heights == heights_over(LON, LAT)
    z_m = serving.serving().terrain.graph.shapes.z_m
    assert np.nanmax(np.abs(z_m - 12.0)) < 0.01


def test_old_builds_leave_the_disk_and_keep_their_reports(
    imported: ImportRun, tmp_path: Path
) -> None:
    builds = [build_city_graph() for _ in range(BUILDS_KEPT + 2)]
    states = dict(GraphBuild.objects.values_list("pk", "state"))
    assert [states[b.pk] for b in builds[:2]] == [GraphBuild.State.REMOVED] * 2
    assert {path.name for path in tmp_path.iterdir()} == {str(b.code) for b in builds[2:]}


def test_it_finds_a_way_on_what_was_built(imported: ImportRun) -> None:
    build_city_graph()
    found = find_routes(profile=BASE_PROFILES["foot"], stops=[at(1, 0.9), at(3.5)])
    (leg,) = found.routes[0]
    assert leg.way.length_m == pytest.approx(0.9 * 111.0 + 2.5 * 89.0, rel=0.05)


def test_the_matrix_says_the_same_as_single_drives(imported: ImportRun) -> None:
    build_city_graph()
    places = [at(1.2), at(2.0, 0.2), at(3.7)]
    travel = travel_matrix(profile="car", origins=places, destinations=places)
    assert np.allclose(np.diag(travel.seconds), 0.0, atol=0.01)
    for row, origin in enumerate(places):
        for column, destination in enumerate(places):
            way = drive(origin=origin, destination=destination)
            assert way is not None
            assert travel.seconds[row, column] == pytest.approx(way.seconds, abs=0.01)
            assert travel.metres[row, column] == pytest.approx(way.metres, abs=0.05)


def test_a_drive_tells_when_each_point_is_reached(imported: ImportRun) -> None:
    build_city_graph()
    way = drive(origin=at(1.2), destination=at(3.7))
    assert way is not None
    assert way.line[0] == pytest.approx(at(1.2), abs=1e-6)
    assert way.line[-1] == pytest.approx(at(3.7), abs=1e-6)
    assert list(way.at_s) == sorted(way.at_s)
    assert way.at_s[-1] == pytest.approx(way.seconds)


def test_a_place_far_from_every_road_is_infinitely_far(imported: ImportRun) -> None:
    build_city_graph()
    travel = travel_matrix(profile="car", origins=[at(1.2), at(2, 9)], destinations=[at(3)])
    assert np.isfinite(travel.seconds[0, 0])
    assert np.isinf(travel.seconds[1, 0])
    assert np.isinf(travel.metres[1, 0])


def test_walking_times_carry_clock_seconds_not_costs(imported: ImportRun) -> None:
    build_city_graph()
    ends = [at(1, 0.9)], [at(3.5)]
    profile = BASE_PROFILES["foot"]
    travel = travel_matrix(profile="foot", origins=ends[0], destinations=ends[1])
    (leg,) = find_routes(profile=profile, stops=[ends[0][0], ends[1][0]]).routes[0]
    assert travel.seconds[0, 0] == pytest.approx(leg.way.time_s, abs=0.1)
    assert travel.metres[0, 0] == pytest.approx(leg.way.length_m, abs=0.1)
