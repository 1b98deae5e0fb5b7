"""Rows into charts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from apps.base import clock
from apps.city.models import the_city
from apps.hazards.core.charts import Band, Hydrograph, Peak, Point, draw, draw_peaks
from apps.hazards.models import Forecast, HourlyValue, Level, Station, Structure
from apps.hazards.selectors.stations import newest_forecast, readings_of
from devices.events import EPOCH

BEFORE_H = 24


def hydrograph(station: Station, *, forecast: Forecast | None = None) -> str:
    """The last day of a station and its forecast: the newest, or one that was asked for."""
    now = forecast.issued_at if forecast else clock.now()
    shown = forecast or newest_forecast(station)
    found = readings_of(station, hours=BEFORE_H, to=now)
    observed = [
        Point(EPOCH + timedelta(microseconds=int(us)), float(value))
        for us, value in zip(found.times_us, found.values, strict=True)
    ]
    return draw(
        Hydrograph(
            title=_("%s: hydrograph") % station,
            unit=station.unit,
            observed=observed,
            now=now,
            foreseen=_bands(shown),
            levels=[(str(Level(name).label), value) for name, value in station.levels().items()],
            rain=_rain(station, now),
            zone=now.astimezone(the_city().zone).utcoffset() or timedelta(),
        )
    )


def _bands(forecast: Forecast | None) -> Sequence[Band]:
    if forecast is None:
        return ()
    return [
        Band(datetime.fromisoformat(hour["at"]), hour["p10"], hour["p50"], hour["p90"])
        for hour in forecast.hours
    ]


def _rain(station: Station, now: datetime) -> Sequence[Point]:
    """The wettest of its gauges, hour by hour."""
    hours = (
        HourlyValue.objects.filter(
            station__explains=station, hour_at__gt=now - timedelta(hours=BEFORE_H), hour_at__lte=now
        )
        .order_by("hour_at")
        .values_list("hour_at", "value")
    )
    most: dict[datetime, float] = {}
    for at, value in hours:
        most[at] = max(most.get(at, 0.0), value)
    return [Point(at + timedelta(minutes=30), value) for at, value in most.items()]


def peaks(structure: Structure, *, days: int = 14) -> str:
    """A building's peaks of the last days."""
    windows = structure.windows.filter(
        at__gt=clock.now() - timedelta(days=days), velocity_mm_s__isnull=False
    ).order_by("at")
    return draw_peaks(
        _("%s: peaks beside their guide value") % structure,
        [
            Peak(window.at, window.velocity_mm_s, window.guide_mm_s, window.novel)
            for window in windows
            if window.velocity_mm_s is not None and window.guide_mm_s
        ],
    )
