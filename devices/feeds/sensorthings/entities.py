"""The entities of SensorThings 1.1 over our rows: where each property and each neighbour is found.

A thing has one present place, so Location and FeatureOfInterest share its key; of past places
nothing is kept, so HistoricalLocations is empty. An observation's key is its datastream and its
instant, written `12-1763780400000000` (microseconds since 1970).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any

from django.db.models import Expression, F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from devices.events import EPOCH
from devices.models import Datastream, Observation, ObservedProperty, Sensor, Thing

O_AND_M = "http://www.opengis.net/def/observationType/OGC-OM/2.0"
_TYPES = {
    ObservedProperty.Kind.GAUGE: f"{O_AND_M}/OM_Measurement",
    ObservedProperty.Kind.COUNTER: f"{O_AND_M}/OM_CountObservation",
    ObservedProperty.Kind.STATE: f"{O_AND_M}/OM_CategoryObservation",
}
GEOJSON = "application/geo+json"

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Property:
    """How a property is shown, and by which expression it is filtered and sorted, if it can be."""

    show: Callable[[Any], Any]
    expression: Callable[[str], Expression | F] | None = None


@dataclass(frozen=True)
class Neighbour:
    """The entities that hang on one: `of` narrows their rows to those of a row; where there can be
    one at most, `key` names it; `path` is the way there for filters."""

    target: str
    many: bool
    of: Callable[[Rows, Any], Rows]
    path: str
    key: Callable[[Any], Any] | None = None


@dataclass(frozen=True)
class Entity:
    name: str
    plural: str
    rows: Callable[[], Rows]
    properties: Mapping[str, Property]
    neighbours: Mapping[str, Neighbour] = field(default_factory=dict)
    key_of: Callable[[Any], Any] = lambda row: row.pk
    by_key: Callable[[Rows, str], Rows] = lambda rows, key: (
        rows.filter(pk=int(key)) if key.isdecimal() and len(key) < 19 else rows.none()
    )
    order: tuple[str, ...] = ("pk",)


def written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _column(name: str) -> Callable[[str], F]:
    return lambda prefix: F(prefix + name)


def _name_expression(prefix: str) -> Expression:
    """The English name, else the local one, else the code: as `_name` shows it."""

    def part(language: str) -> Expression:
        return NullIf(KeyTextTransform(language, f"{prefix}names"), Value(""))

    return Coalesce(part("en"), part(""), F(f"{prefix}code"), output_field=TextField())


def _name(row: Any) -> str:
    return str(row.names.get("en") or row.names.get("") or row.code)


NAME = Property(_name, _name_expression)
CODE = Property(lambda row: row.code, _column("code"))


def _geojson(row: Any) -> Any:
    return None if row.geom is None else json.loads(row.geom.geojson)


def _unit(row: Datastream) -> dict[str, str]:
    return {
        "name": row.unit,
        "symbol": row.unit,
        "definition": f"https://ucum.org/ucum#{row.unit}",
    }


def key_of_observation(row: Observation) -> str:
    return f"{row.datastream_id}-{(row.phenomenon_at - EPOCH) // timedelta(microseconds=1)}"


def observation_by_key(rows: Rows, key: str) -> Rows:
    stream, dash, at_us = key.partition("-")
    if not (dash and stream.isdecimal() and at_us.isdecimal()) or len(stream) > 9:
        return rows.none()
    if len(at_us) > 17:
        return rows.none()
    at = EPOCH + timedelta(microseconds=int(at_us))
    return rows.filter(datastream_id=int(stream), phenomenon_at=at)


def _key(row: Any) -> Any:
    return row.pk


def _same_key(rows: Rows, source: Any) -> Rows:
    return rows.filter(pk=source.pk)


def _own(column: str, rows: Rows, source: Any) -> Rows:
    """Rows whose `column` is the source's key."""
    return rows.filter(**{column: source.pk})


def _theirs(column: str, rows: Rows, source: Any) -> Rows:
    """The row that the source's `column` names."""
    return rows.filter(pk=getattr(source, column))


def _thing_of_observation(rows: Rows, source: Observation) -> Rows:
    return rows.filter(datastreams=source.datastream_id)


def _none(rows: Rows, _source: Any) -> Rows:
    return rows.none()


def _placed() -> Rows:
    return Thing.objects.filter(geom__isnull=False)


THINGS = Entity(
    "Thing",
    "Things",
    Thing.objects.all,
    {
        "name": NAME,
        "description": Property(lambda row: row.description or _name(row), _column("description")),
        "properties": Property(lambda row: {"code": row.code, **row.properties}),
    },
    {
        "Locations": Neighbour("Locations", many=True, of=_same_key, path="", key=_key),
        "HistoricalLocations": Neighbour("HistoricalLocations", many=True, of=_none, path=""),
        "Datastreams": Neighbour(
            "Datastreams", many=True, of=partial(_own, "thing"), path="datastreams__"
        ),
    },
)
LOCATIONS = Entity(
    "Location",
    "Locations",
    _placed,
    {
        "name": NAME,
        "description": Property(lambda row: row.description or _name(row), _column("description")),
        "encodingType": Property(lambda _row: GEOJSON, lambda _prefix: Value(GEOJSON)),
        "location": Property(_geojson, _column("geom")),
    },
    {
        "Things": Neighbour("Things", many=True, of=_same_key, path="", key=_key),
        "HistoricalLocations": Neighbour("HistoricalLocations", many=True, of=_none, path=""),
    },
)
HISTORICAL_LOCATIONS = Entity(
    "HistoricalLocation", "HistoricalLocations", Thing.objects.none, {}, {}
)
DATASTREAMS = Entity(
    "Datastream",
    "Datastreams",
    lambda: Datastream.objects.select_related("observed_property", "thing"),
    {
        "name": NAME,
        "description": Property(lambda row: _name(row.observed_property)),
        "observationType": Property(lambda row: _TYPES[row.observed_property.kind]),
        "unitOfMeasurement": Property(_unit),
        "unitOfMeasurement/symbol": Property(lambda row: row.unit, _column("unit")),
        "properties": Property(
            lambda row: {"code": row.code, "expectedInterval_s": row.expected_interval_s}
        ),
        "properties/code": CODE,
    },
    {
        "Thing": Neighbour(
            "Things",
            many=False,
            of=partial(_theirs, "thing_id"),
            path="thing__",
            key=attrgetter("thing_id"),
        ),
        "Sensor": Neighbour(
            "Sensors",
            many=False,
            of=partial(_theirs, "sensor_id"),
            path="sensor__",
            key=attrgetter("sensor_id"),
        ),
        "ObservedProperty": Neighbour(
            "ObservedProperties",
            many=False,
            of=partial(_theirs, "observed_property_id"),
            path="observed_property__",
            key=attrgetter("observed_property_id"),
        ),
        "Observations": Neighbour(
            "Observations", many=True, of=partial(_own, "datastream"), path="observation__"
        ),
    },
)
SENSORS = Entity(
    "Sensor",
    "Sensors",
    Sensor.objects.all,
    {
        "name": NAME,
        "description": Property(lambda row: row.description or _name(row), _column("description")),
        "encodingType": Property(lambda row: row.encoding, _column("encoding")),
        "metadata": Property(lambda row: row.metadata, _column("metadata")),
    },
    {
        "Datastreams": Neighbour(
            "Datastreams", many=True, of=partial(_own, "sensor"), path="datastreams__"
        )
    },
)
OBSERVED_PROPERTIES = Entity(
    "ObservedProperty",
    "ObservedProperties",
    ObservedProperty.objects.all,
    {
        "name": NAME,
        "definition": Property(
            lambda row: row.definition or f"urn:citizen:property:{row.code}",
            _column("definition"),
        ),
        "description": Property(_name),
        "properties": Property(lambda row: {"code": row.code, "kind": row.kind}),
        "properties/code": CODE,
    },
    {
        "Datastreams": Neighbour(
            "Datastreams", many=True, of=partial(_own, "observed_property"), path="datastreams__"
        )
    },
)
OBSERVATIONS = Entity(
    "Observation",
    "Observations",
    lambda: Observation.objects.select_related("datastream"),
    {
        "phenomenonTime": Property(
            lambda row: written(row.phenomenon_at), _column("phenomenon_at")
        ),
        "resultTime": Property(lambda row: written(row.received_at), _column("received_at")),
        "result": Property(lambda row: row.result, _column("result")),
    },
    {
        "Datastream": Neighbour(
            "Datastreams",
            many=False,
            of=partial(_theirs, "datastream_id"),
            path="datastream__",
            key=attrgetter("datastream_id"),
        ),
        "FeatureOfInterest": Neighbour(
            "FeaturesOfInterest",
            many=False,
            of=_thing_of_observation,
            path="datastream__thing__",
            key=attrgetter("datastream.thing_id"),
        ),
    },
    key_of=key_of_observation,
    by_key=observation_by_key,
    order=("-phenomenon_at", "datastream_id"),
)
FEATURES = Entity(
    "FeatureOfInterest",
    "FeaturesOfInterest",
    _placed,
    {
        "name": NAME,
        "description": Property(lambda row: row.description or _name(row), _column("description")),
        "encodingType": Property(lambda _row: GEOJSON, lambda _prefix: Value(GEOJSON)),
        "feature": Property(_geojson, _column("geom")),
    },
    {
        "Observations": Neighbour(
            "Observations",
            many=True,
            of=partial(_own, "datastream__thing"),
            path="datastreams__observation__",
        )
    },
)
ENTITIES: dict[str, Entity] = {
    entity.plural: entity
    for entity in (
        THINGS, LOCATIONS, HISTORICAL_LOCATIONS, DATASTREAMS, SENSORS, OBSERVED_PROPERTIES,
        OBSERVATIONS, FEATURES,
    )
}  # fmt: skip
