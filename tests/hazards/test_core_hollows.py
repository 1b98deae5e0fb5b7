"""How deep rain stands in a hollow, by its own curve."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.hazards.core.hollows import Hollow, Inflow, depths_m, hollow_of, read_curve

# A basin of 100 m² with upright walls, two metres deep.
BASIN = Hollow((0.0, 1.0, 2.0), (0.0, 100.0, 200.0))
HECTARE = 0.01


def test_a_basin_fills_by_the_book() -> None:
    """10 mm on a hectare of asphalt are 100 m³: one metre."""
    assert depths_m(BASIN, Inflow(HECTARE, 1.0), [10.0, 0.0], step_s=600) == [1.0, 1.0]


def test_pumps_take_out_what_they_can_and_no_more() -> None:
    """0.1 m³/s for ten minutes are 60 m³."""
    inflow = Inflow(HECTARE, 1.0, pumps_m3_s=0.1)
    assert depths_m(BASIN, inflow, [10.0, 0.0, 5.0], step_s=600) == pytest.approx([0.4, 0.0, 0.0])


def test_above_its_brim_it_spills() -> None:
    assert depths_m(BASIN, Inflow(HECTARE, 1.0), [90.0, 0.0], step_s=600) == [2.0, 2.0]


def test_the_curve_of_a_bowl_is_read_from_the_terrain() -> None:
    below = np.array([[0.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 0.0]], dtype=np.float32)
    bowl = hollow_of(below, cell_m2=4.0, step_m=0.5)
    assert bowl.depth_m[:3] == (0.0, 0.5, 1.0)
    assert bowl.volume_m3[:3] == (0.0, 2.0, 12.0)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[0, 0]],
        [[0.5, 1], [1, 2]],
        [[0, 0], [1, 5], [1, 9]],
        [[0, 0], [1, 5], [2, 5]],
        [[0], [1]],
        "ab",
    ],
)
def test_what_is_no_curve_is_none(rows: Any) -> None:
    assert read_curve(rows) is None


RAIN = st.lists(st.floats(0, 60), min_size=1, max_size=40)


@given(rain=RAIN, more=st.floats(0, 20), pumps=st.floats(0, 0.5))
def test_more_rain_never_makes_it_shallower_and_it_stays_within_its_brim(
    rain: list[float], more: float, pumps: float
) -> None:
    inflow = Inflow(HECTARE, 0.8, pumps)
    drier = depths_m(BASIN, inflow, rain, step_s=600)
    wetter = depths_m(BASIN, inflow, [mm + more for mm in rain], step_s=600)
    assert all(0 <= a <= b + 1e-9 <= 2.0 + 2e-9 for a, b in zip(drier, wetter, strict=True))
