"""KMA's short-range forecast on its five-kilometre grid: the rain of the coming hours.

`getUltraSrtFcst` (category RN1) and `getVilageFcst` (PCP) tell amounts as words: "강수없음" is
none, "1mm 미만" less than one, "30.0~50.0mm" a span, "50.0mm 이상" that or more. A span counts as
its middle, an open one as its bound: the model's own bands hold what that leaves open.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.adapters.gauges import RAIN_FORECAST, BadRow, decoded, each, korean_instant, text
from devices.adapters.pulled import NotUnderstood, Pulled
from devices.events import Announced

CATEGORIES = ("RN1", "PCP")
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def read(body: bytes, _asked_at: datetime) -> Pulled:
    """Raises NotUnderstood, with the service's own words where it gives some."""
    items = _items(decoded(body))
    wanted = [
        one for one in items if not isinstance(one, dict) or one.get("category") in CATEGORIES
    ]
    hours, bad = each(wanted, _hour, "fcstTime")
    cells: dict[tuple[str, str], dict[str, float]] = {}
    for cell, issued_at, at, mm in hours:
        cells.setdefault((cell, issued_at), {})[at] = mm
    announced = tuple(
        Announced(
            RAIN_FORECAST, cell, {"issued_at": issued_at, "mm_by_hour": dict(sorted(told.items()))}
        )
        for (cell, issued_at), told in sorted(cells.items())
    )
    return Pulled(announced=announced, bad=tuple(bad))


def _items(answer: Any) -> list[Any]:
    try:
        response = answer["response"]
        if response["header"]["resultCode"] != "00":
            raise NotUnderstood(str(response["header"].get("resultMsg"))[:200])
        items = response["body"]["items"]["item"]
    except (KeyError, TypeError) as error:
        raise NotUnderstood("There is no response.body.items.item.") from error
    if not isinstance(items, list):
        raise NotUnderstood("The items are no list.")
    return items


def _hour(item: Mapping[str, Any]) -> tuple[str, str, str, float]:
    """(cell, issued at, begin of the hour, mm)."""
    issued_at = korean_instant(text(item, "baseDate") + text(item, "baseTime"), "%Y%m%d%H%M")
    at = korean_instant(text(item, "fcstDate") + text(item, "fcstTime"), "%Y%m%d%H%M")
    return (
        f"kma-{text(item, 'nx')}-{text(item, 'ny')}",
        issued_at,
        at,
        amount(text(item, "fcstValue")),
    )


def amount(told: str) -> float:
    """Millimetres from the service's words. Raises BadRow."""
    if "없음" in told:
        return 0.0
    found = [float(part) for part in _NUMBERS.findall(told)]
    if "미만" in told and found:
        return found[0] / 2
    if not 1 <= len(found) <= 2 or max(found) > 500:
        raise BadRow(f"This is no amount of rain: {told[:40]!r}")
    return sum(found) / len(found)
