"""KMA's automatic weather stations, minute by minute (`nph-aws2_min`): rain and temperature.

The answer is text: lines that begin with # explain, the others are columns. Rain is told as running
sums; the quarter hours alone give amounts that do not overlap.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from devices.adapters.gauges import BadRow, gauge, korean_instant, pulled, row
from devices.adapters.pulled import BadItem, NotUnderstood, Pulled

EVERY_S = 900
COLUMNS = (
    "time", "station", "WD1", "WS1", "WDS", "WSS", "WD10", "WS10", "TA", "RE", "RN-15m", "RN-60m",
    "RN-12H", "RN-DAY", "HM", "PA", "PS", "TD",
)  # fmt: skip
MISSING_BELOW = -50.0


def read(body: bytes, _asked_at: datetime) -> Pulled:
    """Raises NotUnderstood."""
    try:
        lines = body.decode("utf-8", errors="strict").splitlines()
    except UnicodeDecodeError:
        lines = body.decode("euc-kr", errors="replace").splitlines()
    data = [line for line in lines if line.strip() and not line.startswith("#")]
    if not data or not data[0].strip()[:4].isdigit():
        raise NotUnderstood((data or ["An empty answer."])[0][:200])
    gauges: list[Any] = []
    rows: list[dict[str, Any]] = []
    bad: list[BadItem] = []
    for line in data:
        try:
            one, told = _line(line.replace(",", " ").split())
        except BadRow as error:
            bad.append(BadItem(line.strip()[:30], str(error)))
            continue
        gauges.append(one)
        rows += told
    return pulled(gauges, rows, bad)


def _line(cells: Sequence[str]) -> tuple[Any, list[dict[str, Any]]]:
    if len(cells) < COLUMNS.index("RN-15m") + 1:
        raise BadRow(f"{len(cells)} columns.")
    at = korean_instant(cells[0], "%Y%m%d%H%M")
    if not cells[1].isdigit():
        raise BadRow(f"This is no station: {cells[1][:20]!r}")
    code = f"kma-{cells[1]}"
    plan = gauge(code=code, kind="rain", observed="rain_amount", unit="mm", every_s=EVERY_S,
                 names={"": f"AWS {cells[1]}"})  # fmt: skip
    rain = _value(cells, "RN-15m")
    if rain is None:
        raise BadRow("The rain is missing; that is not zero.")
    quarter = int(cells[0][10:12]) % 15 == 0
    return plan, [row(code, "rain_amount", at, rain)] if quarter else []


def _value(cells: Sequence[str], name: str) -> float | None:
    try:
        value = float(cells[COLUMNS.index(name)])
    except ValueError as error:
        raise BadRow(f"{name} is no number.") from error
    return None if value < MISSING_BELOW else value
