"""The gauges of a drill: one of rain, one of discharge, in a catchment with a year behind it."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from apps.base import clock
from apps.hazards.core.history import History
from apps.hazards.core.learned import learn
from apps.hazards.models import HourlyValue, ModelVersion, Station
from apps.hazards.services.provisioning import (
    CatchmentPlan,
    StationPlan,
    define_properties,
    provision_catchment,
    provision_station,
)
from apps.hazards.services.records import write_hours
from apps.hazards.snapshot import HOUR, depth_mm_h
from citizen.demo.floods.recording import Hour
from devices.models import Gateway
from devices.services.gateways import create_gateway, rotate_key
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

AREA_KM2 = 920.0
GATEWAY, RAIN, FLOW = "GW-DRILL", "DRILL-RAIN", "DRILL-FLOW"
LEVELS = (("attention", 0.95), ("warning", 0.99), ("alarm", 0.996), ("serious", 0.999))
LEARNED_TREES, LEARNED_LEADS_H, WINDOW_H = 40, (1, 3, 6, 12, 24), 6


def flow_m3_s(hour: Hour) -> float:
    return hour.discharge_mm * AREA_KM2 / 3.6


def provision(past: Sequence[Hour], *, lon: float, lat: float) -> str:
    """Gauges, their thresholds from the past, and a model learned from it. Returns the key."""
    define_properties()
    row = Gateway.objects.filter(code=GATEWAY).first()
    if row is None:
        row, key = create_gateway(code=GATEWAY, names={"en": "Drill", "ko": "훈련"}, actor="drill")
    else:
        key = rotate_key(gateway=row, actor="drill")
    _things(row, lon, lat)
    _stations(past, lon, lat)
    _record(past)
    _learn(past)
    return key


def levels_of(past: Sequence[Hour]) -> dict[str, float]:
    flows = np.array([flow_m3_s(hour) for hour in past])
    told = {name: round(float(np.quantile(flows, share)), 1) for name, share in LEVELS}
    assert all(low < high for low, high in pairwise(told.values()))
    return told


def _things(gateway: Gateway, lon: float, lat: float) -> None:
    for code, observed, unit in ((RAIN, "rain_amount", "mm"), (FLOW, "river_discharge", "m3/s")):
        stream = DatastreamPlan(
            code=code, observed_property=observed, unit=unit, expected_interval_s=3600
        )
        names = {"en": code, "ko": code}
        plan = ThingPlan(code=code, names=names, lon=lon, lat=lat, datastreams=(stream,))
        provision_thing(gateway=gateway, plan=plan)


def _stations(past: Sequence[Hour], lon: float, lat: float) -> None:
    provision_catchment(
        CatchmentPlan(
            code="drill", names={"en": "Drill", "ko": "훈련 유역"}, area_km2=AREA_KM2,
            evaporation_mm_day=_evaporation(past),
        )
    )  # fmt: skip
    provision_station(
        StationPlan(code=RAIN, names={"en": "Rain of the drill", "ko": "훈련 우량"}, kind="rain",
                    gateway=GATEWAY, datastream=RAIN, lon=lon, lat=lat)
    )  # fmt: skip
    provision_station(
        StationPlan(code=FLOW, names={"en": "River of the drill", "ko": "훈련 하천"},
                    kind="discharge", gateway=GATEWAY, datastream=FLOW, lon=lon, lat=lat,
                    levels=levels_of(past), catchment="drill", rain_stations=(RAIN,),
                    facts={"window_h": WINDOW_H})
    )  # fmt: skip


def _evaporation(past: Sequence[Hour]) -> list[float]:
    """mm a day by month."""
    sums, counts = np.zeros(12), np.zeros(12)
    for hour in past:
        sums[hour.at.month - 1] += hour.evaporation_mm
        counts[hour.at.month - 1] += 1
    return [round(float(mm), 3) for mm in 24 * sums / np.maximum(counts, 1)]


def _record(past: Sequence[Hour]) -> None:
    rain, flow = Station.objects.get(code=RAIN), Station.objects.get(code=FLOW)
    HourlyValue.objects.filter(station__in=(rain, flow)).delete()
    write_hours(rain, ((hour.at - HOUR, hour.rain_mm) for hour in past))
    write_hours(flow, ((hour.at - HOUR, flow_m3_s(hour)) for hour in past))


def _learn(past: Sequence[Hour]) -> None:
    """Smaller than a real training, so that a drill begins within a minute or two."""
    history = History(
        np.array([hour.rain_mm for hour in past]),
        np.array([hour.evaporation_mm for hour in past]),
        np.array([hour.discharge_mm for hour in past]),
    )
    station = Station.objects.get(code=FLOW)
    alarm = depth_mm_h(np.array([station.levels()["alarm"]]), AREA_KM2)[0]
    learned = learn(
        history, level_mm_h=float(alarm), window_h=WINDOW_H, leads=LEARNED_LEADS_H,
        trees=LEARNED_TREES,
    )  # fmt: skip
    station.model_versions.all().delete()
    ModelVersion.objects.create(
        station=station, number=1, state=ModelVersion.State.ACTIVE, progress=1.0,
        from_at=past[0].at, to_at=past[-1].at, artefact=learned.written(),
        created_at=clock.now(), trained_at=clock.now(), parameters={"source": "drill"},
    )  # fmt: skip
