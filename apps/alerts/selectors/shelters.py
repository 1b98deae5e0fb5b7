"""Ways out of the danger: shelters outside of it, and how to get there without barriers."""

from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import F, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile
from apps.accounts.models import Person
from apps.accounts.selectors.mobility import mobility_of
from apps.alerts.models import Alert
from apps.base.problems import Invalid, Problem
from apps.city.models import Metres, MetresApart, Place
from apps.navigation.core.course import lay_out
from apps.navigation.selectors.routes import Routes, find_routes

KINDS = ("assembly_point", "shelter")
NEAREST = 3
LonLat = tuple[float, float]


def ways_out(
    alert: Alert, start: LonLat, *, profile: str = "", person: Person | None = None
) -> list[dict[str, Any]]:
    """The nearest shelters that lie outside every danger of this alert, each with its way or why
    there is none. Raises Invalid, Unavailable."""
    way = _profile(profile, person)
    found = [_way_to(shelter, start, way) for shelter in _shelters(alert, start)]
    return sorted(found, key=lambda one: one["duration_s"] or float("inf"))


def _profile(profile: str, person: Person | None) -> MobilityProfile:
    if profile:
        if profile not in BASE_PROFILES:
            raise Invalid(errors={"profile": _("One of the nine mobility profiles.")})
        return BASE_PROFILES[profile]  # type: ignore[index]
    return (mobility_of(person) if person else None) or BASE_PROFILES["foot"]


def _shelters(alert: Alert, start: LonLat) -> list[Place]:
    here = Value(Point(*start, srid=4326), output_field=PointField(srid=4326))
    away = MetresApart(F("geom_m"), Metres(here))
    assert alert.current is not None, "public alerts have said something"
    safe = Place.objects.current().filter(kind__in=KINDS)
    safe = safe.exclude(geom__intersects=alert.current.geom)
    # Places to gather are meant for this; a roof at a stop is only better than none.
    return list(safe.annotate(away=away).order_by("kind", "away")[:NEAREST])


def _way_to(shelter: Place, start: LonLat, profile: MobilityProfile) -> dict[str, Any]:
    goal = shelter.geom.centroid
    row: dict[str, Any] = {
        "name": shelter.name(get_language() or ""),
        "kind": shelter.kind,
        "lon": goal.x,
        "lat": goal.y,
        "duration_s": None,
        "length_m": None,
        "geometry": None,
        "reason": "",
    }
    try:
        routes = find_routes(profile=profile, stops=[start, (goal.x, goal.y)], alternatives=0)
    except Problem as problem:
        return row | {"reason": str(problem.detail or problem.title)}
    return row | route_facts(routes)


def route_facts(routes: Routes) -> dict[str, Any]:
    """How long the way is, and its line."""
    graph = routes.served.terrain.graph
    ways = tuple(leg.way for leg in routes.routes[0])
    course = lay_out(graph, ways)
    lon, lat = graph.plane.to_lonlat_arrays(course.x, course.y)
    points = [[round(float(a), 6), round(float(b), 6)] for a, b in zip(lon, lat, strict=True)]
    return {
        "duration_s": round(sum(way.time_s for way in ways)),
        "length_m": round(sum(way.length_m for way in ways)),
        "geometry": {"type": "LineString", "coordinates": points},
    }
