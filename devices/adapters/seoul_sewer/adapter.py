"""Seoul's open data: levels in drain pipes, and the city's own rain gauges."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.adapters.gauges import (
    BadRow,
    decoded,
    each,
    gauge,
    korean_instant,
    number,
    pulled,
    row,
    text,
)
from devices.adapters.pulled import NotUnderstood, Pulled

SEWERS, RAIN = "DrainpipeMonitoringInfo", "ListRainfallService"
EVERY_S = 600
_TIMES = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y%m%d%H%M%S")


def read(body: bytes, _asked_at: datetime) -> Pulled:
    """Raises NotUnderstood, with the service's own words where it gives some."""
    answer = decoded(body)
    for service, of_item, name in ((SEWERS, _sewer, "IDN"), (RAIN, _rain, "RAINGAUGE_CODE")):
        told = answer.get(service) if isinstance(answer, dict) else None
        if isinstance(told, dict) and isinstance(told.get("row"), list):
            found, bad = each(told["row"], of_item, name)
            return pulled((one for one, _ in found), (value for _, value in found), bad)
    raise NotUnderstood(_reason(answer))


def _reason(answer: Any) -> str:
    result = answer.get("RESULT") if isinstance(answer, dict) else None
    if isinstance(result, dict):
        return f"{result.get('CODE')}: {result.get('MESSAGE')}"[:200]
    return f"Neither {SEWERS} nor {RAIN}."


def _sewer(item: Mapping[str, Any]) -> Any:
    """A line that is down says nothing about the water: the item is refused, not taken as zero."""
    code = _code("sewer", text(item, "IDN"))
    state = str(item.get("SIG_STA") or "")
    if "불량" in state:
        raise BadRow(f"The line is down: {state[:40]}")
    place = f"{item.get('GUBN_NAM') or ''} {item.get('REMARK') or ''}".strip()
    at = korean_instant(text(item, "MEA_YMD"), *_TIMES)
    plan = gauge(code=code, kind="depth", observed="water_depth", unit="m", every_s=EVERY_S,
                 names={"": place or code})  # fmt: skip
    return plan, row(code, "water_depth", at, number(item, "MEA_WAL"))


def _rain(item: Mapping[str, Any]) -> Any:
    code = _code("rain", text(item, "RAINGAUGE_CODE"))
    at = korean_instant(text(item, "RECEIVE_TIME"), *_TIMES)
    plan = gauge(code=code, kind="rain", observed="rain_amount", unit="mm", every_s=EVERY_S,
                 names={"": text(item, "RAINGAUGE_NAME")})  # fmt: skip
    return plan, row(code, "rain_amount", at, number(item, "RAINFALL10"))


def _code(kind: str, told: str) -> str:
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in told)
    if not plain.strip("-"):
        raise BadRow(f"This is no code: {told[:40]!r}")
    return f"seoul-{kind}-{plain}"[:60]
