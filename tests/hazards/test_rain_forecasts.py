"""Rain that is foreseen comes in at its doors, and rivers are foreseen anew with it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.base.models import Work
from apps.hazards.models import Catchment, Forecast, RainForecast
from apps.hazards.services.forecasts import rain_ahead
from apps.hazards.snapshot import read_record
from tests.hazards.conftest import Valley

DOOR = "/api/v1/hazards/rain-forecasts"


def body(*spots: dict[str, Any], **more: Any) -> dict[str, Any]:
    now = clock.now().isoformat()
    return {"issued_at": now, "from_at": now, "spots": list(spots)} | more


def cell(lon: float, lat: float, *mm: float) -> dict[str, Any]:
    return {"lon": lon, "lat": lat, "mm_by_hour": list(mm)}


def send(valley: Valley, told: Any, key: str | None = None) -> Any:
    return Client().post(
        DOOR, json.dumps(told), content_type="application/json",
        headers={"Authorization": f"Gateway {key or valley.key}", "Accept-Language": "en"},
    )  # fmt: skip


def test_a_forecast_for_a_catchment_is_what_its_rivers_are_foreseen_with(
    valley: Valley, hand: Hand
) -> None:
    answer = send(valley, body({"catchment": "valley", "mm_by_hour": [1.0, 8.0, 2.0]}))
    assert (answer.status_code, answer.json()) == (201, {"catchments": ["valley"]})
    assert RainForecast.objects.get().source == "water", "named after the gateway"

    station = valley.station("BRIDGE")
    last = clock.now().replace(minute=0, second=0, microsecond=0)
    record = read_record(station, first=last - timedelta(hours=48), hours=48)
    assert station.catchment is not None
    ahead, source = rain_ahead(station.catchment, record, clock.now())
    assert source == Forecast.Rain.FORESEEN
    assert list(ahead[:4]) == [1.0, 8.0, 2.0, 0.0]
    work = Work.objects.get(kind="hazards.forecast")
    assert station.pk in work.payload["stations"]


def test_the_same_again_changes_nothing_and_a_correction_does(valley: Valley) -> None:
    told = body({"catchment": "valley", "mm_by_hour": [1.0]})
    for _twice in range(2):
        send(valley, told)
    assert Work.objects.filter(kind="hazards.forecast").count() == 1
    told["spots"][0]["mm_by_hour"] = [3.0]
    send(valley, told)
    assert RainForecast.objects.get().mm_by_hour == [3.0]
    assert Work.objects.filter(kind="hazards.forecast").count() == 2


def test_a_grid_falls_on_the_land_below_it(valley: Valley) -> None:
    land = Polygon.from_bbox((127.20, 37.40, 127.30, 37.50))
    Catchment.objects.update(geom=MultiPolygon(land, srid=4326))
    grid = [cell(127.22, 37.45, 2.0), cell(127.27, 37.45, 6.0), cell(127.9, 37.45, 90.0)]
    assert send(valley, body(*grid)).status_code == 201
    assert RainForecast.objects.get().mm_by_hour == [4.0]


def test_a_small_catchment_takes_the_nearest_cell_of_a_coarse_grid(valley: Valley) -> None:
    assert send(valley, body(cell(127.30, 37.45, 5.0), cell(127.9, 37.45, 90.0))).status_code == 201
    assert RainForecast.objects.get().mm_by_hour == [5.0]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"spots": []}, "spots"),
    ({"spots": [{"mm_by_hour": [1.0]}]}, "spots"),
    ({"spots": [{"catchment": "nowhere", "mm_by_hour": [1.0]}]}, "spots"),
    ({"spots": [cell(10.0, 50.0, 1.0)]}, "spots"),
    ({"spots": [cell(127.26, 37.43, 1.0), cell(127.27, 37.43, 1.0, 2.0)]}, "spots"),
    ({"issued_at": "2030-01-01T00:00:00Z"}, "issued_at"),
    ({"from_at": "2020-01-01T00:00:00Z"}, "from_at"),
    ({"issued_at": "yesterday"}, "issued_at"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_what_cannot_be_is_refused_and_changes_nothing(
    valley: Valley, change: dict[str, Any], field: str
) -> None:
    answer = send(valley, body({"catchment": "valley", "mm_by_hour": [1.0]}) | change)
    assert answer.status_code == 400
    assert field in [error["field"].split(".")[0] for error in answer.json()["errors"]]
    assert not RainForecast.objects.exists()


@pytest.mark.parametrize("mm", [-1.0, 301.0])
def test_rain_that_cannot_fall_is_refused(valley: Valley, mm: float) -> None:
    assert send(valley, body({"catchment": "valley", "mm_by_hour": [mm]})).status_code == 400


def test_only_gateways_tell_forecasts(valley: Valley) -> None:
    told = body({"catchment": "valley", "mm_by_hour": [1.0]})
    answer = send(valley, told, key="a guess")
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unknown-gateway")
    assert not RainForecast.objects.exists()
