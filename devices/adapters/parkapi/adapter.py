"""ParkAPI v3 answers into things, sites and counts of free spaces."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from devices.adapters.pulled import BadItem, NotUnderstood, Pulled
from devices.events import Announced
from devices.services.provisioning import DatastreamPlan, ThingPlan

PARKING_SITE = "parking_site"
CATEGORIES = {"": "general", "_disabled": "accessible", "_charging": "ev", "_family": "family"}
KINDS = {
    "CAR_PARK": "garage", "UNDERGROUND": "garage", "OFF_STREET_PARKING_GROUND": "lot",
    "ON_STREET": "street",
}  # fmt: skip
EXPECTED_INTERVAL_S = 900
_LONGEST_CODE = 60


class _BadSite(ValueError):
    pass


def read(body: bytes, asked_at: datetime) -> Pulled:
    """Raises NotUnderstood."""
    try:
        answer = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise NotUnderstood(str(error)) from error
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise NotUnderstood("There is no list named items.")
    parts, bad = [], []
    for number, item in enumerate(items):
        try:
            parts.append(_read_site(item, asked_at))
        except _BadSite as error:
            bad.append(BadItem(_label(item, number), str(error)))
    return Pulled(
        things=tuple(thing for thing, _site, _rows in parts),
        announced=tuple(site for _thing, site, _rows in parts),
        observations=tuple(row for _thing, _site, rows in parts for row in rows),
        bad=tuple(bad),
        following=str(answer.get("next_path") or ""),
    )


def _label(item: Any, number: int) -> str:
    uid = item.get("original_uid") if isinstance(item, dict) else None
    return str(uid or number)[:80]


Site = tuple[ThingPlan, Announced, list[dict[str, Any]]]


def _read_site(item: Any, asked_at: datetime) -> Site:
    if not isinstance(item, dict):
        raise _BadSite("This is no parking site.")
    uid, name = _text(item, "original_uid"), _text(item, "name")
    lat, lon = _degrees(item, "lat", 90), _degrees(item, "lon", 180)
    code = _code(item, uid)
    totals, free = _spaces(item)
    facts = {
        "names": {"": name},
        "kind": KINDS.get(str(item.get("type")), "lot"),
        "lat": lat,
        "lon": lon,
        "address": str(item.get("address") or "")[:200],
        "operator": str(item.get("operator_name") or "")[:120],
        "opening_hours": str(item.get("opening_hours") or "")[:200],
        "covered": item.get("is_covered") is True,
        "max_height_m": _metres(item.get("max_height")),
        "pools": totals,
        "feeds": {_stream(code, category): category for category in free},
    }
    thing = ThingPlan(
        code=code,
        names={"": name},
        lon=lon,
        lat=lat,
        datastreams=tuple(_plan(code, category) for category in free),
    )
    at = _instant(item, asked_at)
    rows = [
        {"datastream": _stream(code, category), "phenomenonTime": at, "result": count}
        for category, count in free.items()
        if count is not None
    ]
    return thing, Announced(PARKING_SITE, code, facts), rows


def _code(item: Mapping[str, Any], uid: str) -> str:
    """Unique over the sources of one server, and a slug whatever the uid looks like."""
    source = item.get("source_id", 0)
    plain = f"parkapi-{source}-{uid}"
    if len(plain) <= _LONGEST_CODE and re.fullmatch(r"[\w-]+", plain, re.ASCII):
        return plain
    return f"parkapi-{source}-{blake2b(uid.encode(), digest_size=8).hexdigest()}"


def _stream(code: str, category: str) -> str:
    return f"{code}.{category}"


def _plan(code: str, category: str) -> DatastreamPlan:
    return DatastreamPlan(
        code=_stream(code, category),
        observed_property="parking_free",
        expected_interval_s=EXPECTED_INTERVAL_S,
    )


def _spaces(item: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int | None]]:
    """(spaces, free spaces) by category. Special spaces stand apart where their free ones are told;
    the rest is for everybody."""
    total = _count(item, "capacity")
    if total is None:
        raise _BadSite("The capacity is missing.")
    live = item.get("has_realtime_data") is True
    free = _count(item, "realtime_free_capacity") if live else None
    totals: dict[str, int] = {}
    counts: dict[str, int | None] = {}
    for suffix, category in CATEGORIES.items():
        spaces, vacant = _count(item, f"capacity{suffix}"), None
        if suffix and live:
            vacant = _count(item, f"realtime_free_capacity{suffix}")
        if suffix and spaces and vacant is not None:
            totals[category], counts[category] = spaces, _bounded(vacant, spaces)
    rest = total - sum(totals.values())
    if rest < 0:
        raise _BadSite("The special spaces are more than the capacity.")
    rest_free = None if free is None else free - sum(count or 0 for count in counts.values())
    if rest:
        totals["general"] = rest
        if live:
            counts["general"] = None if rest_free is None else _bounded(rest_free, rest)
    return totals, counts


def _bounded(count: int, spaces: int) -> int:
    if not 0 <= count <= spaces:
        raise _BadSite(f"{count} free of {spaces} spaces cannot be.")
    return count


def _count(item: Mapping[str, Any], name: str) -> int | None:
    value = item.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise _BadSite(f"{name} is no whole number.")
    if value < 0:
        raise _BadSite(f"{name} is less than nothing.")
    return value


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str | int) or not str(value).strip():
        raise _BadSite(f"{name} is missing.")
    return str(value).strip()[:200]


def _degrees(item: Mapping[str, Any], name: str, most: float) -> float:
    try:
        value = float(item[name])
    except (KeyError, TypeError, ValueError) as error:
        raise _BadSite(f"{name} is missing.") from error
    if not -most <= value <= most:
        raise _BadSite(f"{name} is no place on Earth.")
    return value


def _metres(centimetres: Any) -> float | None:
    whole = isinstance(centimetres, int | float) and not isinstance(centimetres, bool)
    return centimetres / 100 if whole and 0 < centimetres < 2_000 else None


def _instant(item: Mapping[str, Any], asked_at: datetime) -> str:
    text = item.get("realtime_data_updated_at")
    if text is None:
        return asked_at.isoformat()
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise _BadSite("realtime_data_updated_at is no instant.") from error
    if at.tzinfo is None:
        raise _BadSite("realtime_data_updated_at has no time zone.")
    return at.isoformat()
