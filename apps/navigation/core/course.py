"""A way laid out for walking: one line with heights, and the events met along it.

Distances are metres from the start of the course. Turns are measured between the directions 8 m
before and after a
joint, so that the short inner segments of kerbs and corners do not make turns of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from apps.navigation.core.arrays import F8
from apps.navigation.core.codes import (
    Barrier,
    Handrail,
    Kind,
    Mark,
    Ramp,
    Signal,
    Tactile,
)
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.kerbs import Kerb
from apps.navigation.core.plane import bearing_deg, running_length_m, turn_deg
from apps.navigation.core.routing import Way

SIGHT_M = 8.0
TURN_DEG = 35.0
NARROW_M = 1.2

EventKind = Literal[
    "depart",
    "turn",
    "crossing",
    "kerb",
    "steps",
    "lift",
    "escalator",
    "door",
    "barrier",
    "narrow",
    "road",
    "via",
    "arrive",
]
Manoeuvre = Literal[
    "",
    "straight",
    "slight_left",
    "left",
    "sharp_left",
    "slight_right",
    "right",
    "sharp_right",
    "u_turn",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to be told. Fields that do not apply keep their defaults; None means unknown."""

    kind: EventKind
    at_m: float
    length_m: float = 0.0
    segment: int = -1
    name: str = ""
    manoeuvre: Manoeuvre = ""
    turn_deg: float = 0.0
    heading_deg: float = 0.0  # of the way after the event
    climbs: bool | None = None
    kerb: str = ""
    kerb_cm: float | None = None
    steps_n: int | None = None
    has_handrail: bool | None = None
    has_ramp: bool = False
    level_from: float | None = None
    level_to: float | None = None
    tactile: str = ""
    has_signal: bool = False
    has_sound: bool | None = None
    has_vibration: bool = False
    has_button: bool = False
    has_island: bool = False
    barrier: str = ""
    width_m: float | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Course:
    """The line (metres on the build's plane, heights above sea level) with events in order.

    `begins_m` holds where each segment of the way begins; `time_s` is clock time for the whole.
    """

    x: F8
    y: F8
    z_m: F8
    along_m: F8
    segments: tuple[int, ...]
    is_back: tuple[bool, ...]
    begins_m: F8
    times_s: F8
    events: tuple[Event, ...]

    @property
    def length_m(self) -> float:
        return float(self.along_m[-1])

    @property
    def time_s(self) -> float:
        return float(self.times_s.sum())

    def point_at(self, at_m: float) -> tuple[float, float, float]:
        """x, y and height (NaN unknown) at a distance along the course."""
        return (
            float(np.interp(at_m, self.along_m, self.x)),
            float(np.interp(at_m, self.along_m, self.y)),
            float(np.interp(at_m, self.along_m, self.z_m)),
        )

    def heading_at(self, at_m: float, reach_m: float = SIGHT_M) -> float:
        """Direction of the way just ahead, degrees clockwise from north."""
        ahead_m = min(at_m + reach_m, self.length_m)
        x1, y1, _ = self.point_at(max(min(at_m, ahead_m - 0.5), 0.0))
        x2, y2, _ = self.point_at(ahead_m)
        return bearing_deg(x2 - x1, y2 - y1)

    def place_of(self, at_m: float) -> int:
        """Which segment of the way lies at a distance."""
        return max(int(np.searchsorted(self.begins_m, at_m, side="right")) - 1, 0)

    def seconds_to(self, at_m: float) -> float:
        """Clock time from the start to a distance."""
        place = self.place_of(at_m)
        end_m = self.begins_m[place + 1] if place + 1 < len(self.begins_m) else self.length_m
        span_m = max(float(end_m - self.begins_m[place]), 1e-6)
        share = min((at_m - float(self.begins_m[place])) / span_m, 1.0)
        return float(self.times_s[:place].sum() + self.times_s[place] * share)


def lay_out(graph: WalkGraph, ways: tuple[Way, ...]) -> Course:
    """The course of one or more legs, one after the other."""
    lines: list[tuple[F8, F8, F8]] = []
    lengths: list[float] = []
    for way in ways:
        for place in range(len(way.segments)):
            line = _line(graph, way, place)
            lines.append(line)
            lengths.append(float(np.hypot(np.diff(line[0]), np.diff(line[1])).sum()))
    x, y, z = (np.concatenate([line[k] for line in lines]) for k in range(3))
    begins_m = np.concatenate((np.zeros(1), np.cumsum(lengths)[:-1]))
    bare = Course(
        x=x,
        y=y,
        z_m=_filled(z),
        along_m=running_length_m(x, y),
        segments=tuple(int(s) for way in ways for s in way.segments),
        is_back=tuple(bool(b) for way in ways for b in way.is_back),
        begins_m=begins_m,
        times_s=np.concatenate([way.times_s for way in ways]),
        events=(),
    )
    leg_ends_m = np.cumsum([sum(lengths[a:b]) for a, b in _leg_places(ways)])
    return replace(bare, events=tuple(_events(graph, bare, leg_ends_m)))


def _leg_places(ways: tuple[Way, ...]) -> Iterator[tuple[int, int]]:
    first = 0
    for way in ways:
        yield first, first + len(way.segments)
        first += len(way.segments)


def _line(graph: WalkGraph, way: Way, place: int) -> tuple[F8, F8, F8]:
    """The walked part of one segment, in walking direction."""
    x, y, z = graph.shape(int(way.segments[place]))
    low, high = 0.0, 1.0
    back = bool(way.is_back[place])
    if place == 0:
        low, high = (0.0, way.start) if back else (way.start, 1.0)
    if place == len(way.segments) - 1:
        low, high = (max(low, way.stop), high) if back else (low, min(high, way.stop))
    if (low, high) != (0.0, 1.0):
        x, y, z = _part(x, y, z, low, high)
    return (x[::-1], y[::-1], z[::-1]) if back else (x, y, z)


def _part(x: F8, y: F8, z: F8, low: float, high: float) -> tuple[F8, F8, F8]:
    along = running_length_m(x, y)
    a, b = low * along[-1], high * along[-1]
    inner = along[(along > a) & (along < b)]
    at = np.concatenate(([a], inner, [b]))
    return np.interp(at, along, x), np.interp(at, along, y), np.interp(at, along, z)


def _filled(z: F8) -> F8:
    """Gaps in heights bridged from their ends; all unknown stays unknown."""
    known = np.flatnonzero(~np.isnan(z))
    if len(known) == 0:
        return z
    filled: F8 = np.interp(np.arange(len(z)), known, z[known])
    return filled


def _events(graph: WalkGraph, course: Course, leg_ends_m: F8) -> list[Event]:
    found = [Event(kind="depart", at_m=0.0, heading_deg=course.heading_at(0.0))]
    found += _features(graph, course)
    found += _turns(graph, course)
    found += [Event(kind="via", at_m=float(at_m)) for at_m in leg_ends_m[:-1]]
    found.append(Event(kind="arrive", at_m=course.length_m))
    first = found[0]
    found[0] = replace(first, name=graph.text(int(graph.rows[course.segments[0]]["name"])))
    return sorted(found, key=lambda event: (event.at_m, event.kind != "depart"))


def _features(graph: WalkGraph, course: Course) -> Iterator[Event]:
    """Crossings, kerbs, steps, lifts, doors and barriers; pieces of one feature are one event."""
    latest: Event | None = None
    latest_key: tuple[object, ...] = ()
    ends_m = [*course.begins_m[1:], course.length_m]
    for place, segment in enumerate(course.segments):
        row = graph.rows[segment]
        event = _feature(row, course.is_back[place])
        if event is None:
            if row["length_m"] > 1.0 and latest is not None:
                yield latest
                latest, latest_key = None, ()
            continue
        at_m = float(course.begins_m[place])
        key = (event.kind, int(row["osm_id"]))
        if latest is not None and key == latest_key:
            latest = replace(latest, length_m=float(ends_m[place]) - latest.at_m)
            continue
        if latest is not None:
            yield latest
        name = graph.text(int(row["name"]))
        length_m = float(ends_m[place]) - at_m
        latest, latest_key = (
            replace(
                event,
                at_m=at_m,
                length_m=length_m,
                segment=segment,
                name=name,
                heading_deg=course.heading_at(at_m),
            ),
            key,
        )
    if latest is not None:
        yield latest


def _feature(row: np.void, is_back: bool) -> Event | None:
    kind = Kind(int(row["kind"]))
    if kind is Kind.CROSSING:
        return _crossing(row)
    if kind is Kind.KERB or row["kerb"] != Kerb.NONE:
        return _kerb(row, is_back)
    if kind is Kind.STEPS:
        return _steps(row, is_back)
    if kind in (Kind.LIFT, Kind.ESCALATOR):
        return _lift(row, kind, is_back)
    if kind is Kind.DOOR or kind is Kind.BARRIER:
        return _barrier(row, kind)
    if row["width_m"] < NARROW_M:
        return Event(kind="narrow", at_m=0.0, width_m=float(row["width_m"]))
    return None


def _crossing(row: np.void) -> Event:
    signal = Signal(int(row["signal"]))
    silent = Signal.SOUND_ABSENT in signal
    return Event(
        kind="crossing",
        at_m=0.0,
        has_signal=Signal.LIGHTS in signal,
        has_sound=True if Signal.SOUND in signal else False if silent else None,
        has_vibration=Signal.VIBRATION in signal,
        has_button=Signal.BUTTON in signal,
        has_island=bool(row["marks"] & Mark.ISLAND),
        tactile=Tactile(int(row["tactile"])).name.lower(),
        is_known=bool(row["kerb_missing_n"] == 0),
        kerb=Kerb(int(row["kerb"])).name.lower() if row["kerb"] else "",
        kerb_cm=_known(row["kerb_cm"]),
    )


def _kerb(row: np.void, is_back: bool) -> Event:
    climbs = int(-row["kerb_up"] if is_back else row["kerb_up"])
    return Event(
        kind="road" if row["kind"] == Kind.LINK else "kerb",
        at_m=0.0,
        kerb=Kerb(int(row["kerb"])).name.lower(),
        kerb_cm=_known(row["kerb_cm"]),
        climbs=None if climbs == 0 else climbs > 0,
        tactile=Tactile(int(row["tactile"])).name.lower(),
        is_known=bool(row["kerb_missing_n"] == 0),
    )


def _steps(row: np.void, is_back: bool) -> Event:
    sign = int(-row["incline_sign"] if is_back else row["incline_sign"])
    handrail = Handrail(int(row["handrail"]))
    return Event(
        kind="steps",
        at_m=0.0,
        climbs=None if sign == 0 else sign > 0,
        steps_n=int(row["steps_n"]) if row["steps_n"] >= 0 else None,
        has_handrail=None if handrail is Handrail.UNKNOWN else handrail is Handrail.YES,
        has_ramp=bool(row["ramp"] & (Ramp.WHEELCHAIR | Ramp.STROLLER)),
    )


def _lift(row: np.void, kind: Kind, is_back: bool) -> Event:
    first, last = _known(row["level_from"]), _known(row["level_to"])
    if is_back:
        first, last = last, first
    name: EventKind = "lift" if kind is Kind.LIFT else "escalator"
    return Event(kind=name, at_m=0.0, level_from=first, level_to=last)


def _barrier(row: np.void, kind: Kind) -> Event:
    name: EventKind = "door" if kind is Kind.DOOR else "barrier"
    barrier = Barrier(int(row["barrier"])).name.lower()
    return Event(kind=name, at_m=0.0, barrier=barrier, width_m=_known(row["width_m"]))


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _turns(graph: WalkGraph, course: Course) -> Iterator[Event]:
    """Changes of direction at joints; of several within sight of each other the sharpest."""
    rows = graph.rows
    candidates: list[Event] = []
    for place in range(1, len(course.segments)):
        at_m = float(course.begins_m[place])
        if not 1.0 < at_m < course.length_m - 1.0:
            continue
        before = course.heading_at(max(at_m - SIGHT_M, 0.0), min(SIGHT_M, at_m))
        after = course.heading_at(at_m)
        turn = turn_deg(before, after)
        name = graph.text(int(rows[course.segments[place]]["name"]))
        if abs(turn) >= TURN_DEG:
            event = Event(kind="turn", at_m=at_m, turn_deg=turn, heading_deg=after, name=name)
            candidates.append(replace(event, manoeuvre=manoeuvre_of(turn)))
    while candidates:
        cluster = [candidates.pop(0)]
        while candidates and candidates[0].at_m - cluster[-1].at_m < SIGHT_M:
            cluster.append(candidates.pop(0))
        yield max(cluster, key=lambda event: abs(event.turn_deg))


def manoeuvre_of(turn: float) -> Manoeuvre:
    """The word for a turn; positive is to the right."""
    size = abs(turn)
    if size < 20:
        return "straight"
    if size >= 160:
        return "u_turn"
    if turn < 0:
        return "slight_left" if size < 50 else "left" if size < 120 else "sharp_left"
    return "slight_right" if size < 50 else "right" if size < 120 else "sharp_right"
