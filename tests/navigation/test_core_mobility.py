"""Mobility profiles: what a person may set, and what is refused."""

import math
from typing import Any

import pytest

from apps.accounts.core.mobility import (
    BASE_PROFILES,
    BOUNDS,
    PROFILE_NAMES,
    InvalidLimit,
    personal,
)


def test_it_knows_nine_profiles() -> None:
    assert len(PROFILE_NAMES) == 9
    assert set(BASE_PROFILES) == set(PROFILE_NAMES)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_every_base_profile_keeps_its_own_bounds(name: str) -> None:
    profile = BASE_PROFILES[name]  # type: ignore[index]
    for field, bound in BOUNDS.items():
        value = getattr(profile, field)
        assert value is None or bound.low <= value <= bound.high


def test_it_takes_a_persons_own_limits() -> None:
    mine = personal("wheelchair_manual", {"max_kerb_up_cm": 4, "speed_mps": 1.1})
    assert (mine.base, mine.max_kerb_up_cm, mine.speed_mps) == ("wheelchair_manual", 4, 1.1)
    assert mine.max_incline_up_pct == 8.3


def test_it_lets_a_person_lift_a_limit() -> None:
    assert personal("wheelchair_manual", {"min_width_m": None}).min_width_m is None


def test_it_takes_what_must_be_known_as_a_list() -> None:
    assert personal("foot", {"must_know": ["kerb"]}).must_know == {"kerb"}


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({"speed_mps": 0}, "speed_mps"),
        ({"speed_mps": None}, "speed_mps"),  # a speed is needed
        ({"speed_mps": math.nan}, "speed_mps"),
        ({"speed_mps": "fast"}, "speed_mps"),
        ({"max_kerb_up_cm": -1}, "max_kerb_up_cm"),
        ({"max_kerb_up_cm": 31}, "max_kerb_up_cm"),
        ({"max_incline_up_pct": math.inf}, "max_incline_up_pct"),
        ({"max_steps": 1.5}, "max_steps"),
        ({"max_steps": True}, "max_steps"),
        ({"min_width_m": 0.1}, "min_width_m"),
        ({"worst_smoothness": "bumpy"}, "worst_smoothness"),
        ({"takes_escalators": "no"}, "takes_escalators"),
        ({"must_know": ["weather"]}, "must_know"),
        ({"base": "foot"}, "base"),  # the base is chosen, not overridden
        ({"wings": 2}, "wings"),
    ],
)
def test_it_names_the_limit_it_refuses(limits: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidLimit) as refused:
        personal("wheelchair_manual", limits)
    assert refused.value.field == field


def test_it_refuses_an_unknown_base() -> None:
    with pytest.raises(InvalidLimit) as refused:
        personal("cyclist", {})  # type: ignore[arg-type]
    assert refused.value.field == "base"


def test_wheels_and_wheelchairs_are_told_apart() -> None:
    wheels = {name for name, profile in BASE_PROFILES.items() if profile.has_wheels}
    chairs = {name for name, profile in BASE_PROFILES.items() if profile.is_wheelchair}
    assert chairs == {"wheelchair_manual", "wheelchair_powered", "wheelchair_assisted"}
    assert wheels - chairs == {"walker_elderly", "pushchair"}
