"""Rain that others foresee comes in: by catchment or on a grid, and every forecast of a river below
is made anew with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import clock, work
from apps.base.geo import metres_between
from apps.base.problems import Invalid
from apps.hazards.models import Catchment, RainForecast, Station
from apps.hazards.services.forecasts import FORECAST

MOST_HOURS = 240
MOST_MM = 300.0
MOST_SPOTS = 5_000
NEAREST_M = 10_000.0
EARLY = timedelta(minutes=5)
TOLD_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a row of hours is meant for: a catchment, or the middle of a cell."""

    mm_by_hour: Sequence[float]
    catchment: str = ""
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def take_rain_forecast(
    *, source: str, issued_at: datetime, from_at: datetime, spots: Sequence[Spot]
) -> list[RainForecast]:
    """A whole forecast, by catchments or on a grid.

    Raises:
        Invalid: a spot without a place, a catchment nobody knows, a grid that reaches none.
    """
    named = {spot.catchment: spot for spot in spots if spot.catchment}
    known = {one.code: one for one in Catchment.objects.filter(code__in=named)}
    _check(spots, set(named) - set(known))
    rows = {code: list(named[code].mm_by_hour) for code in known}
    grid = [spot for spot in spots if not spot.catchment]
    for catchment, amounts in _on_grid(grid):
        rows.setdefault(catchment.code, amounts)
        known[catchment.code] = catchment
    if not rows:
        raise Invalid(errors={"spots": _("None of these lies in or near a catchment.")})
    return [
        keep_rain_forecast(
            catchment=known[code], source=source, issued_at=issued_at, from_at=from_at,
            mm_by_hour=amounts,
        )
        for code, amounts in sorted(rows.items())
    ]  # fmt: skip


def _check(spots: Sequence[Spot], unknown: set[str]) -> None:
    if unknown:
        raise Invalid(errors={"spots": _("Not known: %s.") % ", ".join(sorted(unknown))})
    if any(not spot.catchment and (spot.lon is None or spot.lat is None) for spot in spots):
        raise Invalid(errors={"spots": _("Each needs a catchment, or lon and lat.")})
    if len({len(spot.mm_by_hour) for spot in spots}) > 1:
        raise Invalid(errors={"spots": _("All need the same number of hours.")})


def _on_grid(grid: Sequence[Spot]) -> Iterator[tuple[Catchment, list[float]]]:
    if not grid:
        return
    amounts = np.array([spot.mm_by_hour for spot in grid])
    for catchment in Catchment.objects.all():
        chosen = _cells_of(catchment, grid)
        if chosen:
            yield catchment, [float(mm) for mm in amounts[chosen].mean(axis=0)]


def _cells_of(catchment: Catchment, grid: Sequence[Spot]) -> list[int]:
    """Cells whose middle lies in it; a small catchment lies within one: the nearest."""
    middle = _middle(catchment)
    if middle is None:
        return []
    if catchment.geom:
        land = catchment.geom.prepared
        inside = [n for n, spot in enumerate(grid) if land.contains(_point(spot))]
        if inside:
            return inside
    points = [_point(spot) for spot in grid]
    away = metres_between(middle.x, middle.y, [p.x for p in points], [p.y for p in points])
    nearest = int(np.argmin(away))
    return [nearest] if away[nearest] <= NEAREST_M else []


def _middle(catchment: Catchment) -> Point | None:
    if catchment.geom:
        return catchment.geom.centroid
    gauge = Station.objects.in_use().filter(catchment=catchment).first()
    return gauge.geom if gauge else None


def _point(spot: Spot) -> Point:
    assert spot.lon is not None
    assert spot.lat is not None
    return Point(spot.lon, spot.lat, srid=4326)


@transaction.atomic
def keep_rain_forecast(
    *,
    catchment: Catchment,
    source: str,
    issued_at: datetime,
    from_at: datetime,
    mm_by_hour: Sequence[float],
) -> RainForecast:
    """Take in what a weather service foresees; the same issue again replaces it. Rivers below are
    forecast anew if it says anything new.

    Raises:
        Invalid: negative or absurd amounts, more than ten days, from the future, or long past.
    """
    amounts = [float(mm) for mm in mm_by_hour]
    if not amounts or len(amounts) > MOST_HOURS or not all(0 <= mm <= MOST_MM for mm in amounts):
        raise Invalid(errors={"mm_by_hour": _("1 to 240 hours of 0 to 300 mm each.")})
    if issued_at > clock.now() + EARLY:
        raise Invalid(errors={"issued_at": _("It is from the future.")})
    if from_at < issued_at - TOLD_LATE:
        raise Invalid(errors={"from_at": _("It begins more than a day before it was issued.")})
    told = {"from_at": from_at, "mm_by_hour": amounts}
    row, created = RainForecast.objects.get_or_create(
        catchment=catchment, source=source, issued_at=issued_at,
        defaults={**told, "created_at": clock.now()},
    )  # fmt: skip
    if not created and (row.from_at, row.mm_by_hour) == (from_at, amounts):
        return row
    if not created:
        RainForecast.objects.filter(pk=row.pk).update(**told)
        row.from_at, row.mm_by_hour = from_at, amounts
    _forecast_anew(catchment)
    return row


def _forecast_anew(catchment: Catchment) -> None:
    below = list(catchment.stations.values_list("pk", flat=True))
    if below:
        work.enqueue(FORECAST, {"stations": below})
