"""Why not the shorter way, and what would have to give where there is no way at all.

The way a person on foot without any limits would take is walked in thought. Wherever it breaks one
of this person's limits
stands a blocker, with the tag that says so. What a blocker costs is found by asking again with
that one blocker
lifted. Where no way exists, the search pays a toll for each broken limit instead, which finds the
way with fewest of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.codes import (
    NEVER_LIFTED,
    Barrier,
    Broken,
    InclineSource,
)
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.kerbs import Kerb
from apps.navigation.core.overlay import Obstacle, Overlay
from apps.navigation.core.routing import Way, leg, unrestricted_terms
from apps.navigation.core.search import CLOSED, LIFTED, TOLL_S, Terms, Traveller
from apps.navigation.core.snapping import Spot
from apps.navigation.core.surfaces import smoothness_word
from apps.navigation.core.terrain import Terrain

MOST_PRICED = 5  # blockers whose saving is worked out; the rest are only named

Value = float | str | None
Read = tuple[str, str, str, Value, Value, str] | tuple[str, str, str, Value, Value, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """One thing that stops this person. `value` and `limit` are in `unit`; None means unknown.

    `checked_on` is when somebody looked, or else the date of the data, as yyyymmdd; 0 if neither
    is known.
    """

    code: str
    field: str  # the limit of the mobility profile; empty where none would help
    feature: str
    name: str
    key: str
    value: Value
    limit: Value
    unit: str
    source: str
    checked_on: int
    lon: float
    lat: float
    segments: tuple[int, ...]
    saves_m: float | None = None
    saves_s: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why this way is longer than a walk without limits."""

    walk_m: float
    detour_m: float
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit that would have to give: from `limit` to `needed`."""

    field: str
    limit: Value
    needed: Value
    unit: str
    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class NoWay:
    """No way within the limits. `relaxations` is smallest in number of things passed; empty: not
    connected at all.
    """

    length_m: float | None
    relaxations: tuple[Relaxation, ...]


def why_not(
    terrain: Terrain,
    person: Traveller,
    overlay: Overlay,
    terms: Terms,
    ends: tuple[Spot, Spot],
    way: Way,
) -> Explanation:
    """Explain a way by the blockers of the unrestricted walk between the same spots."""
    walk = leg(terrain.walker, unrestricted_terms(terms.ruling), *ends)
    if walk is None:
        return Explanation(way.length_m, 0.0, ())
    found = list(blockers_on(person, overlay, terms, walk))
    priced = [_priced(person, terms, ends, way, b) for b in found[:MOST_PRICED]]
    detour_m = max(way.length_m - walk.length_m, 0.0)
    return Explanation(walk.length_m, detour_m, (*priced, *found[MOST_PRICED:]))


def _priced(
    person: Traveller, terms: Terms, ends: tuple[Spot, Spot], way: Way, blocker: Blocker
) -> Blocker:
    """What lifting this one blocker would save; nothing if another still stands in the way."""
    ruling = terms.ruling.copy()
    ruling[list(blocker.segments)] = LIFTED
    better = leg(person, replace(terms, ruling=ruling), *ends)
    if better is None or better.cost_s >= way.cost_s - 1e-6:
        return replace(blocker, saves_m=0.0, saves_s=0.0)
    return replace(
        blocker,
        saves_m=max(way.length_m - better.length_m, 0.0),
        saves_s=max(way.time_s - better.time_s, 0.0),
    )


def no_way(person: Traveller, overlay: Overlay, terms: Terms, ends: tuple[Spot, Spot]) -> NoWay:
    """The way that breaks fewest limits, and what it asks of the person."""
    way = leg(person, replace(terms, toll_s=TOLL_S), *ends)
    if way is None:
        return NoWay(None, ())
    found = tuple(blockers_on(person, overlay, terms, way))
    fields = dict.fromkeys(b.field or b.code for b in found)
    grouped = (tuple(b for b in found if (b.field or b.code) == name) for name in fields)
    return NoWay(way.length_m, tuple(_relaxation(group) for group in grouped))


def _relaxation(group: tuple[Blocker, ...]) -> Relaxation:
    worst = max(group, key=_excess)
    return Relaxation(worst.field, worst.limit, worst.value, worst.unit, group)


def _excess(blocker: Blocker) -> float:
    if isinstance(blocker.value, float) and isinstance(blocker.limit, float):
        return abs(blocker.value - blocker.limit)
    return 0.0


def blockers_on(person: Traveller, overlay: Overlay, terms: Terms, way: Way) -> Iterator[Blocker]:
    """Every limit that a way breaks, in walking order, each feature and limit once."""
    graph = person.graph
    arcs = graph.arcs.seg_arc[way.segments, way.is_back]
    broken = person.prices.broken[arcs] & terms.barred & ~np.uint32(NEVER_LIFTED)
    shut = terms.ruling[way.segments] == CLOSED
    seen: dict[tuple[str, str], Blocker] = {}
    for place in np.flatnonzero((broken > 0) | shut):
        segment, back = int(way.segments[place]), bool(way.is_back[place])
        for blocker in _on_segment(
            person, overlay, segment, int(broken[place]), back, bool(shut[place])
        ):
            key = (blocker.code, blocker.feature)
            if key in seen:
                blocker = replace(seen[key], segments=(*seen[key].segments, segment))
            seen[key] = blocker
    yield from seen.values()


def _on_segment(
    person: Traveller, overlay: Overlay, segment: int, broken: int, back: bool, shut: bool
) -> Iterator[Blocker]:
    profile = person.prices.profile
    assert profile is not None  # only people ask why
    for bit, read in _READERS.items():
        if broken & bit:
            yield _blocker(person.graph, segment, *read(person.graph.rows[segment], profile, back))
    if shut:
        obstacle = overlay.on_segment(segment, profile)
        if obstacle is not None:
            base = _blocker(person.graph, segment, *_obstacle(obstacle, profile))
            yield replace(
                base,
                feature=f"obstacle/{obstacle.ref}",
                source=obstacle.source,
                checked_on=obstacle.reported_on,
            )


def _obstacle(obstacle: Obstacle, profile: MobilityProfile) -> Read:
    crossing = obstacle.crossing
    if crossing is None:
        return "obstacle", "", obstacle.kind, None, None, ""
    need_s, given_s = round(crossing.need_s(profile), 1), round(crossing.given_s, 1)
    return "short_green", "", obstacle.kind, need_s, given_s, "s"


def _blocker(
    graph: WalkGraph,
    segment: int,
    code: str,
    field: str,
    key: str,
    value: Value,
    limit: Value,
    unit: str,
    source: str = "osm",
) -> Blocker:
    row = graph.rows[segment]
    x, y, _ = graph.shape(segment)
    middle = len(x) // 2
    lon, lat = graph.plane.to_lonlat(float(x[middle]), float(y[middle]))
    return Blocker(
        code=code,
        field=field,
        feature=f"{'node' if row['osm_is_node'] else 'way'}/{row['osm_id']}",
        name=graph.text(int(row["name"])),
        key=key,
        value=value,
        limit=limit,
        unit=unit,
        source=source,
        checked_on=int(row["checked_on"]) or graph.dated_on,
        lon=lon,
        lat=lat,
        segments=(segment,),
    )


# ---------------------------------------------------------------- one reader for each limit


class Reader(Protocol):
    def __call__(self, row: np.void, profile: MobilityProfile, back: bool, /) -> Read: ...


def _steps(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    counted = float(row["steps_n"]) if row["steps_n"] >= 0 else None
    return "steps", "max_steps", "step_count", counted, _number(profile.max_steps), "steps"


def _kerb_up(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    limit = _number(profile.max_kerb_up_cm)
    return "kerb_up", "max_kerb_up_cm", _kerb_key(row), float(row["kerb_cm"]), limit, "cm"


def _kerb_down(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    limit = _number(profile.max_kerb_down_cm)
    return "kerb_down", "max_kerb_down_cm", _kerb_key(row), float(row["kerb_cm"]), limit, "cm"


def _kerb_key(row: np.void) -> str:
    return f"kerb={Kerb(int(row['kerb'])).name.lower()}"


def _incline_up(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    value = float(row["down_pct"] if back else row["up_pct"])
    limit = _number(profile.max_incline_up_pct)
    return "incline_up", "max_incline_up_pct", "incline", value, limit, "%", _grade_source(row)


def _incline_down(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    value = float(row["up_pct"] if back else row["down_pct"])
    limit = _number(profile.max_incline_down_pct)
    return "incline_down", "max_incline_down_pct", "incline", value, limit, "%", _grade_source(row)


def _grade_source(row: np.void) -> str:
    return "dem" if row["incline_source"] == InclineSource.DEM else "osm"


def _width(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    return "width", "min_width_m", "width", float(row["width_m"]), profile.min_width_m, "m"


def _smoothness(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    value = smoothness_word(int(row["smoothness"]))
    return "smoothness", "worst_smoothness", "smoothness", value, profile.worst_smoothness, ""


def _cross_slope(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    value, limit = float(row["cross_slope_pct"]), _number(profile.max_cross_slope_pct)
    return "cross_slope", "max_cross_slope_pct", "incline:across", value, limit, "%"


def _escalator(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    return "escalator", "takes_escalators", "conveying", "yes", "no", ""


def _wheelchair_no(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    return "wheelchair_no", "", "wheelchair", "no", None, ""


def _barrier(row: np.void, profile: MobilityProfile, back: bool) -> Read:
    return "barrier", "", "barrier", Barrier(int(row["barrier"])).name.lower(), None, ""


def _unknown(attribute: str) -> Reader:
    def read(row: np.void, profile: MobilityProfile, back: bool) -> Read:
        return f"unknown_{attribute}", "must_know", attribute, None, "known", ""

    return read


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


_READERS: Mapping[int, Reader] = {
    int(Broken.STEPS): _steps,
    int(Broken.KERB_UP): _kerb_up,
    int(Broken.KERB_DOWN): _kerb_down,
    int(Broken.INCLINE_UP): _incline_up,
    int(Broken.INCLINE_DOWN): _incline_down,
    int(Broken.WIDTH): _width,
    int(Broken.SMOOTHNESS): _smoothness,
    int(Broken.CROSS_SLOPE): _cross_slope,
    int(Broken.ESCALATOR): _escalator,
    int(Broken.WHEELCHAIR_NO): _wheelchair_no,
    int(Broken.BARRIER): _barrier,
    int(Broken.STRICT_KERB): _unknown("kerb"),
    int(Broken.STRICT_INCLINE): _unknown("incline"),
    int(Broken.STRICT_WIDTH): _unknown("width"),
    int(Broken.STRICT_SURFACE): _unknown("surface"),
    int(Broken.STRICT_SMOOTHNESS): _unknown("smoothness"),
}
