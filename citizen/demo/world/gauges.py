"""Gauges of water and rain: where they stand, what their zero is, and which levels matter."""

from dataclasses import dataclass
from typing import Literal

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.plane import Point, to_lonlat
from citizen.demo.world.river import River
from citizen.demo.world.street_tags import names
from citizen.demo.world.terrain import Heights

UNDERPASS: Point = (298.0, -446.0)


@dataclass(frozen=True)
class ReferenceLevels:
    """Metres above the gauge's zero; for rain millimetres an hour."""

    attention: float
    warning: float
    alarm: float
    serious: float


@dataclass(frozen=True)
class Gauge:
    """`zero_m` is the height of the gauge's zero above mean sea level; rain has none."""

    code: str
    kind: Literal["stage", "rain", "depth"]
    name_ko: str
    name_en: str
    lon: float
    lat: float
    zero_m: float | None
    levels: ReferenceLevels
    upstream: tuple[str, ...] = ()


_STAGE = ReferenceLevels(1.8, 2.6, 3.6, 4.4)
_RAIN = ReferenceLevels(15.0, 30.0, 50.0, 70.0)
_DEPTH = ReferenceLevels(0.05, 0.15, 0.30, 0.50)
_RAIN_GAUGES = (
    ("RAIN-SUMMIT", "달빛산 강우관측소", "Dalbitsan Rain Gauge", (-690.0, 896.0)),
    ("RAIN-CITYHALL", "시청 강우관측소", "City Hall Rain Gauge", (660.0, 18.0)),
    ("RAIN-DONGSAN", "동산 강우관측소", "Dongsan Rain Gauge", (878.0, 846.0)),
)


def build_gauges(book: ElementBook, river: River, heights: Heights) -> tuple[Gauge, ...]:
    rain = tuple(_gauge("rain", *label, None, _RAIN) for label in _RAIN_GAUGES)
    hills = ("RAIN-SUMMIT", "RAIN-DONGSAN")
    stages = (
        _stage("STAGE-EUNHAENG", "은행교 수위관측소", "Eunhaeng Bridge Stage", (196.0, 478.0),
               river, hills),
        _stage("STAGE-DALBIT", "달빛교 수위관측소", "Dalbit Bridge Stage", (-158.0, -8.0), river,
               (*hills, "STAGE-EUNHAENG")),
    )  # fmt: skip
    depth = _gauge("depth", "DEPTH-BYEOLBIT", "별빛지하차도 침수심", "Byeolbit Underpass Depth",
                   UNDERPASS, round(heights.at_point(UNDERPASS), 2), _DEPTH,
                   ("RAIN-CITYHALL",))  # fmt: skip
    gauges = (*stages, *rain, depth)
    for gauge in gauges:
        _write(book, gauge)
    return gauges


def _stage(
    code: str, ko: str, en: str, at: Point, river: River, upstream: tuple[str, ...]
) -> Gauge:
    return _gauge("stage", code, ko, en, at, round(river.bed_at(at), 2), _STAGE, upstream)


def _gauge(
    kind: Literal["stage", "rain", "depth"],
    code: str,
    ko: str,
    en: str,
    at: Point,
    zero_m: float | None,
    levels: ReferenceLevels,
    upstream: tuple[str, ...] = (),
) -> Gauge:
    return Gauge(code, kind, ko, en, *to_lonlat(at), zero_m, levels, upstream)


def _write(book: ElementBook, gauge: Gauge) -> None:
    what = {"stage": "water_level", "rain": "weather", "depth": "water_level"}[gauge.kind]
    tags = {"man_made": "monitoring_station", f"monitoring:{what}": "yes", "ref": gauge.code}
    point_tags = tags | names(gauge.name_ko, gauge.name_en)
    book.lonlat_node(gauge.lon, gauge.lat, point_tags)
