"""Paths through the riverside park, below the levees and under the bridges."""

import numpy as np

from citizen.demo.world.lines import arc, at, nearest, offset
from citizen.demo.world.plane import HALF_M, Floats, Point
from citizen.demo.world.river import River
from citizen.demo.world.street_kinds import StreetPlan

FROM_COURSE_M = 40.0
SIDES = (
    ("riverwest", "달빛천 서편길", "Dalbitcheon West Path", -1.0),
    ("rivereast", "달빛천 동편길", "Dalbitcheon East Path", 1.0),
)
# Ramps from the streets on the levees down to the paths: where they leave the street.
RAMPS: tuple[tuple[str, Point], ...] = (
    ("riverwest", (-800, -78)), ("riverwest", (-480, 15)), ("riverwest", (-285, 88)),
    ("riverwest", (-40, 175)), ("riverwest", (76, 400)), ("riverwest", (165, 820)),
    ("rivereast", (-620, -285)), ("rivereast", (-285, -172)), ("rivereast", (20, -92)),
    ("rivereast", (245, -52)), ("rivereast", (312, 330)), ("rivereast", (345, 590)),
)  # fmt: skip


def riverside_plans(river: River) -> tuple[StreetPlan, ...]:
    paths = {key: _path(river, left * FROM_COURSE_M) for key, _, _, left in SIDES}
    plans = [
        StreetPlan(key, ko, en, "cycle", "mid", _points(paths[key]), layer=-1)
        for key, ko, en, _ in SIDES
    ]
    for number, (key, start) in enumerate(RAMPS):
        name = f"riverramp{number}"
        points = (start, _landing(paths[key], start))
        plans.append(StreetPlan(name, "", "", "alley", "mid", points, grade=0.07))
    return tuple(plans)


def _path(river: River, left_m: float) -> Floats:
    line = offset(river.line, left_m)
    inside: Floats = line[(np.abs(line) <= HALF_M).all(axis=1)]
    return inside


def _landing(path: Floats, start: Point) -> Point:
    s_m, away_m = nearest(path, start)
    # A slanting ramp is gentler than the shortest one down the levee.
    return at(path, min(s_m + away_m * 0.5, float(arc(path)[-1])))


def _points(line: Floats) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in line[:: 4 if len(line) > 20 else 1])
