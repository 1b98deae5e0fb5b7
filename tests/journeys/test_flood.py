"""The river and the rain against the ways through Dalbit: what the gauges say closes a way, and the
same gauges open it again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import LineString
from django.test import Client

from apps.base import clock, work
from apps.base.clock import Hand
from apps.hazards.models import Underpass
from apps.navigation.models import GraphBuild
from apps.navigation.selectors.travel import drive
from citizen.demo.seed import gateway_keys
from citizen.demo.seed.hazards import seed_hazards
from citizen.demo.seed.town_map import seed_map
from citizen.demo.world.gauges import UNDERPASS
from citizen.demo.world.plane import to_lonlat
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.protocols.batch import read_rows
from tests.navigation.conftest import dalbit, graphs_folder, walkable

__all__ = ["graphs_folder", "walkable"]
NORTH, SOUTH = (to_lonlat((UNDERPASS[0], UNDERPASS[1] + dy)) for dy in (110.0, -110.0))
WIDE_DEG = 0.00005


@pytest.fixture
def town(walkable: GraphBuild, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Dalbit with its map, its ways and its gauges."""
    monkeypatch.setattr(gateway_keys, "KEY_FILE", tmp_path / "keys.json")
    monkeypatch.setattr("citizen.demo.seed.hazards.RECORD_DAYS", 10)
    seed_map(dalbit())
    seed_hazards(dalbit())
    return hand


def say(hand: Hand, **values: float) -> None:
    """Gauges speak through their gateway; ten minutes pass; the worker does what follows."""
    hand.move(timedelta(minutes=10))
    at = clock.now().isoformat()
    rows = [
        {"datastream": f"T-{code.replace('_', '-')}:{observed(code)}", "phenomenonTime": at,
         "result": value}
        for code, value in values.items()
    ]  # fmt: skip
    receipt = accept(read_rows(rows), known_as("GW-WATER"))
    assert receipt.stored == len(rows)
    while work.sweep():
        pass


def observed(code: str) -> str:
    kind = code.partition("_")[0]
    return {"RAIN": "rain_amount", "STAGE": "river_stage", "DEPTH": "water_depth"}[kind]


def in_the_way() -> dict[str, float]:
    """What everybody can ask of the city."""
    rows = Client().get("/api/v1/city/obstructions").json()["results"]
    return {row["description"]: row["depth_m"] for row in rows if row["kind"] == "flood"}


def driven(origin: Any, destination: Any) -> LineString | None:
    way = drive(origin=origin, destination=destination)
    return LineString(*way.line, srid=4326) if way and len(way.line) > 1 else None


def test_an_underpass_closes_for_cars_and_opens_again(town: Hand) -> None:
    well = Underpass.objects.get(code="byeolbit").geom
    before = driven(NORTH, SOUTH)
    assert before is not None
    assert before.intersects(well), "the short way leads through the underpass"

    for _ in range(6):
        say(town, RAIN_CITYHALL=8.0, DEPTH_BYEOLBIT=0.0)
    assert in_the_way() == {}
    say(town, RAIN_CITYHALL=8.0, DEPTH_BYEOLBIT=0.35)

    assert in_the_way() == {"별빛지하차도": pytest.approx(0.35)}
    around = driven(NORTH, SOUTH)
    assert around is None or not around.intersects(well)
    assert around is None or around.length > before.length

    say(town, RAIN_CITYHALL=0.0, DEPTH_BYEOLBIT=0.01)
    assert in_the_way() == {}
    assert driven(NORTH, SOUTH) == before


RISES, FALLS = (1.9, 2.8, 3.7, 4.6), (3.7, 2.8, 1.9, 1.2)


def test_the_river_takes_its_streets_and_gives_them_back(town: Hand) -> None:
    say(town, STAGE_DALBIT=1.0)
    assert in_the_way() == {}

    flow(town, RISES)
    flooded = in_the_way()
    assert flooded, "the river is over its banks"
    assert all(0 < depth_m < 4.6 + 1 for depth_m in flooded.values())
    deep = deep_lines()

    flow(town, FALLS)
    assert in_the_way() == {}
    street = next(line for line in deep if is_driven(line))

    flow(town, RISES)
    assert in_the_way() == flooded, "the same water, the same facts"
    assert not is_driven(street)


def flow(hand: Hand, stages_m: tuple[float, ...]) -> None:
    """No river moves faster than it is believed to."""
    for stage_m in stages_m:
        say(hand, STAGE_DALBIT=stage_m)


def deep_lines() -> list[LineString]:
    """Streets that are deeper under water than a car can ford, the deepest first."""
    rows = Client().get("/api/v1/city/obstructions").json()["results"]
    deep = sorted((r for r in rows if r["depth_m"] > 0.5), key=lambda r: -r["depth_m"])
    lines = [
        LineString(*line, srid=4326) for row in deep for line in row["geometry"]["coordinates"]
    ]
    return [line for line in lines if line.length > 0.0005]


def is_driven(line: LineString) -> bool:
    """Whether the way by car from one end to the other runs along it."""
    way = driven(line[0], line[-1])
    return way is not None and way.intersection(line.buffer(WIDE_DEG)).length > line.length / 2
