"""Korea's Flood Control Offices (HRFCO): water levels, and the stations with their thresholds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.adapters.gauges import (
    BadRow,
    decoded,
    degrees,
    each,
    gauge,
    korean_instant,
    number,
    pulled,
    row,
    text,
)
from devices.adapters.pulled import NotUnderstood, Pulled

EVERY_S = 600
LEVELS = {
    "attwl": "attention", "wrnwl": "warning", "almwl": "alarm", "srswl": "serious",
    "pfh": "plan_flood",
}  # fmt: skip


def read(body: bytes, _asked_at: datetime) -> Pulled:
    """`waterlevel/list/10M.json` or `waterlevel/info.json`. Raises NotUnderstood."""
    answer = decoded(body)
    items = answer.get("content") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise NotUnderstood("There is no list named content.")
    if any(isinstance(item, dict) and "obsnm" in item for item in items):
        stations, bad = each(items, _station, "wlobscd")
        return pulled(stations, bad=bad)
    rows, bad = each(items, _level, "wlobscd")
    return pulled(rows=rows, bad=bad)


def _station(item: Mapping[str, Any]) -> Any:
    name = text(item, "obsnm")
    return gauge(
        code=_code(item), kind="stage", observed="river_stage", unit="m", every_s=EVERY_S,
        names={"": name, "ko": name}, lon=degrees(item.get("lon"), 180),
        lat=degrees(item.get("lat"), 90), levels=_levels(item),
    )  # fmt: skip


def _levels(item: Mapping[str, Any]) -> dict[str, float]:
    """Those that are set; they must not fall."""
    told = {
        level: number(item, name)
        for name, level in LEVELS.items()
        if str(item.get(name) or "").strip()
    }
    if list(told.values()) != sorted(told.values()):
        raise BadRow("The thresholds do not rise.")
    return told


def _level(item: Mapping[str, Any]) -> dict[str, Any]:
    at = korean_instant(text(item, "ymdhm"), "%Y%m%d%H%M")
    return row(_code(item), "river_stage", at, number(item, "wl"))


def _code(item: Mapping[str, Any]) -> str:
    code = text(item, "wlobscd")
    if not code.isalnum():
        raise BadRow(f"This is no code of a station: {code[:40]!r}")
    return f"hrfco-{code}"
