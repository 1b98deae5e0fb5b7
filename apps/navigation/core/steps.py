"""The step list of a way: what a screen reader reads and a paper shows."""

from dataclasses import dataclass

import numpy as np

from apps.navigation.core.course import Course, Event
from apps.navigation.core.cues import phrase
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.sentences import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction and how far it leads. Ascent and descent are None where heights are
    unknown.
    """

    event: Event
    say: Message
    at_m: float
    length_m: float
    time_s: float
    lon: float
    lat: float
    ascent_m: float | None
    descent_m: float | None


def steps_of(graph: WalkGraph, course: Course) -> tuple[Step, ...]:
    """One step for each event, up to the next."""
    ends_m = [event.at_m for event in course.events[1:]] + [course.length_m]
    pairs = zip(course.events, ends_m, strict=True)
    return tuple(_step(graph, course, event, end_m) for event, end_m in pairs)


def _step(graph: WalkGraph, course: Course, event: Event, end_m: float) -> Step:
    x, y, _ = course.point_at(event.at_m)
    lon, lat = graph.plane.to_lonlat(x, y)
    ascent_m, descent_m = climb_between(course, event.at_m, end_m)
    return Step(
        event=event,
        say=phrase(event),
        at_m=event.at_m,
        length_m=end_m - event.at_m,
        time_s=course.seconds_to(end_m) - course.seconds_to(event.at_m),
        lon=lon,
        lat=lat,
        ascent_m=ascent_m,
        descent_m=descent_m,
    )


def climb_between(
    course: Course, start_m: float, end_m: float
) -> tuple[float | None, float | None]:
    """Metres up and metres down between two distances."""
    inner = course.along_m[(course.along_m > start_m) & (course.along_m < end_m)]
    at = np.concatenate(([start_m], inner, [end_m]))
    z = np.interp(at, course.along_m, course.z_m)
    if np.isnan(z).any():
        return None, None
    rise = np.diff(z)
    return float(rise[rise > 0].sum()), float(-rise[rise < 0].sum())
