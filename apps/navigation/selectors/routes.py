"""Ways for one person now: what the routes door, guidance and other apps ask.

    find_routes(profile=mobility_profile, stops=[(lon, lat), (lon, lat)], at=when) -> Routes

`stops` are WGS84 (longitude, latitude), two or more. Raises a problem that names the stop at fault
and what to try, or `NoWayFound` with the smallest relaxations; nothing is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.accounts.core.mobility import MobilityProfile
from apps.base import clock
from apps.city.models import City, the_city
from apps.navigation.cache.obstacles import Today, obstacles_on
from apps.navigation.cache.serving import Serving, serving
from apps.navigation.core.explanations import NoWay
from apps.navigation.core.planning import MOST_ALTERNATIVES, BadStop, Leg, plan
from apps.navigation.core.signals import Lights, timed
from apps.navigation.selectors.problems import (
    PLACE_PROBLEMS,
    NoWayFound,
    OutsideCity,
    SwappedCoordinates,
)
from apps.navigation.selectors.wording import relaxation_rows

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Routes:
    """The answer: each route is its legs between stops, best first."""

    served: Serving
    profile: MobilityProfile
    today: Today
    stops: tuple[LonLat, ...]
    depart_at: datetime
    routes: tuple[tuple[Leg, ...], ...]


def find_routes(
    *,
    profile: MobilityProfile,
    stops: Sequence[LonLat],
    at: datetime | None = None,
    alternatives: int = MOST_ALTERNATIVES,
) -> Routes:
    """The best way over all stops, and up to two others where there are no via points.

    Raises:
        OutsideCity, SwappedCoordinates, NothingNear, CutOff, NotPassable: a stop cannot be used.
        NoWayFound: there is no way within the limits.
        Unavailable: no graph has been built.
    """
    check_stops(stops, the_city())
    depart_at = at or clock.now()
    served = serving()
    known = obstacles_on(served)
    today = known.at(depart_at)
    person = served.travellers.of(served.terrain, profile, today.lights)
    moment = known.moment(person, today)
    plane = served.terrain.graph.plane
    found = plan(
        served.terrain,
        person,
        moment,
        tuple(plane.to_xy(*stop) for stop in stops),
        most_others=alternatives,
    )
    if found.bad_stops:
        raise _bad_place(found.bad_stops[0], len(stops))
    if found.no_way is not None:
        raise _no_way(found.no_way)
    start_s = depart_at.timestamp()
    routes = tuple(
        timed_legs(legs, today.lights, profile, start_s)
        for legs in (found.legs, *((other,) for other in found.others))
    )
    return Routes(served, profile, today, tuple(stops), depart_at, routes)


def timed_legs(
    legs: tuple[Leg, ...], lights: Lights, profile: MobilityProfile, start_s: float
) -> tuple[Leg, ...]:
    """Legs one after the other, each waiting for the green man when it gets there."""
    found: list[Leg] = []
    for one in legs:
        way = timed(one.way, lights, profile, start_s)
        start_s += way.time_s
        found.append(replace(one, way=way))
    return tuple(found)


def name_of_stop(index: int, count: int) -> str:
    """Its place in the request."""
    if index == 0:
        return "origin"
    return "destination" if index == count - 1 else f"via[{index - 1}]"


def check_stops(stops: Sequence[LonLat], city: City) -> None:
    for index, (lon, lat) in enumerate(stops):
        if city.covers(lon, lat):
            continue
        at = name_of_stop(index, len(stops))
        if city.covers(lat, lon):
            raise SwappedCoordinates(at, suggestion={"lon": lat, "lat": lon})
        raise OutsideCity(at, bounds=list(city.box))


def _bad_place(bad: BadStop, count: int) -> Exception:
    kind = PLACE_PROBLEMS[bad.why.code]
    extra = {} if bad.why.nearest_m is None else {"nearest_m": round(bad.why.nearest_m, 1)}
    return kind(name_of_stop(bad.index, count), **extra)


def _no_way(found: NoWay) -> NoWayFound:
    rows = relaxation_rows(found)
    return NoWayFound(
        " ".join(row["say"] for row in rows),
        relaxations=rows,
        length_m=None if found.length_m is None else round(found.length_m),
    )
