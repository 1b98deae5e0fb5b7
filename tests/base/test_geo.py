"""Metres, degrees and units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.base.geo import degrees_for, metres_between, project, unproject
from apps.base.names import from_tags, pick
from apps.base.units import UNITS, convert

KOREA_2000_UNIFIED = 5179


@given(st.floats(126, 129.5), st.floats(34, 38.5))
def test_a_projected_place_comes_back(lon: float, lat: float) -> None:
    back_lon, back_lat = unproject(*project(lon, lat, srid=KOREA_2000_UNIFIED), srid=5179)
    assert float(back_lon) == pytest.approx(lon, abs=1e-9)
    assert float(back_lat) == pytest.approx(lat, abs=1e-9)


def test_a_degree_of_latitude_is_111_km() -> None:
    assert float(metres_between(127, 37, 127, 38)) == pytest.approx(111_195, abs=1)


def test_distances_broadcast() -> None:
    assert metres_between(127.0, 37.0, np.array([127.0, 127.1]), 37.0).shape == (2,)


def test_projected_and_great_circle_distance_agree_within_two_in_a_thousand() -> None:
    (ax, ay), (bx, by) = project(127.26, 37.43, srid=5179), project(127.27, 37.44, srid=5179)
    flat = float(np.hypot(bx - ax, by - ay))
    assert flat == pytest.approx(float(metres_between(127.26, 37.43, 127.27, 37.44)), rel=2e-3)


def test_a_search_box_covers_its_radius() -> None:
    lon_deg, lat_deg = degrees_for(1000, lat=37.43)
    assert float(metres_between(127, 37.43, 127 + lon_deg, 37.43)) == pytest.approx(1000, rel=1e-3)
    assert float(metres_between(127, 37.43, 127, 37.43 + lat_deg)) == pytest.approx(1000, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (150.0, "cm", "m", 1.5),
        (36.0, "km/h", "m/s", 10.0),
        (25.0, "Cel", "K", 298.15),
        (77.0, "[degF]", "Cel", 25.0),
        (1.0, "[ft_i]", "cm", 30.48),
        (40.0, "%", "1", 0.4),
        (7.0, "m", "m", 7.0),
    ],
)
def test_it_converts_units(value: float, from_unit: str, to_unit: str, expected: float) -> None:
    assert convert(value, from_unit=from_unit, to_unit=to_unit) == pytest.approx(expected)


def test_it_never_reads_a_speed_as_a_length() -> None:
    with pytest.raises(ValueError, match="different things"):
        convert(1.0, from_unit="m/s", to_unit="m")
    with pytest.raises(KeyError):
        convert(1.0, from_unit="furlong", to_unit="m")


@given(st.sampled_from(sorted(UNITS)), st.floats(-1e6, 1e6))
def test_a_conversion_to_the_base_unit_and_back_changes_nothing(code: str, value: float) -> None:
    base = next(name for name, unit in UNITS.items() if unit == type(unit)(UNITS[code].base))
    there = convert(value, from_unit=code, to_unit=base)
    assert convert(there, from_unit=base, to_unit=code) == pytest.approx(value, abs=1e-6)


def test_names_come_in_the_asked_language_or_the_next_best() -> None:
    names = from_tags(
        {"name": "달빛역", "name:en": "Dalbit Station", "name:source": "x", "ref": "1"}
    )
    assert names == {"": "달빛역", "en": "Dalbit Station"}
    assert (pick(names, "en"), pick(names, "ko"), pick(names, "vi")) == (
        "Dalbit Station",
        "달빛역",
        "달빛역",
    )
    assert pick({"en": "Only"}, "ko") == "Only"
    assert pick({}, "ko") == ""
