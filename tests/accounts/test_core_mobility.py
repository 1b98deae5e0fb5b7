"""The nine starting profiles and the bounds of a person's own limits."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apps.accounts.core.mobility import (
    BASE_PROFILES,
    BOUNDS,
    PROFILE_NAMES,
    InvalidLimit,
    ProfileName,
    personal,
)

# What a planner can check: speed m/s, up and down %, kerb up and down cm, width m, steps.
TABLE = {
    "wheelchair_manual": (0.9, 8.3, 10, 2, 6, 0.90, 0),
    "wheelchair_powered": (1.6, 12, 12, 5, 5, 0.95, 0),
    "wheelchair_assisted": (1.0, 10, 10, 6, 6, 0.90, 0),
    "walker_elderly": (0.8, 12, 12, 8, 8, 0.70, 20),
    "pushchair": (1.2, 12, 12, 10, 10, 0.75, 3),
    "blind_cane": (1.0, None, None, None, None, 0.9, None),
    "low_vision": (1.1, None, None, None, None, 0.9, None),
    "deaf": (1.3, None, None, None, None, None, None),
    "foot": (1.33, None, None, None, None, None, None),
}


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_starting_profile_is_as_the_table_says(name: ProfileName) -> None:
    p = BASE_PROFILES[name]
    assert TABLE[name] == (
        p.speed_mps, p.max_incline_up_pct, p.max_incline_down_pct, p.max_kerb_up_cm,
        p.max_kerb_down_cm, p.min_width_m, p.max_steps,
    )  # fmt: skip


def test_there_are_nine() -> None:
    assert set(PROFILE_NAMES) == set(TABLE) == set(BASE_PROFILES)


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_a_limit_may_touch_its_bounds_and_not_pass_them(name: str) -> None:
    bound = BOUNDS[name]
    for value in (bound.low, bound.high):
        assert getattr(personal("foot", {name: value}), name) == value
    for value in (bound.low - 1, bound.high + 1):
        with pytest.raises(InvalidLimit) as refused:
            personal("foot", {name: value})
        assert refused.value.field == name


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_only_an_optional_limit_may_be_lifted(name: str) -> None:
    if BOUNDS[name].optional:
        assert getattr(personal("wheelchair_manual", {name: None}), name) is None
    else:
        with pytest.raises(InvalidLimit):
            personal("wheelchair_manual", {name: None})


@given(
    st.sampled_from(PROFILE_NAMES),
    st.sampled_from(sorted(BOUNDS)),
    st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()),
)
@example("pushchair", "max_steps", float("inf"))
@example("pushchair", "max_steps", float("nan"))
def test_whatever_is_asked_a_profile_that_exists_lies_in_its_bounds(
    base: ProfileName, name: str, value: Any
) -> None:
    try:
        profile = personal(base, {name: value})
    except InvalidLimit:
        return
    kept = getattr(profile, name)
    assert kept is None or BOUNDS[name].low <= kept <= BOUNDS[name].high
    assert profile.base == base
