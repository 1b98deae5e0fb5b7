"""The land: heights, the river and what it may flood, and inclines that agree with the heights."""

from itertools import pairwise

import numpy as np
import pytest

from citizen.demo.world.lines import gap
from citizen.demo.world.plane import to_lonlat, to_plane
from citizen.demo.world.river import River
from citizen.demo.world.town import Town


def _height(town: Town, node_id: int, points: dict[int, tuple[float, float]]) -> float:
    deck = town.deck_heights_m.get(node_id)
    return town.heights.at_point(points[node_id]) if deck is None else deck


@pytest.fixture(scope="module")
def points(town: Town) -> dict[int, tuple[float, float]]:
    return {node.id: to_plane(node.lon, node.lat) for node in town.nodes}


def test_the_raster_is_single_precision_with_cells_of_five_metres(town: Town) -> None:
    heights = town.heights
    assert heights.values.dtype == np.float32
    assert heights.cell_m == 5.0
    assert np.isfinite(heights.values).all()


@pytest.mark.parametrize(("row", "col"), [(40, 40), (200, 310), (399, 57)])
def test_the_transform_and_the_look_up_agree(town: Town, row: int, col: int) -> None:
    a, b, c, d, e, f = town.heights.transform
    lon, lat = a * (col + 0.5) + b * (row + 0.5) + c, d * (col + 0.5) + e * (row + 0.5) + f
    assert town.heights.at(lon, lat) == pytest.approx(
        float(town.heights.values[row, col]), abs=0.01
    )


def test_between_two_cells_the_height_lies_between_theirs(town: Town) -> None:
    a, _, c, _, e, f = town.heights.transform
    lon, lat = a * 101.0 + c, e * 60.5 + f
    low, high = sorted(float(v) for v in town.heights.values[60, 100:102])
    assert town.heights.at(lon, lat) == pytest.approx((low + high) / 2, abs=0.01)


def test_the_river_bed_falls_all_the_way(
    town: Town, points: dict[int, tuple[float, float]]
) -> None:
    river = next(way for way in town.ways if way.tags.get("waterway") == "river")
    bed = town.heights.at_points(np.array([points[i] for i in river.node_ids]))
    assert np.diff(bed).max() <= 0.02
    assert bed[0] - bed[-1] > 5.0


def test_the_town_behind_the_levee_lies_lower_than_its_crown(town: Town) -> None:
    river = River()
    levee = town.heights.at_point((-560 + 26, -168 - 66))
    behind = town.heights.at_point((-560 + 40, -168 - 94))
    assert levee - river.bed_at((-560, -168)) > 4.0
    assert behind < levee - 0.3


def test_the_hills_stand_upstream(town: Town) -> None:
    assert town.heights.at_point((-720, 930)) > 140
    assert town.heights.at_point((920, 930)) > 100
    assert town.heights.at_point((0, -900)) < 60


def test_the_underpass_is_a_hollow_below_the_railway(town: Town) -> None:
    gauge = next(g for g in town.gauges if g.kind == "depth")
    x_m, y_m = to_plane(gauge.lon, gauge.lat)
    assert gauge.zero_m is not None
    assert gauge.zero_m == pytest.approx(town.heights.at(gauge.lon, gauge.lat), abs=0.02)
    for away_m in (-90.0, 90.0):
        assert town.heights.at_point((x_m, y_m + away_m)) > gauge.zero_m + 2.0
    assert town.heights.at_point((x_m - 120, y_m)) > gauge.zero_m + 4.0


def test_inclines_are_those_of_the_land(town: Town, points: dict[int, tuple[float, float]]) -> None:
    tagged = [
        way
        for way in town.ways
        if way.tags.get("incline", "").endswith("%") and "level" not in way.tags
    ]
    assert len(tagged) > 150
    for way in tagged:
        run_m = sum(gap(points[a], points[b]) for a, b in pairwise(way.node_ids))
        first, last = way.node_ids[0], way.node_ids[-1]
        rise_m = _height(town, last, points) - _height(town, first, points)
        assert float(way.tags["incline"][:-1]) == pytest.approx(100 * rise_m / run_m, abs=0.3)


@pytest.mark.parametrize(
    ("street", "limit_pct"),
    [("달맞이길", 8.3), ("승강길", 8.3), ("승강윗길", 8.3), ("산성로", 8.3), ("역전로", 8.3)],
)
def test_the_gentle_ways_are_gentle_on_every_stretch(
    town: Town, points: dict[int, tuple[float, float]], street: str, limit_pct: float
) -> None:
    ways = [w for w in town.ways if w.tags.get("name") == street and "bridge" not in w.tags]
    ways = [way for way in ways if way.tags["highway"] != "steps"]
    steepest = max(_steepest_pct(town, [points[i] for i in w.node_ids]) for w in ways)
    assert steepest <= limit_pct


def _steepest_pct(town: Town, line: list[tuple[float, float]]) -> float:
    """Over windows of about fifteen metres, as a cautious router would measure."""
    dense = [
        (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
        for a, b in pairwise(line)
        for t in np.linspace(0, 1, max(2, int(gap(a, b))), endpoint=False)
    ]
    heights = town.heights.at_points(np.array([*dense, line[-1]]))
    return float(100 * np.abs(heights[15:] - heights[:-15]).max() / 15) if len(heights) > 15 else 0


def test_bridges_stand_above_the_water_and_hold_their_height(town: Town) -> None:
    bridge = [w for w in town.ways if w.tags.get("bridge:name") == "달빛교" and "name" in w.tags]
    inner = [i for w in bridge for i in w.node_ids if i in town.deck_heights_m]
    stage = next(g for g in town.gauges if g.code == "STAGE-DALBIT")
    assert inner
    assert stage.zero_m is not None
    assert all(town.deck_heights_m[i] > stage.zero_m + 4.7 for i in inner)


def test_the_lookup_takes_degrees(town: Town) -> None:
    by_degrees = town.heights.at(*to_lonlat((-420.0, 336.0)))
    assert by_degrees == pytest.approx(town.heights.at_point((-420.0, 336.0)), abs=0.01)
