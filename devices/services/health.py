"""Which devices are ill at present: silent, stuck, flapping, or with a wrong clock.

A datastream is silent after one and a half of its intervals without a word. Where all of a
gateway's datastreams are, the gateway is: one alarm, and none for its datastreams. A camera that
cannot see is one alarm too, but all its datastreams are ill with it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from apps.base import clock
from devices.events import health_listeners
from devices.models import Alarm, CameraState, Datastream, Quarantine
from devices.protocols.batch import Reason

SILENT_INTERVALS = 1.5
FLAPS_PER_HOUR = 20
FUTURE_ROWS_PER_HOUR = 3
_HOUR = timedelta(hours=1)
_LOCK = 0x4845414C  # one judge at a time

_HEARD = """
SELECT stream.id, stream.gateway_id,
       last.received_at + stream.expected_interval_s * %s * interval '1 second' < %s AS silent,
       last.changed_at + stream.stuck_after_s * interval '1 second' < %s AS stuck
FROM devices_datastream AS stream
JOIN devices_lastobservation AS last ON last.datastream_id = stream.id
JOIN devices_gateway AS gateway ON gateway.id = stream.gateway_id AND gateway.active
WHERE stream.retired_at IS NULL
  AND (stream.expected_interval_s IS NOT NULL OR stream.stuck_after_s IS NOT NULL)
"""
_FLAPPING = """
SELECT stream_id, gateway_id FROM (
    SELECT stream.id AS stream_id, stream.gateway_id, o.result,
           lag(o.result) OVER (PARTITION BY o.datastream_id ORDER BY o.phenomenon_at) AS before_
    FROM devices_datastream AS stream
    JOIN devices_observedproperty AS observed ON observed.id = stream.observed_property_id
    JOIN devices_lastobservation AS last ON last.datastream_id = stream.id
    JOIN devices_observation AS o ON o.datastream_id = stream.id
    WHERE observed.kind = 'state' AND stream.retired_at IS NULL
      AND last.changed_at > %s AND o.phenomenon_at > %s AND o.phenomenon_at <= %s
) AS step
WHERE result <> before_
GROUP BY stream_id, gateway_id HAVING count(*) > %s
"""
_BLIND = """
SELECT stream.gateway_id, stream.id
FROM devices_camerastate AS state
JOIN devices_camera AS camera ON camera.id = state.camera_id AND camera.active
JOIN devices_datastream AS stream ON stream.thing_id = camera.thing_id
JOIN devices_observedproperty AS observed ON observed.id = stream.observed_property_id
JOIN devices_gateway AS gateway ON gateway.id = stream.gateway_id AND gateway.active
WHERE observed.code = 'camera_sees' AND stream.retired_at IS NULL AND state.health = ANY(%s)
"""
# What a camera that is not looking does not tell; that it sees nothing, it does.
_UNWATCHED = """
SELECT stream.id FROM devices_camera AS camera
JOIN devices_camerastate AS state ON state.camera_id = camera.id
JOIN devices_datastream AS stream ON stream.thing_id = camera.thing_id
JOIN devices_observedproperty AS observed ON observed.id = stream.observed_property_id
WHERE NOT camera.active OR (observed.code <> 'camera_sees' AND state.health = ANY(%s))
"""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    gateway_id: int
    datastream_id: int | None = None


Key = tuple[str, int, int | None]


@transaction.atomic
def judge_health() -> tuple[int, int]:
    """Open and close alarms. Returns how many of each."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    present = _faults(now)
    opened = _open(present, now)
    closed = _close(present, now)
    changed = _affected([*opened, *closed])
    if changed:
        for listener in dict(health_listeners.items()).values():
            listener(sorted(changed))
    return len(opened), len(closed)


def _affected(alarms: Sequence[Key]) -> set[int]:
    """Datastreams that have fallen ill or recovered; with a camera, all of its."""
    streams = {stream for _kind, _gateway, stream in alarms if stream is not None}
    eyes = [s for kind, _g, s in alarms if kind == Alarm.Kind.BLIND and s is not None]
    things = Datastream.objects.filter(pk__in=eyes).values("thing")
    return streams | set(Datastream.objects.filter(thing__in=things).values_list("pk", flat=True))


def _faults(now: datetime) -> set[Fault]:
    blind, unwatched = _blind(), _unwatched()
    heard = _quiet_or_stuck(now) | _flapping(now) | _wrong_clocks(now)
    return blind | {fault for fault in heard if fault.datastream_id not in unwatched}


def _unwatched() -> set[int]:
    not_looking = [*CameraState.BLIND, CameraState.Health.ASLEEP]
    with connection.cursor() as cursor:
        cursor.execute(_UNWATCHED, [not_looking])
        return {stream for (stream,) in cursor}


def _blind() -> set[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_BLIND, [list(CameraState.BLIND)])
        return {Fault(Alarm.Kind.BLIND, gateway, stream) for gateway, stream in cursor}


def _quiet_or_stuck(now: datetime) -> set[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_HEARD, [SILENT_INTERVALS, now, now])
        rows = cursor.fetchall()
    heard = Counter(gateway for _, gateway, silent, _ in rows if silent is not None)
    quiet = Counter(gateway for _, gateway, silent, _ in rows if silent)
    dead = {gateway for gateway, streams in quiet.items() if streams == heard[gateway] > 1}
    faults = {Fault(Alarm.Kind.SILENT, gateway) for gateway in dead}
    for stream, gateway, silent, stuck in rows:
        if silent and gateway not in dead:
            faults.add(Fault(Alarm.Kind.SILENT, gateway, stream))
        elif stuck and not silent:
            faults.add(Fault(Alarm.Kind.STUCK, gateway, stream))
    return faults


def _flapping(now: datetime) -> set[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_FLAPPING, [now - _HOUR, now - _HOUR, now, FLAPS_PER_HOUR])
        return {Fault(Alarm.Kind.FLAPPING, gateway, stream) for stream, gateway in cursor}


def _wrong_clocks(now: datetime) -> set[Fault]:
    """A gateway that keeps speaking of the future has a clock that runs ahead."""
    early = Quarantine.objects.filter(code=Reason.IN_FUTURE, received_at__gt=now - _HOUR)
    by_gateway = Counter(early.values_list("gateway_id", flat=True))
    return {
        Fault(Alarm.Kind.CLOCK, gateway)
        for gateway, rows in by_gateway.items()
        if rows >= FUTURE_ROWS_PER_HOUR
    }


def _open(present: set[Fault], now: datetime) -> list[Key]:
    known = set(Alarm.objects.open().values_list("kind", "gateway_id", "datastream_id"))
    new = [
        fault
        for fault in sorted(present, key=str)
        if (fault.kind, fault.gateway_id, fault.datastream_id) not in known
    ]
    Alarm.objects.bulk_create(
        Alarm(
            kind=fault.kind,
            gateway_id=fault.gateway_id,
            datastream_id=fault.datastream_id,
            opened_at=now,
        )
        for fault in new
    )
    return [(fault.kind, fault.gateway_id, fault.datastream_id) for fault in new]


def _close(present: set[Fault], now: datetime) -> list[Key]:
    over = [
        alarm
        for alarm in Alarm.objects.open()
        if Fault(alarm.kind, alarm.gateway_id, alarm.datastream_id) not in present
    ]
    Alarm.objects.filter(pk__in=[alarm.pk for alarm in over]).update(closed_at=now)
    return [(alarm.kind, alarm.gateway_id, alarm.datastream_id) for alarm in over]
