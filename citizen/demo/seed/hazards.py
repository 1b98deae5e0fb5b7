"""Dalbit's gauges, river, underpass, old school and smoke detectors, and the years behind them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.contrib.gis.geos import LineString, Polygon

from apps.base import clock
from apps.hazards.models import ModelVersion, Station, Structure, StructureWindow
from apps.hazards.services.inundation import build_curve, build_steps, project_terrain
from apps.hazards.services.provisioning import (
    CatchmentPlan,
    StationPlan,
    connect_structure_sensor,
    define_properties,
    provision_catchment,
    provision_detector,
    provision_reach,
    provision_station,
    provision_structure,
    provision_underpass,
)
from apps.hazards.services.records import write_hours
from apps.hazards.services.structure_baselines import learn_baseline
from citizen.demo.movement.gauges import (
    GAUGE_EVERY_S,
    WALL_HZ,
    WALL_MODES_HZ,
    WINDOW_S,
    wall_temperature_c,
)
from citizen.demo.movement.weather import (
    BASINS,
    EXPOSURE,
    STEP_S,
    discharge_m3_s,
    rain_mm_h,
)
from citizen.demo.seed.gateway_keys import gateway_of
from citizen.demo.seed.town_map import KOREA_CENTRAL_BELT_2010
from citizen.demo.world.devices import STREAMS, Thing
from citizen.demo.world.gauges import UNDERPASS, Gauge
from citizen.demo.world.plane import to_lonlat
from citizen.demo.world.river import River
from citizen.demo.world.town import SEED, Town
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing

LEARNED = Path(__file__).parent / "dalbit_river.npz"
RECORD_DAYS = 420
EVAPORATION_MM_DAY = (0.7, 1.1, 1.9, 2.9, 3.7, 4.1, 4.0, 3.9, 2.9, 2.0, 1.2, 0.8)
KINDS = ("stage_gauge", "rain_gauge", "depth_gauge", "wall_sensor", "smoke_detector")
CATCHMENT = {"STAGE-EUNHAENG": "dalbit-upper", "STAGE-DALBIT": "dalbit"}
_NAMES = {
    "stage_gauge": {"ko": "수위계", "en": "Stage gauge"},
    "rain_gauge": {"ko": "우량계", "en": "Rain gauge"},
    "depth_gauge": {"ko": "침수심 센서", "en": "Depth gauge"},
    "wall_sensor": {"ko": "벽체 센서", "en": "Wall sensor"},
    "smoke_detector": {"ko": "연기 감지기", "en": "Smoke detector"},
}


def seed_hazards(town: Town) -> None:
    define_properties()
    for thing in town.things:
        if thing.kind in KINDS:
            _provision(town, thing)
    _stations(town)
    _water(town)
    _school(town)
    _smoke(town)
    _years()


def _provision(town: Town, thing: Thing) -> None:
    streams = tuple(
        DatastreamPlan(
            code=f"{thing.code}:{observed}", observed_property=observed, unit=unit,
            expected_interval_s=GAUGE_EVERY_S if thing.kind.endswith("gauge") else every_s,
        )
        for observed, unit, every_s in STREAMS[thing.kind]
    )  # fmt: skip
    plan = ThingPlan(
        code=thing.code, names=_NAMES[thing.kind], lon=thing.lon, lat=thing.lat, datastreams=streams
    )
    provision_thing(gateway=gateway_of(town, thing.gateway), plan=plan)


def _stations(town: Town) -> None:
    for code, names in (
        ("dalbit", {"ko": "달빛천 유역", "en": "Dalbit catchment"}),
        ("dalbit-upper", {"ko": "달빛천 상류 유역", "en": "Upper Dalbit catchment"}),
    ):
        station = next(s for s, c in CATCHMENT.items() if c == code)
        provision_catchment(
            CatchmentPlan(
                code=code, names=names, area_km2=BASINS[station].area_km2,
                evaporation_mm_day=EVAPORATION_MM_DAY,
            )
        )  # fmt: skip
    # Rain first: stages name the gauges that explain them.
    for gauge in sorted(town.gauges, key=lambda gauge: gauge.kind != "rain"):
        provision_station(_plan(gauge))


def _plan(gauge: Gauge) -> StationPlan:
    observed = Station.PROPERTY[Station.Kind(gauge.kind)]
    levels = gauge.levels
    return StationPlan(
        code=gauge.code,
        names={"": gauge.name_ko, "ko": gauge.name_ko, "en": gauge.name_en},
        kind=gauge.kind,
        gateway="GW-WATER",
        datastream=f"T-{gauge.code}:{observed}",
        lon=gauge.lon,
        lat=gauge.lat,
        levels={} if gauge.kind == "rain" else {
            "attention": levels.attention, "warning": levels.warning, "alarm": levels.alarm,
            "serious": levels.serious,
        },
        catchment=CATCHMENT.get(gauge.code, ""),
        rain_stations=[code for code in gauge.upstream if code.startswith("RAIN")],
        rating=BASINS[gauge.code].rating() if gauge.code in BASINS else (),
        facts={"zero_m": gauge.zero_m, "window_h": 3},
    )  # fmt: skip


def _water(town: Town) -> None:
    """Two reaches of the river with their steps, and the underpass."""
    terrain = project_terrain(
        town.heights.values, transform=town.heights.transform, crs="EPSG:4326",
        name=f"dalbit {town.fingerprint[:12]}", srid=KOREA_CENTRAL_BELT_2010,
    )  # fmt: skip
    line = River().line
    half = len(line) // 3
    for code, names, gauge, part in (
        (
            "upper",
            {"ko": "은행교 구간", "en": "Eunhaeng reach"},
            "STAGE-EUNHAENG",
            line[: half + 1],
        ),
        ("lower", {"ko": "달빛교 구간", "en": "Dalbit reach"}, "STAGE-DALBIT", line[half:]),
    ):
        course = LineString([to_lonlat((float(x), float(y))) for x, y in part], srid=4326)
        station = Station.objects.get(code=gauge)
        reach = provision_reach(code=code, names=names, station=station, course=course)
        if reach.terrain != terrain.name:
            build_steps(reach=reach, terrain=terrain, actor="demo:seed", highest_m=6.0)
    underpass = provision_underpass(
        code="byeolbit",
        names={"": "별빛지하차도", "ko": "별빛지하차도", "en": "Byeolbit Underpass"},
        area=_square(UNDERPASS, 22.0),
        station=Station.objects.get(code="DEPTH-BYEOLBIT"),
        closed_from_m=0.15,
        pumps_m3_s=0.05,
    )
    if not underpass.curve:
        build_curve(underpass=underpass, terrain=terrain, actor="demo:seed")


def _square(centre: tuple[float, float], half_m: float) -> Polygon:
    x, y = centre
    corners = [
        (x + dx * half_m, y + dy * half_m) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    ]
    ring = [to_lonlat(corner) for corner in (*corners, corners[0])]
    return Polygon(ring, srid=4326)


def _school(town: Town) -> None:
    """The old school, listened to at two corners, with a year of healthy windows behind it."""
    school = next(place for place in town.places if place.code == "old_school")
    structure = provision_structure(
        code="old-school",
        names={"": school.name_ko, "ko": school.name_ko, "en": school.name_en},
        footprint=Polygon(school.ring, srid=4326), height_m=11.0,
        line=Structure.Line.SENSITIVE, built_year=1938, rate_hz=WALL_HZ, window_s=WINDOW_S,
        known_hz=list(WALL_MODES_HZ),
    )  # fmt: skip
    for number in (1, 2):
        connect_structure_sensor(
            structure=structure, gateway="GW-HERITAGE", role="velocity",
            datastream=f"T-WALL-{number}:wall_velocity",
        )  # fmt: skip
    for role, observed in (("tilt", "tilt"), ("temperature", "air_temperature")):
        connect_structure_sensor(
            structure=structure, gateway="GW-HERITAGE", role=role,
            datastream=f"T-WALL-1:{observed}",
        )  # fmt: skip
    if structure.baseline is None:
        now = clock.now().replace(minute=0, second=0, microsecond=0)
        StructureWindow.objects.bulk_create(_healthy_year(structure, now), ignore_conflicts=True)
        learn_baseline(
            structure=structure, since=now - timedelta(days=366), to=now, actor="demo:seed"
        )


def _healthy_year(structure: Structure, now: datetime) -> list[StructureWindow]:
    dice = np.random.default_rng(SEED)
    windows = []
    for hour in range(24 * 365, 0, -1):
        at = now - timedelta(hours=hour)
        warm = wall_temperature_c(at) + 4 * np.sin(2 * np.pi * (at.hour - 9) / 24)
        slower = 1 - 0.0006 * max(warm, 0.0)
        own = dice.normal(0, 0.0035, len(WALL_MODES_HZ))
        told = [round(f * (slower + e), 4) for f, e in zip(WALL_MODES_HZ, own, strict=True)]
        peak = float(np.exp(dice.normal(np.log(0.12), 0.3)))
        windows.append(
            StructureWindow(
                structure=structure, at=at, velocity_mm_s=round(peak, 3), frequency_hz=5.1,
                guide_mm_s=3.0, frequencies_hz=told, temperature_c=round(float(warm), 2),
            )
        )  # fmt: skip
    return windows


def _smoke(town: Town) -> None:
    for thing in town.things:
        if thing.kind == "smoke_detector":
            number = thing.code[-1]
            provision_detector(
                code=f"SMOKE-MARKET-{number}",
                names={"": f"달빛장 감지기 {number}", "ko": f"달빛장 감지기 {number}",
                       "en": f"Market detector {number}"},
                kind="smoke", gateway=thing.gateway, datastream=f"{thing.code}:smoke_detected",
                lon=thing.lon, lat=thing.lat, place="달빛장 지붕",
            )  # fmt: skip


# ---------------------------------------------------------------- the years before


def hours_of(code: str, first: datetime, hours: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """A gauge's hourly record, as its own devices would have made it: sums of rain, mean stages."""
    steps = hours * 3600 // STEP_S
    at_s = first.timestamp() + STEP_S * np.arange(1, steps + 1, dtype=np.float64)
    if code in EXPOSURE:
        fallen = rain_mm_h(code, at_s - STEP_S / 2, seed=SEED) * STEP_S / 3600
        return np.asarray(fallen.reshape(hours, -1).sum(axis=1))
    basin = BASINS[code]
    stage = basin.stage(discharge_m3_s(basin, at_s, seed=SEED))
    return np.asarray(stage.reshape(hours, -1).mean(axis=1))


def _years() -> None:
    """What the gauges saw before there was a Citizen, and what was learned from it."""
    first = clock.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=RECORD_DAYS)
    hours = RECORD_DAYS * 24
    for code in (*EXPOSURE, *BASINS):
        values = hours_of(code, first, hours).round(4)
        rows = ((first + timedelta(hours=n), float(value)) for n, value in enumerate(values))
        write_hours(Station.objects.get(code=code), rows)
    _learned(first)


def _learned(first: datetime) -> None:
    """The model that `train_dalbit` made beforehand, so that a new town can foresee at once."""
    station = Station.objects.get(code="STAGE-DALBIT")
    if not LEARNED.exists() or station.model_versions.exists():
        return
    ModelVersion.objects.create(
        station=station, number=1, state=ModelVersion.State.ACTIVE, progress=1.0, from_at=first,
        to_at=clock.now(), artefact=LEARNED.read_bytes(), created_at=clock.now(),
        trained_at=clock.now(), parameters={"source": "train_dalbit"},
    )  # fmt: skip
