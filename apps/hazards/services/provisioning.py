"""Catchments, stations, reaches, underpasses, buildings and detectors into the catalogue. A plan
may be applied as often as one likes: rows are found by code and brought up to date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LineString, Point, Polygon
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base.problems import Invalid
from apps.city.models import metres_of, the_city
from apps.hazards.models import (
    Catchment,
    Detector,
    RatingRow,
    Reach,
    Station,
    StationState,
    Structure,
    StructureSensor,
    Underpass,
)
from devices.models import Datastream, ObservedProperty
from devices.services.provisioning import PropertyPlan, define_property

Names = Mapping[str, str]

PROPERTIES = (
    PropertyPlan(code="rain_amount", names={"en": "Rain in an interval", "ko": "구간 강우량"},
                 unit="mm", low=0, high=500),
    PropertyPlan(code="river_stage", names={"en": "River stage", "ko": "하천 수위"}, unit="m"),
    PropertyPlan(code="river_discharge", names={"en": "Discharge", "ko": "유량"}, unit="m3/s",
                 low=0),
    PropertyPlan(code="water_depth", names={"en": "Depth of standing water", "ko": "침수심"},
                 unit="m"),
    PropertyPlan(code="reservoir_level", names={"en": "Reservoir level", "ko": "저수위"}, unit="m"),
    PropertyPlan(code="wall_velocity", names={"en": "Wall velocity", "ko": "벽체 진동 속도"},
                 unit="mm/s"),
    PropertyPlan(code="acceleration", names={"en": "Acceleration", "ko": "가속도"}, unit="m/s2"),
    PropertyPlan(code="tilt", names={"en": "Tilt", "ko": "기울기"}, unit="deg"),
    PropertyPlan(code="air_temperature", names={"en": "Air temperature", "ko": "기온"}, unit="Cel"),
    PropertyPlan(code="fire_detected", names={"en": "Fire detected", "ko": "화재 감지"}, unit="1",
                 kind=ObservedProperty.Kind.STATE, low=0, high=1),
    PropertyPlan(code="smoke_detected", names={"en": "Smoke detected", "ko": "연기 감지"}, unit="1",
                 kind=ObservedProperty.Kind.STATE, low=0, high=1),
    PropertyPlan(code="gas_lel", unit="1", low=0, high=1,
                 names={"en": "Gas, share of the explosive limit", "ko": "가스 농도"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchmentPlan:
    code: str
    names: Names
    area_km2: float
    evaporation_mm_day: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """`gateway` and `datastream` name who tells; `levels` the thresholds by name."""

    code: str
    names: Names
    kind: str
    gateway: str
    datastream: str
    lon: float
    lat: float
    levels: Mapping[str, float] = field(default_factory=dict)
    catchment: str = ""
    rain_stations: Sequence[str] = ()
    rating: Sequence[tuple[float, float]] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def define_properties() -> None:
    for plan in PROPERTIES:
        define_property(plan)


def provision_catchment(plan: CatchmentPlan) -> Catchment:
    row, _created = Catchment.objects.update_or_create(
        code=plan.code,
        defaults={
            "names": dict(plan.names),
            "area_km2": plan.area_km2,
            "evaporation_mm_day": list(plan.evaporation_mm_day),
        },
    )
    return row


@transaction.atomic
def provision_station(plan: StationPlan) -> Station:
    """Raises Invalid: no such datastream or catchment, or one that measures something else."""
    stream = _stream(plan.gateway, plan.datastream, Station.PROPERTY[Station.Kind(plan.kind)])
    catchment = Catchment.objects.filter(code=plan.catchment).first()
    if plan.catchment and catchment is None:
        raise Invalid(errors={"catchment": _("There is no such catchment.")})
    place = Point(plan.lon, plan.lat, srid=4326)
    station, _created = Station.objects.update_or_create(
        code=plan.code,
        defaults={
            "names": dict(plan.names),
            "kind": plan.kind,
            "datastream": stream,
            "geom": place,
            "geom_m": in_metres(place),
            "catchment": catchment,
            "retired_at": None,
            **plan.levels,
            **plan.facts,
        },
    )
    station.rain_stations.set(Station.objects.filter(code__in=plan.rain_stations))
    station.rating.all().delete()
    RatingRow.objects.bulk_create(
        RatingRow(station=station, stage_m=stage, discharge_m3_s=flow)
        for stage, flow in plan.rating
    )
    StationState.objects.get_or_create(station=station)
    return station


def provision_reach(
    *, code: str, names: Names, station: Station, course: LineString, **facts: Any
) -> Reach:
    """A stretch of river that goes with a gauge; its steps are computed by `build_steps`."""
    row, _created = Reach.objects.update_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "station": station,
            "geom": course,
            "geom_m": in_metres(course),
            **facts,
        },
    )
    return row


def provision_underpass(
    *, code: str, names: Names, area: Polygon, station: Station | None, **facts: Any
) -> Underpass:
    row, _created = Underpass.objects.update_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "geom": area,
            "geom_m": in_metres(area),
            "station": station,
            **facts,
        },
    )
    return row


def provision_structure(
    *, code: str, names: Names, footprint: Polygon, height_m: float, line: str, **facts: Any
) -> Structure:
    row, _created = Structure.objects.update_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "footprint": footprint,
            "geom_m": in_metres(footprint),
            "height_m": height_m,
            "line": line,
            **facts,
        },
    )
    return row


_HEARD = {
    StructureSensor.Role.VELOCITY: "wall_velocity",
    StructureSensor.Role.ACCELERATION: "acceleration",
    StructureSensor.Role.TILT: "tilt",
    StructureSensor.Role.TEMPERATURE: "air_temperature",
}


def connect_structure_sensor(
    *, structure: Structure, gateway: str, datastream: str, role: str, spot: str = "foundation"
) -> StructureSensor:
    """Raises Invalid: no such datastream, or one that measures something else."""
    stream = _stream(gateway, datastream, _HEARD[StructureSensor.Role(role)])
    sensor, _created = StructureSensor.objects.update_or_create(
        datastream=stream, defaults={"structure": structure, "role": role, "spot": spot}
    )
    return sensor


def provision_detector(
    *, code: str, names: Names, kind: str, gateway: str, datastream: str, lon: float, lat: float,
    **facts: Any,
) -> Detector:  # fmt: skip
    """Raises Invalid: no such datastream, or one that measures something else."""
    stream = _stream(gateway, datastream, Detector.PROPERTY[Detector.Kind(kind)])
    place = Point(lon, lat, srid=4326)
    detector, _created = Detector.objects.update_or_create(
        code=code,
        defaults={
            "names": dict(names),
            "kind": kind,
            "datastream": stream,
            "geom": place,
            "geom_m": in_metres(place),
            **facts,
        },
    )
    return detector


def in_metres(geom: GEOSGeometry) -> GEOSGeometry:
    return metres_of(geom, srid=the_city().srid)


def _stream(gateway: str, code: str, observed: str) -> Datastream:
    stream = Datastream.objects.filter(gateway__code=gateway, code=code).first()
    if stream is None:
        raise Invalid(errors={"datastream": _("There is no such datastream.")})
    if not Datastream.objects.filter(pk=stream.pk, observed_property__code=observed).exists():
        raise Invalid(errors={"datastream": _("It must observe %s.") % observed})
    return stream
