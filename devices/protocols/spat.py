"""SPaT as JSON: SAE J2735 message 19 in the shape that USDOT's Operational Data Environment uses.

Times in a SPaT are tenths of a second within the present UTC hour; 36001 means unknown. `encode`
and `decode` speak aware UTC instants instead. The age of what is said travels along as
`moy`/`timeStamp` (minute of the year, milliseconds of the minute).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

MESSAGE_ID = 19
UNKNOWN_TENTH = 36_001
TENTHS_PER_HOUR = 36_000
PREEMPT_IS_ACTIVE = 0x1000  # bit 3 of sixteen in J2735's IntersectionStatusObject
LONGEST_AGE = timedelta(minutes=30)  # beyond it a tenth of the hour has two meanings


class EventState(StrEnum):
    """J2735 MovementPhaseState, in the spelling of its JSON."""

    UNAVAILABLE = "unavailable"
    DARK = "dark"
    STOP_THEN_PROCEED = "stop-Then-Proceed"
    STOP_AND_REMAIN = "stop-And-Remain"
    PRE_MOVEMENT = "pre-Movement"
    PERMISSIVE_ALLOWED = "permissive-Movement-Allowed"
    PROTECTED_ALLOWED = "protected-Movement-Allowed"
    PERMISSIVE_CLEARANCE = "permissive-clearance"
    PROTECTED_CLEARANCE = "protected-clearance"
    CAUTION = "caution-Conflicting-Traffic"


class Unreadable(ValueError):
    """No SPaT that says something about now; the message says why."""


@dataclass(frozen=True, slots=True)
class Movement:
    """What one signal group shows, and between when and when it may end."""

    signal_group: int
    state: EventState
    min_end_at: datetime | None = None
    max_end_at: datetime | None = None
    likely_end_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Intersection:
    """`id` within its `region`; `at` is the moment the controller speaks of."""

    id: int
    at: datetime
    movements: tuple[Movement, ...]
    region: int = 0
    revision: int = 0
    is_preempted: bool = False


def encode(intersections: Sequence[Intersection]) -> dict[str, Any]:
    shapes = [_shape(intersection) for intersection in intersections]
    return {"messageId": MESSAGE_ID, "value": {"SPAT": {"intersections": shapes}}}


def _shape(intersection: Intersection) -> dict[str, Any]:
    at = intersection.at.astimezone(UTC)
    year = at.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    minute, within = divmod(at - year, timedelta(minutes=1))
    return {
        "id": {"region": intersection.region, "id": intersection.id},
        "revision": intersection.revision,
        "status": f"{PREEMPT_IS_ACTIVE if intersection.is_preempted else 0:04x}",
        "moy": minute,
        "timeStamp": round(within.total_seconds() * 1000) % 60_000,
        "states": [_movement(movement) for movement in intersection.movements],
    }


def _movement(movement: Movement) -> dict[str, Any]:
    timing: dict[str, int] = {"minEndTime": _tenth(movement.min_end_at)}
    if movement.max_end_at is not None:
        timing["maxEndTime"] = _tenth(movement.max_end_at)
    if movement.likely_end_at is not None:
        timing["likelyTime"] = _tenth(movement.likely_end_at)
    event = {"eventState": movement.state.value, "timing": timing}
    return {"signalGroup": movement.signal_group, "state-time-speed": [event]}


def _tenth(at: datetime | None) -> int:
    if at is None:
        return UNKNOWN_TENTH
    at = at.astimezone(UTC)
    return round((at.minute * 60 + at.second + at.microsecond / 1e6) * 10) % TENTHS_PER_HOUR


def decode(body: Any, *, now: datetime) -> list[Intersection]:
    """Read what `encode` writes, and what other makers' units send in its place.

    Raises:
        Unreadable: it is no SPaT, or speaks of the past or the future.
    """
    try:
        shapes = body["value"]["SPAT"]["intersections"]
        return [_intersection(shape, now.astimezone(UTC)) for shape in shapes]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"No SPaT: {type(error).__name__} {error}") from error


def _intersection(shape: Mapping[str, Any], now: datetime) -> Intersection:
    at = _moment(shape, now)
    if abs(now - at) > LONGEST_AGE:
        raise Unreadable(f"It speaks of {at.isoformat()}, which is not now.")
    return Intersection(
        id=int(shape["id"]["id"]),
        region=int(shape["id"].get("region", 0)),
        revision=int(shape.get("revision", 0)),
        at=at,
        is_preempted=_is_preempted(shape.get("status", "0")),
        movements=tuple(_read_movement(state, at) for state in shape["states"]),
    )


def _is_preempted(status: Any) -> bool:
    """Some write the sixteen bits as hexadecimal digits, some as names. Raises ValueError."""
    if isinstance(status, Mapping):
        return bool(status.get("preemptIsActive"))
    return bool(int(str(status), 16) & PREEMPT_IS_ACTIVE)


def _moment(shape: Mapping[str, Any], now: datetime) -> datetime:
    """Without a minute of the year the message speaks of now (J2735 leaves it optional)."""
    if "moy" not in shape:
        return now
    moments = (
        datetime(year, 1, 1, tzinfo=UTC)
        + timedelta(minutes=int(shape["moy"]), milliseconds=int(shape.get("timeStamp", 0)))
        for year in (now.year - 1, now.year, now.year + 1)
    )
    return min(moments, key=lambda moment: abs(moment - now))


def _read_movement(state: Mapping[str, Any], at: datetime) -> Movement:
    event = state["state-time-speed"][0]
    timing = event.get("timing", {})
    return Movement(
        signal_group=int(state["signalGroup"]),
        state=EventState(event["eventState"]),
        min_end_at=_instant(timing.get("minEndTime"), at),
        max_end_at=_instant(timing.get("maxEndTime"), at),
        likely_end_at=_instant(timing.get("likelyTime"), at),
    )


def _instant(tenth: int | None, at: datetime) -> datetime | None:
    """The instant nearest to `at` that has this tenth of its hour."""
    if tenth is None or tenth >= UNKNOWN_TENTH:
        return None
    if tenth < 0:
        raise Unreadable(f"{tenth} is no tenth of an hour.")
    hour = at.replace(minute=0, second=0, microsecond=0)
    near = (hour + timedelta(hours=shift, milliseconds=int(tenth) * 100) for shift in (-1, 0, 1))
    return min(near, key=lambda instant: abs(instant - at))
