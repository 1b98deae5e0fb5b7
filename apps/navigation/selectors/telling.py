"""Routes as documents: GeoJSON with steps, certainty and explanation, in the reader's language."""

import hashlib
import math
from datetime import timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.navigation.core.overlay import Obstacle
from apps.navigation.core.planning import Leg
from apps.navigation.core.steps import Step, climb_between, steps_of
from apps.navigation.selectors.walks import Walk
from apps.navigation.selectors.wording import date_text, explanation_row, said


def feature(walk: Walk) -> dict[str, Any]:
    """One route as a GeoJSON feature; coordinates carry heights above the ellipsoid if known."""
    return {
        "type": "Feature",
        "id": str(walk.route.code),
        "geometry": {"type": "LineString", "coordinates": _line(walk)},
        "properties": _properties(walk),
    }


def etag_of(walk: Walk) -> str:
    """Changes with the language and with what stands on the route."""
    parts = [str(walk.route.code), translation.get_language() or ""]
    parts += sorted(f"{o.ref}:{o.closes_for(walk.profile)}" for o in walk.obstacles)
    return f'"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]}"'


def _properties(walk: Walk) -> dict[str, Any]:
    course, route = walk.course, walk.route
    ascent_m, descent_m = climb_between(course, 0.0, course.length_m)
    legs_s = sum(leg.way.time_s for leg in walk.legs)
    return {
        "rank": route.rank,
        "profile": walk.profile.base,
        "depart_at": route.depart_at.isoformat(),
        "arrive_at": (route.depart_at + timedelta(seconds=round(legs_s))).isoformat(),
        "length_m": round(sum(leg.way.length_m for leg in walk.legs)),
        "time_s": round(legs_s),
        "ascent_m": _rounded(ascent_m),
        "descent_m": _rounded(descent_m),
        "build": str(route.build.code),
        "dated_on": date_text(walk.served.terrain.graph.dated_on),
        "steps": [step_row(number, step) for number, step in enumerate(_steps(walk))],
        "certainty": certainty_row(walk.legs),
        "explanation": explanation_rows(walk.legs),
        "hazards": [hazard_row(walk, obstacle) for obstacle in walk.obstacles],
        "is_blocked": bool(walk.blocked_by),
        "say": summary(walk),
    }


def _steps(walk: Walk) -> tuple[Step, ...]:
    return steps_of(walk.served.terrain.graph, walk.course)


def _line(walk: Walk) -> list[list[float]]:
    """Points as drawn, without repeats."""
    stage, course = walk.stage, walk.course
    found: list[list[float]] = []
    for at_m in dict.fromkeys(course.along_m.tolist()):
        place = stage.place_at(at_m).position
        point = [round(place.lon, 7), round(place.lat, 7)]
        found.append(point if place.h is None else [*point, round(place.h, 2)])
    return found if len(found) > 1 else found * 2


def step_row(number: int, step: Step) -> dict[str, Any]:
    return {
        "number": number,
        "kind": step.event.kind,
        "maneuver": step.event.manoeuvre,
        "name": step.event.name,
        "say": said(step.say),
        "at_m": round(step.at_m, 1),
        "length_m": round(step.length_m, 1),
        "time_s": round(step.time_s),
        "lon": round(step.lon, 7),
        "lat": round(step.lat, 7),
        "heading": round(step.event.heading_deg),
        "ascent_m": _rounded(step.ascent_m),
        "descent_m": _rounded(step.descent_m),
    }


def certainty_row(legs: tuple[Leg, ...]) -> dict[str, Any]:
    """Shares of length known by attribute, over all legs, and the kerbs on the way."""
    lengths = [leg.way.length_m for leg in legs]
    total_m = sum(lengths) or 1.0
    each = [leg.certainty for leg in legs]
    shares = {
        name: round(
            sum(c.shares[name] * m for c, m in zip(each, lengths, strict=True)) / total_m, 3
        )
        for name in each[0].shares
    }
    kerbs_n, unknown_n = sum(c.kerbs_n for c in each), sum(c.kerbs_unknown_n for c in each)
    oldest = min((c.oldest_check_on for c in each if c.oldest_check_on), default=0)
    return {
        "kerb": round(1.0 - unknown_n / kerbs_n, 3) if kerbs_n else 1.0,
        **shares,
        "kerbs": kerbs_n,
        "kerbs_unknown": unknown_n,
        "crossings_unknown": sum(c.unknown_crossings_n for c in each),
        "oldest_check_on": date_text(oldest),
        "say": _certainty_sentence(kerbs_n, unknown_n),
    }


def _certainty_sentence(kerbs_n: int, unknown_n: int) -> str:
    if not kerbs_n:
        return _("There is no kerb on this way.")
    if not unknown_n:
        return _("Every kerb on this way has been described.")
    text = ngettext(
        "%(count)d kerb on this way has not been described by anybody.",
        "%(count)d kerbs on this way have not been described by anybody.",
        unknown_n,
    )
    return text % {"count": unknown_n}


def explanation_rows(legs: tuple[Leg, ...]) -> dict[str, Any]:
    """Why the way is longer than a walk without limits; blockers of all legs together."""
    rows = [explanation_row(leg.explanation) for leg in legs]
    blockers = [blocker for row in rows for blocker in row["blockers"]]
    detour_m = sum(row["detour_m"] for row in rows)
    return {
        "walk_m": sum(row["walk_m"] for row in rows),
        "detour_m": detour_m,
        "blockers": blockers,
        "say": _detour_sentence(detour_m, bool(blockers)),
    }


def _detour_sentence(detour_m: int, has_blockers: bool) -> str:
    if not has_blockers:
        return _("Nothing stands in your way on the shortest walk.")
    if detour_m < 10:
        return _("The shortest walk is closed to you; yours is as short.")
    text = _("Your way is %(metres)d m longer than the shortest walk, which is closed to you.")
    return text % {"metres": round(detour_m, -1)}


def hazard_row(walk: Walk, obstacle: Obstacle) -> dict[str, Any]:
    return {
        "id": obstacle.ref,
        "kind": obstacle.kind,
        "at_m": round(walk.begins_m(obstacle), 1),
        "closes": obstacle.closes_for(walk.profile),
        "width_left_m": obstacle.width_left_m,
        "water_cm": obstacle.water_cm,
        "source": obstacle.source,
        "certain": not obstacle.is_doubtful,
    }


def summary(walk: Walk) -> str:
    """The whole way in one sentence."""
    metres = sum(leg.way.length_m for leg in walk.legs)
    minutes = max(math.ceil(sum(leg.way.time_s for leg in walk.legs) / 60), 1)
    text = ngettext(
        "%(metres)d m, about %(count)d minute.", "%(metres)d m, about %(count)d minutes.", minutes
    )
    return text % {"metres": round(metres, -1), "count": minutes}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
