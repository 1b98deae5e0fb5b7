"""Elevation models: what they may say, and what they may not."""

import numpy as np
import pytest

from apps.city.core.osm import Element
from apps.navigation.core.arrays import F8
from apps.navigation.core.build import build_graph
from apps.navigation.core.codes import Broken, InclineSource
from apps.navigation.core.heights import Elevation, Raster, grade, level_out
from apps.navigation.core.pricing import price
from apps.navigation.core.priors import learn
from tests.navigation.drawing import FOOTWAY, MANUAL, ORIGIN, node, way


def slope(percent: float) -> Elevation:
    """A plane that rises to the east, measured almost without noise."""

    def height_m(lon: F8, lat: F8) -> F8:
        x, _ = ORIGIN.to_xy_arrays(lon, lat)
        return 50.0 + x * percent / 100.0

    return Elevation(height_m, noise_m=0.02)


def test_a_model_gives_grades_with_their_direction() -> None:
    graph, _ = build_graph([node(1, 0, 0), node(2, 90, 0), way(10, (1, 2))], elevation=slope(6))
    row = graph.rows[0]
    assert row["incline_source"] == InclineSource.DEM
    assert row["up_pct"] == pytest.approx(6, rel=0.02)
    assert row["down_pct"] == pytest.approx(0, abs=0.01)
    assert graph.shapes.z_m[-1] - graph.shapes.z_m[0] == pytest.approx(5.4, abs=0.01)


def test_a_tag_beats_the_model() -> None:
    tags = {**FOOTWAY, "incline": "2%"}
    graph, _ = build_graph(
        [node(1, 0, 0), node(2, 90, 0), way(10, (1, 2), tags)], elevation=slope(6)
    )
    assert graph.rows[0]["up_pct"] == 2


def test_a_steep_long_way_is_barred_uphill_only() -> None:
    graph, _ = build_graph([node(1, 0, 0), node(2, 90, 0), way(10, (1, 2))], elevation=slope(9))
    prices = price(graph, MANUAL, learn(graph))
    forward, back = graph.arcs.seg_arc[0]
    assert prices.broken[forward] == Broken.INCLINE_UP
    assert prices.broken[back] == 0


def test_a_short_way_is_never_barred_on_a_models_word() -> None:
    graph, _ = build_graph([node(1, 0, 0), node(2, 14, 0), way(10, (1, 2))], elevation=slope(30))
    assert not price(graph, MANUAL, learn(graph)).broken.any()


def test_a_noisy_model_bars_nothing_but_makes_steep_ways_dearer() -> None:
    elements: list[Element] = [node(1, 0, 0), node(2, 90, 0), way(10, (1, 2))]
    noisy = Elevation(slope(14).height_m, noise_m=4.0)
    steep, _ = build_graph(elements, elevation=noisy)
    level, _ = build_graph(elements, elevation=Elevation(slope(0).height_m, noise_m=4.0))
    priced = [price(graph, MANUAL, learn(graph)) for graph in (steep, level)]
    assert not priced[0].broken.any()
    assert priced[0].cost_s.min() > priced[1].cost_s.min()


def test_a_bridge_is_straight_between_its_ends() -> None:
    def valley(lon: F8, lat: F8) -> F8:
        x, _ = ORIGIN.to_xy_arrays(lon, lat)
        return np.abs(x - 50.0)

    tags = {**FOOTWAY, "bridge": "yes"}
    elements: list[Element] = [
        node(1, 0, 0),
        node(2, 50, 0),
        node(3, 100, 0),
        way(10, (1, 2, 3), tags),
    ]
    graph, _ = build_graph(elements, elevation=Elevation(valley, noise_m=0.1))
    assert graph.shapes.z_m == pytest.approx([50, 50, 50], abs=0.1)
    assert graph.rows[0]["up_pct"] == pytest.approx(0, abs=0.1)


def test_voids_stay_unknown() -> None:
    def nothing(lon: F8, lat: F8) -> F8:
        return np.full(len(lon), np.nan)

    elements: list[Element] = [node(1, 0, 0), node(2, 90, 0), way(10, (1, 2))]
    graph, _ = build_graph(elements, elevation=Elevation(nothing))
    assert np.isnan(graph.shapes.z_m).all()
    assert graph.rows[0]["incline_source"] == InclineSource.NONE


def test_levelling_keeps_a_plane_and_flattens_noise() -> None:
    plane = np.linspace(0, 10, 41)
    assert level_out(plane, 5.0) == pytest.approx(plane)
    noise = np.random.default_rng(3).normal(size=400)
    assert level_out(noise, 5.0).std() < 0.55 * noise.std()


def test_the_steepest_window_counts_not_the_steepest_step() -> None:
    along = np.arange(0.0, 101.0, 5.0)
    z = np.zeros(len(along))
    z[10:] = 1.0  # one step of a metre
    found = grade(z, along, 0.1)
    assert found.up_pct == pytest.approx(100 / 30, rel=0.01)


def test_a_raster_is_read_between_its_cells() -> None:
    raster = Raster(10.0, 50.0, 1.0, 1.0, np.array([[0.0, 10.0], [20.0, 30.0]]))
    found = raster(np.array([10.0, 10.5, 11.0, 12.0]), np.array([50.0, 49.5, 49.0, 49.5]))
    assert found[:3] == pytest.approx([0.0, 15.0, 30.0])
    assert np.isnan(found[3])


def test_no_model_is_exact() -> None:
    with pytest.raises(ValueError, match="noise_m"):
        Elevation(lambda lon, lat: lon, noise_m=0.0)
