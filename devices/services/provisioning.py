"""Things and their datastreams into the catalogue. Each function may be called again with the
same code: it then brings the row up to date, so that a plan can be applied as often as one likes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.base.units import UNITS
from apps.city.models import Metres
from devices.ingest.streams import scale
from devices.models import Datastream, Gateway, ObservedProperty, Thing

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PropertyPlan:
    """What can be observed. `unit` is the UCUM code in which receivers get it."""

    code: str
    names: Names
    unit: str
    kind: str = ObservedProperty.Kind.GAUGE
    definition: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatastreamPlan:
    """What a thing will tell. `code` is unique within its gateway; no `unit` = the property's."""

    code: str
    observed_property: str
    unit: str = ""
    expected_interval_s: int | None = None
    low: float | None = None
    high: float | None = None
    stuck_after_s: int | None = None
    names: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThingPlan:
    code: str
    names: Names
    lon: float | None = None
    lat: float | None = None
    height_m: float | None = None
    description: str = ""
    datastreams: tuple[DatastreamPlan, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)


def define_property(plan: PropertyPlan) -> ObservedProperty:
    """Raises Invalid for a unit that is not known."""
    if plan.unit not in UNITS:
        raise Invalid(errors={"unit": _("%s is not a known UCUM unit.") % plan.unit})
    row, _created = ObservedProperty.objects.update_or_create(
        code=plan.code,
        defaults={
            "names": dict(plan.names),
            "unit": plan.unit,
            "kind": plan.kind,
            "definition": plan.definition,
            "low": plan.low,
            "high": plan.high,
        },
    )
    return row


@transaction.atomic
def provision_thing(*, gateway: Gateway, plan: ThingPlan) -> Thing:
    """Put a thing and its datastreams under a gateway.

    Raises:
        Invalid: an unknown property, or a unit that does not measure it.
        Conflict: the thing belongs to another gateway.
    """
    if Thing.objects.filter(code=plan.code).exclude(gateway=gateway).exists():
        raise Conflict(errors={"code": _("This thing belongs to another gateway.")})
    facts = {
        "names": dict(plan.names),
        "gateway": gateway,
        "description": plan.description,
        "height_m": plan.height_m,
        "properties": dict(plan.properties),
        "geom": _place(plan),
    }
    thing, _created = Thing.objects.update_or_create(
        code=plan.code, defaults=facts, create_defaults=facts | {"created_at": clock.now()}
    )
    Thing.objects.filter(pk=thing.pk).update(geom_m=Metres("geom"))
    for stream in plan.datastreams:
        provision_datastream(thing, stream)
    return thing


def _place(plan: ThingPlan) -> Point | None:
    if plan.lon is None or plan.lat is None:
        return None
    return Point(plan.lon, plan.lat, srid=4326)


def provision_datastream(thing: Thing, plan: DatastreamPlan) -> Datastream:
    """Raises Invalid as `provision_thing` does."""
    observed = ObservedProperty.objects.filter(code=plan.observed_property).first()
    if observed is None:
        raise Invalid(errors={"observed_property": _("There is no such observed property.")})
    unit = plan.unit or observed.unit
    try:
        scale(from_unit=unit, to_unit=observed.unit)
    except (KeyError, ValueError) as error:
        raise Invalid(errors={"unit": str(error)}) from error
    facts: dict[str, Any] = {
        "thing": thing,
        "observed_property": observed,
        "unit": unit,
        "expected_interval_s": plan.expected_interval_s,
        "low": plan.low,
        "high": plan.high,
        "names": dict(plan.names),
        "retired_at": None,
    }
    if plan.stuck_after_s is not None:  # else what staff set stands
        facts["stuck_after_s"] = plan.stuck_after_s
    stream, _created = Datastream.objects.update_or_create(
        gateway=thing.gateway,
        code=plan.code,
        defaults=facts,
        create_defaults=facts | {"created_at": clock.now()},
    )
    return stream


def retire_datastream(*, datastream: Datastream) -> None:
    """Refuse its observations from now on; what it told stays."""
    Datastream.objects.filter(pk=datastream.pk, retired_at=None).update(retired_at=clock.now())
