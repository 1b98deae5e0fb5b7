"""The catalogue in memory: what each gateway may say, as arrays a whole batch is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from apps.base.units import UNITS
from devices.models import Datastream, ObservedProperty

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Stamp = tuple[int, int]


@dataclass(frozen=True)
class Streams:
    """All datastreams by position. `factor` and `offset` lead to the unit of the observed
    property, whose code is `kinds[kind]`."""

    of_gateway: Mapping[int, Mapping[str, int]]
    ids: Integers
    low: Floats
    high: Floats
    factor: Floats
    offset: Floats
    retired: Flags
    counts: Flags
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    kind: Integers


_NOTHING_KNOWN: Stamp = (0, 0)
_known: dict[str, tuple[Stamp, Streams]] = {}


def current(stamp: Stamp) -> Streams:
    """The catalogue at `stamp`, read from the database only if ours is another."""
    database = str(connection.settings_dict["NAME"])
    held = _known.get(database)
    if held is None or held[0] != stamp or stamp == _NOTHING_KNOWN:
        held = _known[database] = (stamp, _load())
    return held[1]


def _load() -> Streams:
    rows = list(Datastream.objects.select_related("observed_property").order_by("pk").iterator())
    of_gateway: dict[int, dict[str, int]] = {}
    for position, row in enumerate(rows):
        of_gateway.setdefault(row.gateway_id, {})[row.code] = position
    kinds = tuple(sorted({row.observed_property.code for row in rows}))
    scales = [_scale(row) for row in rows]
    bounds = [_bounds(row, *scale) for row, scale in zip(rows, scales, strict=True)]
    return Streams(
        of_gateway=of_gateway,
        ids=np.array([row.pk for row in rows], dtype=np.int64),
        low=np.array([low for low, _ in bounds]),
        high=np.array([high for _, high in bounds]),
        factor=np.array([factor for factor, _ in scales]),
        offset=np.array([offset for _, offset in scales]),
        retired=np.array([row.retired_at is not None for row in rows], dtype=np.bool_),
        counts=np.array(
            [row.observed_property.kind == ObservedProperty.Kind.COUNTER for row in rows],
            dtype=np.bool_,
        ),
        units=tuple(row.unit for row in rows),
        kinds=kinds,
        kind=np.array([kinds.index(row.observed_property.code) for row in rows], dtype=np.int64),
    )


def _bounds(row: Datastream, factor: float, offset: float) -> tuple[float, float]:
    """The datastream's own bounds, else the property's, in the datastream's unit."""
    low, high = row.observed_property.low, row.observed_property.high
    return (
        _first(row.low, None if low is None else (low - offset) / factor, -inf),
        _first(row.high, None if high is None else (high - offset) / factor, inf),
    )


def _first(*values: float | None) -> float:
    return next(value for value in values if value is not None)


def _scale(row: Datastream) -> tuple[float, float]:
    return scale(from_unit=row.unit, to_unit=row.observed_property.unit)


def scale(*, from_unit: str, to_unit: str) -> tuple[float, float]:
    """(factor, offset) with value in `to_unit` = value × factor + offset.

    Raises KeyError for an unknown unit, ValueError for units of different kinds.
    """
    if from_unit == to_unit:
        return 1.0, 0.0
    source, target = UNITS[from_unit], UNITS[to_unit]
    if source.base != target.base:
        raise ValueError(f"{from_unit} and {to_unit} measure different things.")
    return source.factor / target.factor, (source.offset - target.offset) / target.factor
