"""Mobility profiles: how a person moves and what stops them.

Nine starting profiles, each open to a person's own limits. `None` as a limit means it never stops
the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

ProfileName = Literal[
    "wheelchair_manual",
    "wheelchair_powered",
    "wheelchair_assisted",
    "walker_elderly",
    "pushchair",
    "blind_cane",
    "low_vision",
    "deaf",
    "foot",
]
PROFILE_NAMES: tuple[ProfileName, ...] = get_args(ProfileName)

Smoothness = Literal[
    "excellent",
    "good",
    "intermediate",
    "bad",
    "very_bad",
    "horrible",
    "very_horrible",
    "impassable",
]
SMOOTHNESS: tuple[Smoothness, ...] = get_args(Smoothness)  # from best to worst

Attribute = Literal["kerb", "incline", "width", "surface", "smoothness"]
ATTRIBUTES: tuple[Attribute, ...] = get_args(Attribute)


@dataclass(frozen=True, slots=True)
class Bound:
    """The sensible range of one limit, for validation and for the sliders of a form."""

    unit: str
    low: float
    high: float
    optional: bool = True
    whole: bool = False


BOUNDS: Mapping[str, Bound] = {
    "speed_mps": Bound("m/s", 0.2, 2.5, optional=False),
    "max_incline_up_pct": Bound("%", 1.0, 40.0),
    "max_incline_down_pct": Bound("%", 1.0, 40.0),
    "max_kerb_up_cm": Bound("cm", 0.0, 30.0),
    "max_kerb_down_cm": Bound("cm", 0.0, 30.0),
    "min_width_m": Bound("m", 0.4, 2.5),
    "max_steps": Bound("steps", 0, 200, whole=True),
    "max_cross_slope_pct": Bound("%", 1.0, 20.0),
    "push_power_w": Bound("W", 10.0, 100.0),
}


class InvalidLimit(ValueError):
    """A limit outside its bounds; `field` says which, the message says why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class MobilityProfile:
    """What one person can manage. Inclines and kerbs are limits by direction of travel."""

    base: ProfileName
    speed_mps: float
    max_incline_up_pct: float | None = None
    max_incline_down_pct: float | None = None
    max_kerb_up_cm: float | None = None
    max_kerb_down_cm: float | None = None
    min_width_m: float | None = None
    max_steps: int | None = None
    max_cross_slope_pct: float | None = None
    worst_smoothness: Smoothness | None = None
    push_power_w: float | None = None
    takes_escalators: bool = True
    must_know: frozenset[Attribute] = frozenset()

    def __post_init__(self) -> None:
        if self.base not in PROFILE_NAMES:
            raise InvalidLimit("base", f"{self.base!r} is not a profile")
        for name, bound in BOUNDS.items():
            _check_bound(name, getattr(self, name), bound)
        if self.worst_smoothness is not None and self.worst_smoothness not in SMOOTHNESS:
            raise InvalidLimit("worst_smoothness", f"{self.worst_smoothness!r} is not a smoothness")
        if not isinstance(self.takes_escalators, bool):
            raise InvalidLimit("takes_escalators", "takes_escalators must be true or false")
        unknown = set(self.must_know) - set(ATTRIBUTES)
        if unknown:
            raise InvalidLimit("must_know", f"{sorted(unknown)} cannot be asked for")

    @property
    def is_wheelchair(self) -> bool:
        return self.base.startswith("wheelchair")

    @property
    def has_wheels(self) -> bool:
        return self.is_wheelchair or self.base in ("pushchair", "walker_elderly")


def _check_bound(name: str, value: object, bound: Bound) -> None:
    if value is None:
        if not bound.optional:
            raise InvalidLimit(name, f"{name} must be given")
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidLimit(name, f"{name} must be a number")
    if not bound.low <= value <= bound.high:  # also refuses NaN and infinities
        raise InvalidLimit(
            name, f"{name} must lie between {bound.low:g} and {bound.high:g} {bound.unit}"
        )
    if bound.whole and value != int(value):
        raise InvalidLimit(name, f"{name} must be a whole number")


def _base_profiles() -> tuple[MobilityProfile, ...]:
    return (
        MobilityProfile(
            base="wheelchair_manual",
            speed_mps=0.9,
            max_incline_up_pct=8.3,
            max_incline_down_pct=10.0,
            max_kerb_up_cm=2.0,
            max_kerb_down_cm=6.0,
            min_width_m=0.9,
            max_steps=0,
            max_cross_slope_pct=8.0,
            worst_smoothness="intermediate",
            push_power_w=25.0,
            takes_escalators=False,
        ),
        MobilityProfile(
            base="wheelchair_powered",
            speed_mps=1.6,
            max_incline_up_pct=12.0,
            max_incline_down_pct=12.0,
            max_kerb_up_cm=5.0,
            max_kerb_down_cm=5.0,
            min_width_m=0.95,
            max_steps=0,
            max_cross_slope_pct=8.0,
            worst_smoothness="intermediate",
            takes_escalators=False,
        ),
        MobilityProfile(
            base="wheelchair_assisted",
            speed_mps=1.0,
            max_incline_up_pct=10.0,
            max_incline_down_pct=10.0,
            max_kerb_up_cm=6.0,
            max_kerb_down_cm=6.0,
            min_width_m=0.9,
            max_steps=0,
            worst_smoothness="bad",
            takes_escalators=False,
        ),
        MobilityProfile(
            base="walker_elderly",
            speed_mps=0.8,
            max_incline_up_pct=12.0,
            max_incline_down_pct=12.0,
            max_kerb_up_cm=8.0,
            max_kerb_down_cm=8.0,
            min_width_m=0.7,
            max_steps=20,
            worst_smoothness="bad",
            takes_escalators=False,
        ),
        MobilityProfile(
            base="pushchair",
            speed_mps=1.2,
            max_incline_up_pct=12.0,
            max_incline_down_pct=12.0,
            max_kerb_up_cm=10.0,
            max_kerb_down_cm=10.0,
            min_width_m=0.75,
            max_steps=3,
            worst_smoothness="bad",
            takes_escalators=False,
        ),
        MobilityProfile(base="blind_cane", speed_mps=1.0, min_width_m=0.9),
        MobilityProfile(base="low_vision", speed_mps=1.1, min_width_m=0.9),
        MobilityProfile(base="deaf", speed_mps=1.3),
        MobilityProfile(base="foot", speed_mps=1.33),
    )


BASE_PROFILES: Mapping[ProfileName, MobilityProfile] = {p.base: p for p in _base_profiles()}
EDITABLE_FIELDS = frozenset(f.name for f in fields(MobilityProfile)) - {"base"}


def personal(base: ProfileName, limits: Mapping[str, Any]) -> MobilityProfile:
    """The base profile with a person's own limits in place; raises `InvalidLimit`."""
    if base not in BASE_PROFILES:
        raise InvalidLimit("base", f"{base!r} is not a profile")
    for name in limits:
        if name not in EDITABLE_FIELDS:
            raise InvalidLimit(name, f"{name} is not a limit")
    values = dict(limits)
    if "must_know" in values:
        values["must_know"] = frozenset(values["must_know"])
    return replace(BASE_PROFILES[base], **values)
