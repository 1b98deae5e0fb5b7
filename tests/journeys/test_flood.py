"""The river and the rain against the ways through Dalbit: what the gauges say closes a way, and the
same gauges open it again."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry, LineString
from django.test import Client

from apps.base import clock, work
from apps.base.clock import Hand
from apps.hazards.models import Reach, Underpass
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


def test_the_river_takes_its_streets_and_gives_them_back(town: Hand) -> None:
    assert Reach.objects.filter(built_at=None).count() == 0
    say(town, STAGE_DALBIT=1.0)
    assert in_the_way() == {}

    for stage_m in (1.9, 2.8, 3.7, 4.6):
        say(town, STAGE_DALBIT=stage_m)
    flooded = in_the_way()
    assert flooded, "the river is over its banks"
    assert all(0 < depth_m < 4.6 + 1 for depth_m in flooded.values())
    deep, ends = deepest()
    wet_way = driven(*ends)
    assert wet_way is None or not wet_way.intersects(deep.buffer(-WIDE_DEG / 2))

    for stage_m in (3.7, 2.8, 1.9, 1.2):  # no river falls faster than it is believed to
        say(town, STAGE_DALBIT=stage_m)
    assert in_the_way() == {}
    dry_way = driven(*ends)
    assert dry_way is not None
    assert dry_way.intersects(deep)


def deepest() -> tuple[GEOSGeometry, tuple[Any, Any]]:
    """The deepest street that cars use, as wide as it is, and two places at its ends."""
    rows = Client().get("/api/v1/city/obstructions").json()["results"]
    for row in sorted(rows, key=lambda row: -row["depth_m"]):
        lines = row["geometry"]["coordinates"]
        line = max(lines, key=len)
        for first, last in pairwise((line[0], line[-1])):
            way = LineString(*line, srid=4326)
            if row["depth_m"] > 0.5 and way.length > 0.0005:
                return way.buffer(WIDE_DEG), (tuple(first[:2]), tuple(last[:2]))
    raise AssertionError("no street is deep under water")
