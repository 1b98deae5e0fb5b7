"""Gauges and rain forecasts that sources tell of (`devices.events.Follower`)."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.base.problems import Problem
from apps.hazards.models import Catchment, Level, Station
from apps.hazards.services.provisioning import StationPlan, define_properties, provision_station
from apps.hazards.services.rain_forecasts import keep_rain_forecast
from apps.hazards.snapshot import HOUR
from devices.events import Announced, Follower

logger = logging.getLogger(__name__)


def prepare_stations(_announced: Sequence[Announced]) -> None:
    define_properties()


@transaction.atomic
def connect_stations(announced: Sequence[Announced], gateway: str) -> None:
    """A station for each gauge with a place. One that staff have taken in hand keeps its levels."""
    for one in announced:
        if one.facts["lon"] is None or one.facts["lat"] is None:
            continue  # A thing without a place: staff say where it stands.
        if Station.objects.filter(code=one.code).exists():
            continue
        provision_station(_plan(one, gateway))


def _plan(one: Announced, gateway: str) -> StationPlan:
    facts = one.facts
    return StationPlan(
        code=one.code,
        names=facts["names"],
        kind=facts["kind"],
        gateway=gateway,
        datastream=facts["datastream"],
        lon=facts["lon"],
        lat=facts["lat"],
        levels={name: value for name, value in facts["levels"].items() if name in Level.values},
    )


def prepare_forecasts(announced: Sequence[Announced]) -> None:
    """A cell's forecast to the catchments that lie in it."""
    for one in announced:
        for catchment in Catchment.objects.filter(forecast_code=one.code):
            try:
                _keep(catchment, one.facts)
            except Problem as problem:
                logger.warning("rain forecast %s refused: %s", one.code, problem.errors)


def _keep(catchment: Catchment, facts: Any) -> None:
    hours = {datetime.fromisoformat(at): mm for at, mm in facts["mm_by_hour"].items()}
    begin = min(hours)
    count = round((max(hours) - begin) / HOUR) + 1
    # An hour that the service left out is as wet as the one before it.
    told: list[float] = []
    for n in range(count):
        told.append(hours.get(begin + n * HOUR, told[-1] if told else 0.0))
    keep_rain_forecast(
        catchment=catchment, source="kma", from_at=begin, mm_by_hour=told,
        issued_at=datetime.fromisoformat(facts["issued_at"]),
    )  # fmt: skip


def nothing(_announced: Sequence[Announced], _gateway: str) -> None:
    """A forecast has no datastream to connect."""


stations = Follower("water_station", prepare_stations, connect_stations)
forecasts = Follower("rain_forecast", prepare_forecasts, nothing)
