"""What adapters of water services have in common: items one by one, gauges, Korean time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

import msgspec

from devices.adapters.pulled import BadItem, NotUnderstood, Pulled
from devices.events import Announced
from devices.services.provisioning import DatastreamPlan, ThingPlan

WATER_STATION = "water_station"
RAIN_FORECAST = "rain_forecast"
# Korean services stamp local time and don't say so.
KOREA = timezone(timedelta(hours=9), "KST")

T = TypeVar("T")


class BadRow(ValueError):
    """This item makes no sense; the message says why."""


def decoded(body: bytes) -> Any:
    """Raises NotUnderstood."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise NotUnderstood(str(error)) from error


def each(
    items: Iterable[Any], read: Callable[[Mapping[str, Any]], T], name: str
) -> tuple[list[T], list[BadItem]]:
    """What could be read of the items, and the others by the member that tells them apart."""
    good: list[T] = []
    bad: list[BadItem] = []
    for number, item in enumerate(items):
        try:
            if not isinstance(item, dict):
                raise BadRow("This is no object.")
            good.append(read(item))
        except BadRow as error:
            label = item.get(name) if isinstance(item, dict) else None
            bad.append(BadItem(str(label or number)[:80], str(error)))
    return good, bad


def text(item: Mapping[str, Any], name: str) -> str:
    told = item.get(name)
    if not isinstance(told, str | int) or not str(told).strip():
        raise BadRow(f"{name} is missing.")
    return str(told).strip()


def number(item: Mapping[str, Any], name: str) -> float:
    told = item.get(name)
    try:
        value = float(str(told).strip())
    except ValueError as error:
        raise BadRow(f"{name} is no number: {str(told)[:40]!r}") from error
    if value != value or value in (float("inf"), float("-inf")):
        raise BadRow(f"{name} is no number.")
    return value


def korean_instant(told: str, *formats: str) -> str:
    """Local time in one of the formats, with its zone written to it."""
    for form in formats:
        try:
            return datetime.strptime(told, form).replace(tzinfo=KOREA).isoformat()
        except ValueError:
            continue
    raise BadRow(f"This is no instant: {told[:40]!r}")


def degrees(told: Any, bound: float) -> float:
    """Degrees as a number or as degrees-minutes-seconds with hyphens. Raises BadRow."""
    try:
        parts = [float(part) for part in str(told).strip().split("-")]
    except ValueError as error:
        raise BadRow(f"These are no degrees: {str(told)[:40]!r}") from error
    if len(parts) not in (1, 3) or any(not 0 <= part < 60 for part in parts[1:]):
        raise BadRow(f"These are no degrees: {str(told)[:40]!r}")
    value = float(sum(part / 60**power for power, part in enumerate(parts)))
    if abs(value) > bound:
        raise BadRow(f"Degrees beyond {bound:g}: {value:g}")
    return value


def gauge(
    *, code: str, kind: str, observed: str, unit: str, names: Mapping[str, str], every_s: int,
    lon: float | None = None, lat: float | None = None, levels: Mapping[str, float] | None = None,
) -> tuple[ThingPlan, Announced]:  # fmt: skip
    """A thing with one datastream, and the station it stands for."""
    stream = DatastreamPlan(
        code=f"{code}.{observed}", observed_property=observed, unit=unit,
        expected_interval_s=every_s,
    )  # fmt: skip
    thing = ThingPlan(code=code, names=names, lon=lon, lat=lat, datastreams=(stream,))
    facts = {
        "kind": kind, "datastream": stream.code, "names": dict(names), "lon": lon, "lat": lat,
        "levels": dict(levels or {}),
    }  # fmt: skip
    return thing, Announced(WATER_STATION, code, facts)


def row(code: str, observed: str, at: str, value: float) -> dict[str, Any]:
    return {"datastream": f"{code}.{observed}", "phenomenonTime": at, "result": value}


def pulled(
    gauges: Iterable[tuple[ThingPlan, Announced]] = (),
    rows: Iterable[Mapping[str, Any]] = (),
    bad: Iterable[BadItem] = (),
) -> Pulled:
    things = {thing.code: (thing, station) for thing, station in gauges}
    return Pulled(
        things=tuple(thing for thing, _station in things.values()),
        announced=tuple(station for _thing, station in things.values()),
        observations=tuple(rows),
        bad=tuple(bad),
    )
