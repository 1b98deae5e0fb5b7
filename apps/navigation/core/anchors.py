"""What a camera view needs of a way: a rolling window of line, anchors, cues and hazards.

The line is a point every 2 m. Heights are told twice, above the ellipsoid (ARCore, GeoPose) and
above the sea (ARKit);
where no elevation model reaches they are None and anchors ask the device for its terrain.
A window holds at most 60 anchors, because devices track about a hundred.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.accounts.core.mobility import MobilityProfile
from apps.navigation.core.course import Course, Event
from apps.navigation.core.cues import Cue, cues_of
from apps.navigation.core.geoid import Geoid
from apps.navigation.core.geopose import Position, Quaternion, enu_heading, eus_heading
from apps.navigation.core.overlay import Obstacle, Overlay
from apps.navigation.core.plane import Plane
from apps.navigation.core.sentences import render

SPACING_M = 2.0
MOST_ANCHORS = 60
BREADCRUMB_M = 15.0
BEACON_AHEAD_M = 20.0
ABOVE_GROUND_M = 1.2


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the way with both heights."""

    position: Position
    sea_level_m: float | None
    undulation_m: float | None


@dataclass(frozen=True, slots=True)
class Anchor:
    """Something to draw. `event` is None for breadcrumbs."""

    id: str
    kind: str
    at_m: float
    place: Place
    heading_deg: float
    enu: Quaternion
    eus: Quaternion
    event: Event | None


@dataclass(frozen=True, slots=True)
class Hazard:
    """An obstacle on the way that does not close it for this person."""

    obstacle: Obstacle
    at_m: float


@dataclass(frozen=True, slots=True)
class Window:
    """Everything for one stretch of the way."""

    from_m: float
    to_m: float
    line: tuple[Place, ...]
    anchors: tuple[Anchor, ...]
    cues: tuple[Cue, ...]
    hazards: tuple[Hazard, ...]
    beacon: Place
    beacon_heading_deg: float


@dataclass(frozen=True, slots=True)
class Stage:
    """What windows are cut from: one course, where it lies, and who walks it."""

    course: Course
    plane: Plane
    person: MobilityProfile
    geoid: Geoid | None = None
    overlay: Overlay | None = None

    def place_at(self, at_m: float) -> Place:
        x, y, z = self.course.point_at(at_m)
        lon, lat = self.plane.to_lonlat(x, y)
        sea_m = None if math.isnan(z) else z
        n_m = self.geoid.undulation_m(lon, lat) if self.geoid else math.nan
        known_n = None if math.isnan(n_m) else n_m
        h = sea_m + known_n if sea_m is not None and known_n is not None else None
        return Place(Position(lat, lon, h), sea_m, known_n)


def window(stage: Stage, from_m: float, length_m: float = 150.0) -> Window:
    """Cut one window; beyond the end of the way it is shorter."""
    course = stage.course
    start_m = min(max(from_m, 0.0), course.length_m)
    end_m = min(start_m + length_m, course.length_m)
    points_n = max(math.ceil((end_m - start_m) / SPACING_M), 1) + 1
    beacon_m = min(start_m + BEACON_AHEAD_M, course.length_m)
    return Window(
        from_m=start_m,
        to_m=end_m,
        line=tuple(stage.place_at(float(m)) for m in np.linspace(start_m, end_m, points_n)),
        anchors=tuple(_anchors(stage, start_m, end_m)),
        cues=tuple(c for c in cues_of(course, stage.person) if start_m <= c.at_m <= end_m),
        hazards=tuple(_hazards(stage, start_m, end_m)),
        beacon=stage.place_at(beacon_m),
        beacon_heading_deg=course.heading_at(start_m, BEACON_AHEAD_M),
    )


def _anchors(stage: Stage, start_m: float, end_m: float) -> Iterator[Anchor]:
    """Events first, nearest first; breadcrumbs where there is room between them."""
    events = [
        (number, event)
        for number, event in enumerate(stage.course.events)
        if start_m <= event.at_m <= end_m
    ]
    events = events[:MOST_ANCHORS]
    found = [_event_anchor(stage, number, event) for number, event in events]
    taken_m = [anchor.at_m for anchor in found]
    for number in range(math.ceil(start_m / BREADCRUMB_M), int(end_m / BREADCRUMB_M) + 1):
        at_m = number * BREADCRUMB_M
        if len(found) == MOST_ANCHORS:
            break
        if all(abs(at_m - other) > BREADCRUMB_M / 2 for other in taken_m):
            found.append(_anchor(stage, f"b{number}", "breadcrumb", at_m, None))
    return iter(sorted(found, key=lambda anchor: anchor.at_m))


def _event_anchor(stage: Stage, number: int, event: Event) -> Anchor:
    kind = "manoeuvre" if event.kind in ("depart", "turn") else event.kind
    return _anchor(stage, f"a{number}", kind, event.at_m, event)


def _anchor(stage: Stage, name: str, kind: str, at_m: float, event: Event | None) -> Anchor:
    heading = stage.course.heading_at(min(at_m, max(stage.course.length_m - 1.0, 0.0)))
    return Anchor(
        id=name,
        kind=kind,
        at_m=at_m,
        place=stage.place_at(at_m),
        heading_deg=heading,
        enu=enu_heading(heading),
        eus=eus_heading(heading),
        event=event,
    )


def _hazards(stage: Stage, start_m: float, end_m: float) -> Iterator[Hazard]:
    if stage.overlay is None:
        return
    begins_m = dict(
        zip(reversed(stage.course.segments), reversed(stage.course.begins_m), strict=True)
    )
    for obstacle in stage.overlay.obstacles:
        if obstacle.crossing is not None and not obstacle.closes_for(stage.person):
            continue
        met = [begins_m[s] for s in obstacle.segments if s in begins_m]
        if met and start_m <= min(met) <= end_m:
            yield Hazard(obstacle, float(min(met)))


# ---------------------------------------------------------------- as a document


def as_payload(
    stage: Stage, cut: Window, languages: dict[str, Callable[[str], str]]
) -> dict[str, Any]:
    """The window as plain values for JSON, its texts in every language given."""
    return {
        "type": "ar.route",
        "profile": stage.person.base,
        "geoid": _geoid(stage, cut),
        "polyline": {
            "crs": "OGC:CRS84h",
            "spacing_m": SPACING_M,
            "coords": [_coordinates(place) for place in cut.line],
        },
        "window": {"from_m": _short(cut.from_m), "to_m": _short(cut.to_m)},
        "anchors": [_anchor_payload(stage, anchor) for anchor in cut.anchors],
        "cues": [_cue_payload(cue, languages) for cue in cut.cues],
        "hazards": [_hazard_payload(hazard) for hazard in cut.hazards],
        "beacon": {
            "ahead_m": BEACON_AHEAD_M,
            "position": _coordinates(cut.beacon),
            "bearing": _short(cut.beacon_heading_deg),
        },
    }


def _geoid(stage: Stage, cut: Window) -> dict[str, Any] | None:
    if stage.geoid is None or cut.beacon.undulation_m is None:
        return None
    return {"model": stage.geoid.name, "n_m": _short(cut.beacon.undulation_m)}


def _coordinates(place: Place) -> list[float]:
    lonlat = [round(place.position.lon, 7), round(place.position.lat, 7)]
    return lonlat if place.position.h is None else [*lonlat, round(place.position.h, 2)]


def _short(value: float) -> float:
    return round(value, 2)


def _anchor_payload(stage: Stage, anchor: Anchor) -> dict[str, Any]:
    place = anchor.place
    geopose = {
        "position": {
            "lat": round(place.position.lat, 7),
            "lon": round(place.position.lon, 7),
            "h": None if place.position.h is None else _short(place.position.h),
        },
        "quaternion": _named(anchor.enu),
    }
    document = {
        "id": anchor.id,
        "kind": anchor.kind,
        "at_m": _short(anchor.at_m),
        "geopose": geopose,
        "arcore": _arcore(anchor),
        "arkit": {"altitude_msl": None if place.sea_level_m is None else _short(place.sea_level_m)},
        "heading": _short(anchor.heading_deg),
    }
    return document | (_event_payload(stage, anchor.event) if anchor.event else {})


def _named(q: Quaternion) -> dict[str, float]:
    return dict(zip("xyzw", q, strict=True))


def _arcore(anchor: Anchor) -> dict[str, Any]:
    """With a height an anchor of its own; without one a terrain anchor, which the device
    resolves.
    """
    h = anchor.place.position.h
    mode: dict[str, Any] = {"altitude_mode": "terrain", "altitude_above_terrain": ABOVE_GROUND_M}
    if h is not None:
        mode = {"altitude_mode": "ellipsoid", "altitude": _short(h + ABOVE_GROUND_M)}
    return mode | {"eus_quaternion": list(anchor.eus)}


def _event_payload(stage: Stage, event: Event) -> dict[str, Any]:
    """Only what applies to this kind of event."""
    if event.kind == "turn":
        return {"maneuver": f"turn_{event.manoeuvre}", "name": event.name}
    if event.kind == "depart":
        return {"maneuver": "depart", "name": event.name}
    if event.kind in ("kerb", "road"):
        return {
            "kerb": event.kerb,
            "kerb_height_m": None if event.kerb_cm is None else event.kerb_cm / 100.0,
            "climbs": event.climbs,
            "known": event.is_known,
            "tactile_paving": event.tactile,
        }
    if event.kind == "crossing":
        return {
            "length_m": _short(event.length_m),
            "need_s": math.ceil(event.length_m / stage.person.speed_mps),
            "signal": event.has_signal,
            "audible": event.has_sound,
            "vibration": event.has_vibration,
            "button": event.has_button,
            "island": event.has_island,
            "known": event.is_known,
        }
    if event.kind == "steps":
        return {"steps": event.steps_n, "up": event.climbs, "handrail": event.has_handrail}
    if event.kind in ("lift", "escalator"):
        return {"level_from": event.level_from, "level": event.level_to}
    return {"barrier": event.barrier, "width_m": event.width_m} if event.barrier else {}


def _cue_payload(cue: Cue, languages: dict[str, Callable[[str], str]]) -> dict[str, Any]:
    return {
        "id": cue.id,
        "anchor": f"a{cue.event}",
        "stage": cue.stage,
        "at_m": _short(cue.at_m),
        "say": {language: render(cue.say, into) for language, into in languages.items()},
        "haptic": cue.haptic,
        "earcon": cue.earcon,
        "bearing": _short(cue.bearing_deg),
        "senses": list(cue.senses),
        "priority": cue.priority,
    }


def _hazard_payload(hazard: Hazard) -> dict[str, Any]:
    return {
        "id": hazard.obstacle.ref,
        "kind": hazard.obstacle.kind,
        "at_m": _short(hazard.at_m),
        "width_left_m": hazard.obstacle.width_left_m,
        "water_cm": hazard.obstacle.water_cm,
        "source": hazard.obstacle.source,
    }
