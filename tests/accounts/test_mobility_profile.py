"""A person says how they move: one of the nine, with limits of their own."""

from typing import Any

import pytest

from apps.accounts import services
from apps.accounts.core.mobility import BASE_PROFILES, BOUNDS, PROFILE_NAMES
from apps.accounts.models import MobilityProfile
from apps.accounts.selectors.consents import ConsentMissing
from apps.accounts.selectors.mobility import mobility_of
from apps.base.problems import Invalid
from tests.support.world import People


@pytest.mark.parametrize("base", PROFILE_NAMES)
def test_each_of_the_nine_is_kept_and_read_back_whole(people: People, base: str) -> None:
    services.set_mobility_profile(person=people.sora, base=base, limits={})
    assert mobility_of(people.sora) == BASE_PROFILES[base]  # type: ignore[index]


def test_own_limits_replace_the_starting_ones(people: People) -> None:
    services.set_mobility_profile(
        person=people.sora, base="wheelchair_manual",
        limits={"max_kerb_up_cm": 4.5, "max_cross_slope_pct": None, "must_know": ["kerb"]},
    )  # fmt: skip
    profile = mobility_of(people.sora)
    assert profile is not None
    assert (profile.max_kerb_up_cm, profile.max_cross_slope_pct) == (4.5, None)
    assert profile.must_know == {"kerb"}
    assert profile.max_steps == 0  # as the starting profile has it


BAD = [
    ("hoverboard", {}, "base"),
    ("foot", {"speed_mps": 0.1}, "speed_mps"),
    ("foot", {"speed_mps": None}, "speed_mps"),
    ("foot", {"max_steps": 1.5}, "max_steps"),
    ("foot", {"min_width_m": "wide"}, "min_width_m"),
    ("foot", {"min_width_m": float("nan")}, "min_width_m"),
    ("foot", {"worst_smoothness": "silk"}, "worst_smoothness"),
    ("foot", {"must_know": ["weather"]}, "must_know"),
    ("foot", {"base": "deaf"}, "base"),
    ("foot", {"wings": 2}, "wings"),
]


@pytest.mark.parametrize(("base", "limits", "field"), BAD)
def test_it_refuses_a_limit_out_of_bounds_and_names_it(
    people: People, base: str, limits: dict[str, Any], field: str
) -> None:
    before = mobility_of(people.sora)
    with pytest.raises(Invalid) as refused:
        services.set_mobility_profile(person=people.sora, base=base, limits=limits)
    assert set(refused.value.errors) == {field}
    assert mobility_of(people.sora) == before


def test_the_refusal_says_which_values_are_good(people: People) -> None:
    with pytest.raises(Invalid) as refused:
        services.set_mobility_profile(
            person=people.sora, base="foot", limits={"max_kerb_up_cm": 31}
        )
    bound = BOUNDS["max_kerb_up_cm"]
    sentence = str(refused.value.errors["max_kerb_up_cm"])
    assert f"{bound.low:g}" in sentence
    assert f"{bound.high:g} {bound.unit}" in sentence


def test_without_consent_nothing_is_kept(people: People) -> None:
    with pytest.raises(ConsentMissing):
        services.set_mobility_profile(person=people.ben, base="foot", limits={})
    assert mobility_of(people.ben) is None


def test_it_is_forgotten_at_a_word(people: People) -> None:
    services.forget_mobility_profile(person=people.sora)
    assert not MobilityProfile.objects.filter(person=people.sora).exists()
