"""Incidents for screens and feeds."""

from collections.abc import Iterable

from django.contrib.gis.geos import Point

from apps.base import live
from apps.city.models import metres_of, the_city
from apps.city.selectors.metres import distance_m, within_m
from apps.traffic.models import Incident

TOPIC = "traffic.incidents:all"


def as_row(incident: Incident) -> live.Row:
    row: live.Row = {"id": str(incident.code), "version": incident.version}
    if incident.cleared_at is not None:
        return row | {"gone": True}
    centre = incident.geom.centroid
    return row | {
        "kind": incident.kind,
        "severity": incident.severity,
        "description": incident.description,
        "lon": centre.x,
        "lat": centre.y,
        "geometry": {"type": incident.geom.geom_type, "coordinates": incident.geom.coords},
        "link": incident.link.code if incident.link else None,
        "source": incident.source,
        "started_at": incident.started_at,
        "expected_until": incident.expected_until,
        "updated_at": incident.updated_at,
    }


class IncidentsSource:
    """The live topic `traffic.incidents:all`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[live.Row]:
        if key != "all":
            raise KeyError(key)
        found = Incident.objects.select_related("link")
        found = found.open() if since is None else found.changed_since(since)
        return [as_row(row) for row in found.order_by("pk")]


incidents_source = IncidentsSource()


def open_incidents() -> list[Incident]:
    return list(Incident.objects.open().select_related("link").order_by("pk"))


def incidents_near(*, lon: float, lat: float, radius_m: float) -> list[Incident]:
    """Open ones, the nearest first; each with `off_m`."""
    here = metres_of(Point(lon, lat, srid=4326), srid=the_city().srid)
    near = Incident.objects.open().filter(within_m(here, radius_m)).select_related("link")
    return list(near.annotate(off_m=distance_m(here)).order_by("off_m", "pk"))
