"""What kinds of street Dalbit has, and what each is like in each quarter."""

from dataclasses import dataclass
from typing import Literal

Quarter = Literal["old", "mid", "new", "hill"]
Kind = Literal[
    "primary", "secondary", "tertiary", "residential", "living", "market", "service", "alley",
    "path", "steps", "cycle", "lift",
]  # fmt: skip


@dataclass(frozen=True)
class StreetKind:
    """`width_m` is the carriageway; `grade` is what the builders allowed themselves."""

    highway: str
    width_m: float
    grade: float
    lanes: int = 0
    maxspeed_kmh: int = 0

    @property
    def is_for_cars(self) -> bool:
        return self.maxspeed_kmh > 0


KINDS: dict[Kind, StreetKind] = {
    "primary": StreetKind("primary", 16.0, 0.05, 5, 50),
    "secondary": StreetKind("secondary", 13.0, 0.05, 4, 50),
    "tertiary": StreetKind("tertiary", 9.0, 0.058, 2, 40),
    "residential": StreetKind("residential", 6.5, 0.09, 2, 30),
    "living": StreetKind("living_street", 5.0, 0.072, 0, 20),
    "market": StreetKind("pedestrian", 6.0, 0.05),
    "service": StreetKind("service", 4.5, 0.08, 1, 20),
    "alley": StreetKind("footway", 2.4, 0.13),
    "path": StreetKind("path", 1.4, 0.30),
    "steps": StreetKind("steps", 2.2, 0.60),
    "cycle": StreetKind("cycleway", 3.2, 0.05),
    "lift": StreetKind("elevator", 2.0, 0.70),
}

PAVEMENT_M: dict[Quarter, float] = {"new": 3.0, "mid": 2.2, "old": 1.6, "hill": 1.6}
VERGE_M: dict[Quarter, float] = {"new": 1.6, "mid": 0.6, "old": 0.2, "hill": 0.2}


@dataclass(frozen=True)
class StreetPlan:
    """One line of the town's plan. Points are metres of the town's plane.

    `pavement` says how the walkway beside the carriageway is mapped: as ways of its own, as
    sidewalk=* tags on the road, or not at all because there is none. `layer` keeps lines apart
    that cross without meeting. `grade` tightens the kind's own limit.
    """

    key: str
    name_ko: str
    name_en: str
    kind: Kind
    quarter: Quarter
    points: tuple[tuple[float, float], ...]
    pavement: Literal["separate", "both", "left", "right", "none"] = "none"
    curvy: bool = True
    layer: int = 0
    grade: float | None = None
    oneway: bool = False
    bridge_name: tuple[str, str] | None = None

    @property
    def spec(self) -> StreetKind:
        return KINDS[self.kind]

    @property
    def grade_limit(self) -> float:
        return self.spec.grade if self.grade is None else self.grade
