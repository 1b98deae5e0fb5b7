"""The Environment Agency's flood-monitoring API (England): stations and readings of levels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.adapters.gauges import BadRow, decoded, degrees, each, gauge, number, pulled, text
from devices.adapters.pulled import NotUnderstood, Pulled

EVERY_S = 900
UNITS = {"m": "m", "mASD": "m", "mAOD": "m", "mm": "mm", "m3/s": "m3/s", "m3_s": "m3/s"}
KINDS = {
    ("level", "m"): ("stage", "river_stage"),
    ("flow", "m3/s"): ("discharge", "river_discharge"),
    ("rainfall", "mm"): ("rain", "rain_amount"),
}


def read(body: bytes, _asked_at: datetime) -> Pulled:
    """`/id/stations` or `/data/readings`. Raises NotUnderstood."""
    answer = decoded(body)
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise NotUnderstood("There is no list named items.")
    if any(isinstance(item, dict) and "measures" in item for item in items):
        stations, bad = each(items, _station, "stationReference")
        return pulled((one for gauges in stations for one in gauges), bad=bad)
    rows, bad = each(items, _reading, "@id")
    return pulled(rows=rows, bad=bad)


def _station(item: Mapping[str, Any]) -> list[Any]:
    """A gauge for each measure that is one of ours."""
    lat, lon = degrees(_one(item, "lat"), 90), _longitude(item)
    measures = item.get("measures")
    if not isinstance(measures, list):
        raise BadRow("measures is no list.")
    name = str(_one(item, "label"))
    return [_gauge(item, measure, name, lon, lat) for measure in measures if _known(measure)]


def _known(measure: Any) -> bool:
    if not isinstance(measure, dict):
        return False
    return (measure.get("parameter"), UNITS.get(str(measure.get("unitName")))) in KINDS


def _gauge(
    item: Mapping[str, Any], measure: Mapping[str, Any], name: str, lon: float, lat: float
) -> Any:
    unit = UNITS[str(measure["unitName"])]
    kind, observed = KINDS[str(measure["parameter"]), unit]
    scale = item.get("stageScale")
    high = scale.get("typicalRangeHigh") if isinstance(scale, dict) else None
    levels = {"attention": float(high)} if kind == "stage" and isinstance(high, int | float) else {}
    thing, station = gauge(
        code=_code(measure), kind=kind, observed=observed, unit=unit, every_s=EVERY_S,
        names={"": name, "en": name}, lon=lon, lat=lat, levels=levels,
    )  # fmt: skip
    return thing, station


def _longitude(item: Mapping[str, Any]) -> float:
    """West of Greenwich is negative, which degrees with hyphens cannot be."""
    value = number({"long": _one(item, "long")}, "long")
    if abs(value) > 180:
        raise BadRow(f"Degrees beyond 180: {value:g}")
    return value


def _one(item: Mapping[str, Any], name: str) -> Any:
    """Some stations carry two values where one is meant: nobody knows which."""
    told = item.get(name)
    if told is None or isinstance(told, list):
        raise BadRow(f"{name} is missing or more than one.")
    return told


def _reading(item: Mapping[str, Any]) -> dict[str, Any]:
    measure = text(item, "measure")
    observed = _observed(measure)
    value = item.get("value")
    if isinstance(value, list):
        raise BadRow("Two values for one instant.")
    return {
        "datastream": f"{_code({'@id': measure})}.{observed}",
        "phenomenonTime": text(item, "dateTime"),
        "result": number(item, "value"),
    }


def _observed(measure: str) -> str:
    """From an id such as 1491TH-level-stage-i-15_min-mASD."""
    for parameter, observed in (
        ("-level-", "river_stage"), ("-flow-", "river_discharge"), ("-rainfall-", "rain_amount"),
    ):  # fmt: skip
        if parameter in measure:
            return observed
    raise BadRow(f"This is none of our measures: {measure[-60:]}")


def _code(measure: Mapping[str, Any]) -> str:
    tail = str(measure.get("@id") or "").rpartition("/")[2]
    plain = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in tail)
    if not plain:
        raise BadRow("The measure has no id.")
    return f"ea-{plain}"[:60]
