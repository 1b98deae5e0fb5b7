"""What a building's sensors said in a window, in the units of the standards."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from apps.base.units import convert
from apps.hazards.core.din4150 import Spot
from apps.hazards.core.listening import Channel
from apps.hazards.models import StructureSensor

Role = StructureSensor.Role

_SAMPLES = """
SELECT datastream_id, (extract(epoch FROM phenomenon_at) * 1000000)::bigint, result
FROM devices_observation
WHERE datastream_id = ANY(%s) AND phenomenon_at > %s AND phenomenon_at <= %s
ORDER BY datastream_id, phenomenon_at
"""
_MEAN = """
SELECT avg(result) FROM devices_observation
WHERE datastream_id = %s AND phenomenon_at > %s AND phenomenon_at <= %s
"""
_UNIT = {
    Role.VELOCITY: "mm/s",
    Role.ACCELERATION: "m/s2",
    Role.TILT: "deg",
    Role.TEMPERATURE: "Cel",
}


def read_channels(
    sensors: Sequence[StructureSensor], begin: datetime, end: datetime
) -> list[Channel]:
    moving = {
        sensor.datastream_id: sensor
        for sensor in sensors
        if sensor.role in (Role.VELOCITY, Role.ACCELERATION)
    }
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLES, [list(moving), begin, end])
        rows = cursor.fetchall()
    found: dict[int, list[tuple[int, float]]] = {}
    for stream, at_us, result in rows:
        found.setdefault(stream, []).append((at_us, result))
    return [_channel(moving[stream], pairs) for stream, pairs in found.items() if len(pairs) > 1]


def _channel(sensor: StructureSensor, pairs: list[tuple[int, float]]) -> Channel:
    times, values = zip(*pairs, strict=True)
    factor = convert(1.0, from_unit=sensor.datastream.unit, to_unit=_UNIT[Role(sensor.role)])
    return Channel(
        sensor.datastream.code,
        Spot(sensor.spot),
        np.array(times, dtype=np.int64),
        np.array(values, dtype=np.float64) * factor,
        is_acceleration=sensor.role == Role.ACCELERATION,
    )


def temperature(sensors: Sequence[StructureSensor], end: datetime) -> float | None:
    told = [
        convert(mean, from_unit=sensor.datastream.unit, to_unit="Cel")
        for sensor in sensors
        if sensor.role == Role.TEMPERATURE
        and (mean := _mean(sensor, end - timedelta(hours=1), end)) is not None
    ]
    return round(float(np.mean(told)), 2) if told else None


def tilt_change(sensors: Sequence[StructureSensor], end: datetime) -> float | None:
    """The greatest change of any tilt sensor's day against its day a week ago."""
    day, week = timedelta(days=1), timedelta(days=7)
    changes = []
    for sensor in sensors:
        if sensor.role == Role.TILT:
            now, then = _mean(sensor, end - day, end), _mean(sensor, end - week - day, end - week)
            if now is not None and then is not None:
                factor = convert(1.0, from_unit=sensor.datastream.unit, to_unit="deg")
                changes.append(abs(now - then) * factor)
    return round(max(changes), 4) if changes else None


def _mean(sensor: StructureSensor, begin: datetime, end: datetime) -> float | None:
    with connection.cursor() as cursor:
        cursor.execute(_MEAN, [sensor.datastream_id, begin, end])
        (mean,) = cursor.fetchone()
    return None if mean is None else float(mean)
