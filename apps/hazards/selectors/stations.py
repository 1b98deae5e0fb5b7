"""Stations as every screen shows them, and the newest forecast of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Point
from django.db.models import F, QuerySet, Value

from apps.base import clock
from apps.city.models import Metres, MetresApart
from apps.hazards.models import Forecast, Station
from apps.hazards.snapshot import NOTHING, Readings, read_readings

TOPIC = "hazards.stations:all"
_BESIDE = ("state", "catchment")
FORECAST_VALID = timedelta(hours=3)


def station_rows(station_ids: Iterable[int]) -> list[dict[str, Any]]:
    return [as_row(one) for one in _shown(Station.objects.filter(pk__in=list(station_ids)))]


class StationsSource:
    """The live topic `hazards.stations:all`."""

    def rows(self, key: str, *, since: int | None) -> list[dict[str, Any]]:
        if key != "all":
            raise KeyError(key)
        if since is None:
            return [as_row(one) for one in _shown(Station.objects.in_use())]
        return [as_row(one) for one in _shown(Station.objects.filter(state__changed_in__gte=since))]


stations_source = StationsSource()


def _shown(stations: QuerySet[Station]) -> QuerySet[Station]:
    return stations.filter(state__isnull=False).select_related(*_BESIDE).order_by("pk")


def as_row(station: Station) -> dict[str, Any]:
    """A station for screens. A value that is not good is shown with its flag, never as level."""
    state = station.state
    return {
        "id": station.code,
        "version": state.version,
        "names": station.names,
        "kind": station.kind,
        "unit": station.unit,
        "lon": station.geom.x,
        "lat": station.geom.y,
        "value": state.value,
        "observed_at": state.observed_at,
        "flag": state.flag,
        "cause": state.cause,
        "level": state.level if state.flag == "good" else "",
        "levels": station.levels(),
        "change_1h": state.change_1h,
        "probability": state.probability,
        "peak": state.peak,
        "peak_at": state.peak_at,
        "gone": station.retired_at is not None,
    }


def nearby_stations(
    *, lon: float, lat: float, limit: int, kinds: list[str]
) -> list[dict[str, Any]]:
    """The nearest first, with their distance."""
    here = Value(Point(lon, lat, srid=4326), output_field=PointField(srid=4326))
    stations = _shown(Station.objects.in_use())
    if kinds:
        stations = stations.filter(kind__in=kinds)
    away = MetresApart(F("geom_m"), Metres(here))
    nearest = stations.annotate(away=away).order_by("away", "pk")[:limit]
    return [{**as_row(one), "distance_m": round(one.away)} for one in nearest]


def newest_forecast(station: Station, *, at: datetime | None = None) -> Forecast | None:
    """The newest that is still worth showing."""
    now = at or clock.now()
    return (
        Forecast.objects.filter(
            station=station, issued_at__gt=now - FORECAST_VALID, issued_at__lte=now
        )
        .select_related("version")
        .order_by("-issued_at")
        .first()
    )


def readings_of(station: Station, *, hours: int, to: datetime | None = None) -> Readings:
    """What a station said in the last hours, in its unit."""
    end = to or clock.now()
    wanted = Station.objects.select_related("datastream").get(pk=station.pk)
    found = read_readings([wanted], after=end - timedelta(hours=hours), to=end)
    return found.get(station.pk, NOTHING)
