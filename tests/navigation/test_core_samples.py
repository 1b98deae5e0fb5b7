"""Real places: Darmstadt's main station and the station of Massy."""

from pathlib import Path

import numpy as np
import pytest

from apps.accounts.core.mobility import BASE_PROFILES, PROFILE_NAMES
from apps.navigation.core.build import build_graph
from apps.navigation.core.codes import EVERY_LIMIT, NEVER_LIFTED, Kind, Mark
from apps.navigation.core.overlay import CLEAR, ruling_for
from apps.navigation.core.report import BuildReport
from apps.navigation.core.routing import NoSpot, Way, find_spot, leg
from apps.navigation.core.search import Terms
from apps.navigation.core.terrain import Terrain, open_terrain, traveller
from benchmarks.navigation.cities import pairs_of
from benchmarks.navigation.extracts import read_extract
from benchmarks.navigation.referee import Passage, Referee
from benchmarks.navigation.traces import passages_of
from tests.support.samples import sample_path

pytestmark = pytest.mark.samples

_BUILT: dict[str, tuple[Terrain, BuildReport, Path]] = {}


def built(name: str) -> tuple[Terrain, BuildReport, Path]:
    path = sample_path(f"navigation/osm/{name}.osm.pbf")
    if name not in _BUILT:
        graph, report = build_graph(read_extract(path))
        _BUILT[name] = (open_terrain(graph), report, path)
    return _BUILT[name]


def ways(terrain: Terrain, name: str, barred: int, pairs_n: int = 60) -> list[Way]:
    profile = BASE_PROFILES[name]  # type: ignore[index]
    person = traveller(terrain, profile)
    ruling = ruling_for(terrain.graph, CLEAR, profile)
    found: list[Way] = []
    for a, b in pairs_of(terrain, pairs_n):
        spots = [find_spot(terrain, person, ruling, *place) for place in (a, b)]
        if any(isinstance(spot, NoSpot) for spot in spots):
            continue
        way = leg(person, Terms(ruling, barred), *spots)  # type: ignore[arg-type]
        if way is not None:
            found.append(way)
    return found


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_no_way_in_darmstadt_breaks_a_known_limit(name: str) -> None:
    terrain, _, path = built("da_hbf_2")
    referee = Referee().read(path)
    found = ways(terrain, name, EVERY_LIMIT)
    assert len(found) > 20
    broken = [
        violation
        for way in found
        for violation in referee.violations(passages_of(terrain.graph, way), BASE_PROFILES[name])  # type: ignore[index]
    ]
    assert broken == []


def test_the_referee_would_see_broken_limits() -> None:
    """Ways that ignore limits break many: the check can fail."""
    terrain, _, path = built("da_hbf_2")
    referee = Referee().read(path)
    careless = ways(terrain, "wheelchair_manual", int(NEVER_LIFTED))
    seen = [
        violation
        for way in careless
        for violation in referee.violations(
            passages_of(terrain.graph, way), BASE_PROFILES["wheelchair_manual"]
        )
    ]
    assert any("steps" in violation for violation in seen)


def test_the_referee_judges_kerbs_by_direction() -> None:
    referee = Referee(
        ways={1: {"highway": "footway"}, 2: {"highway": "footway", "footway": "crossing"}},
        way_nodes={1: [1, 2], 2: [2, 3]},
        nodes={2: {"kerb": "yes", "kerb:height": "4 cm"}},
    )
    down = [Passage(1, (1, 2)), Passage(2, (2, 3))]
    up = [Passage(2, (3, 2)), Passage(1, (2, 1))]
    manual = BASE_PROFILES["wheelchair_manual"]
    assert referee.violations(down, manual) == []
    assert referee.violations(up, manual) == ["node/2 kerb 4.0 cm"]


def test_darmstadt_has_every_kind_of_kerb_on_its_ways() -> None:
    terrain, report, _ = built("da_hbf_2")
    assert report.kerbs_by_class["flush"] >= 20
    assert report.kerbs_by_class["lowered"] >= 20
    kerbs = terrain.graph.rows[terrain.graph.segments.kind == Kind.KERB]
    assert (kerbs["kerb_up"] != 0).mean() > 0.85  # which side is the road is known for most


def test_darmstadts_lights_sound() -> None:
    terrain, _, _ = built("da_hbf_2")
    crossings = terrain.graph.rows[terrain.graph.segments.kind == Kind.CROSSING]
    assert (crossings["signal"] & 2 > 0).sum() >= 5


def test_tagged_pavements_are_marked_as_derived() -> None:
    terrain, report, _ = built("da_hbf_2")
    marked = terrain.graph.segments.marks & Mark.SYNTHETIC > 0
    assert report.synthetic_m == pytest.approx(float(terrain.graph.segments.length_m[marked].sum()))
    assert report.synthetic_m > 1000


def test_the_platforms_of_massy_are_reached_without_steps_by_lifts() -> None:
    terrain, report, _ = built("station-border")
    assert report.segments_by_kind["lift"] >= 11
    used = [
        way
        for way in ways(terrain, "wheelchair_manual", EVERY_LIMIT, 150)
        if (terrain.graph.segments.kind[way.segments] == Kind.LIFT).any()
    ]
    assert used
    kinds = {int(k) for way in used for k in terrain.graph.segments.kind[way.segments]}
    assert int(Kind.STEPS) not in kinds or _all_ramped(terrain, used)


def _all_ramped(terrain: Terrain, used: list[Way]) -> bool:
    rows = terrain.graph.rows[np.concatenate([way.segments for way in used])]
    steps = rows[rows["kind"] == Kind.STEPS]
    return bool(((steps["wheelchair"] == 3) | (steps["ramp"] & 2 > 0)).all())
