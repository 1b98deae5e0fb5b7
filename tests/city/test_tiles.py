"""Vector tiles as a map client meets them."""

import gzip
import math
from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis
from asgiref.sync import sync_to_async
from django.conf import settings

from apps.base.hot import HotDoor, close_pool
from apps.city.models import ImportRun, Place
from apps.city.rest import search, tiles
from apps.city.services.map_imports import import_map
from apps.city.services.places import remove_place
from apps.city.tiles import store
from apps.city.tiles.layers import all_layers
from apps.city.tiles.rendering import Tile, layers_hash, read_tile, statement
from tests.city import mvt
from tests.city.conftest import CORNER
from tests.support.asgi import Answer, call

LON, LAT = 127.2615, 37.4302


@pytest.fixture
async def door() -> AsyncIterator[HotDoor]:
    yield HotDoor([*tiles.ROUTES, *search.ROUTES])
    await store.close_client()
    await close_pool()


def _path(z: int, lon: float = LON, lat: float = LAT) -> str:
    size = 1 << z
    x = int((lon + 180) / 360 * size)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size)
    return f"/tiles/{z}/{x}/{y}.mvt"


async def _tile(door: HotDoor, z: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await call(door, "GET", _path(z), headers=named)


def _names(layer: mvt.Layer) -> set[Any]:
    return {feature.get("name") for feature in layer.features}


async def test_one_tile_holds_all_layers(committed_corner: ImportRun, door: HotDoor) -> None:
    answer = await _tile(door, 15)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = mvt.read_tile(answer.body)
    assert {"roads", "water", "places", "districts", "paths", "landuse"} <= set(layers)
    assert _names(layers["roads"]) == {"달빛로", "강변로"}
    assert {"중앙도서관", "달빛초등학교"} <= _names(layers["places"])


async def test_names_of_all_languages_travel(committed_corner: ImportRun, door: HotDoor) -> None:
    layers = mvt.read_tile((await _tile(door, 15)).body)
    library = next(f for f in layers["places"].features if f["kind"] == "library")
    assert library["name:en"] == "Central Library"
    assert (library["code"], library["type"]) == ("n6", "point")
    assert library["weight"] == pytest.approx(0.75)


async def test_what_is_small_comes_later(committed_corner: ImportRun, door: HotDoor) -> None:
    far = mvt.read_tile((await _tile(door, 11)).body)
    near = mvt.read_tile((await _tile(door, 16)).body)
    assert _names(far["roads"]) == {"달빛로"}  # the residential street is not drawn yet
    assert "points" not in far
    assert {feature["kind"] for feature in near["points"].features} == {
        "bollard", "traffic_signals",
    }  # fmt: skip
    assert {feature["number"] for feature in near["addresses"].features} >= {"12"}


async def test_nothing_at_the_other_end_of_the_world(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    answer = await call(door, "GET", _path(14, lon=-70.0, lat=-33.0))
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/tiles/17/1/1.mvt", "/tiles/3/8/0.mvt", "/tiles/3/0/8.mvt", "/tiles/a/0/0.mvt",
             "/tiles/3/-1/0.mvt", "/tiles/3/1.5/0.mvt", "/tiles/3/²/0.mvt"],
)  # fmt: skip
async def test_a_tile_that_cannot_be_is_not_found(
    committed_corner: ImportRun, door: HotDoor, path: str
) -> None:
    answer = await call(door, "GET", path)
    assert answer.status == 404
    assert answer.json()["type"] == "/problems/not-found"


async def test_tiles_are_packed_for_who_reads_that(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    plain = await _tile(door, 15)
    packed = await _tile(door, 15, Accept_Encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"


async def test_a_client_that_has_the_tile_gets_no_body(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    tag = (await _tile(door, 15)).headers["etag"]
    assert tag.startswith('W/"')
    again = await _tile(door, 15, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == tag
    assert (await _tile(door, 15, If_None_Match='W/"other"')).status == 200


async def test_a_new_map_makes_new_tiles(committed_corner: ImportRun, door: HotDoor) -> None:
    tag = (await _tile(door, 15)).headers["etag"]
    await sync_to_async(import_map)(path=CORNER)
    assert (await _tile(door, 15, If_None_Match=tag)).status == 200


async def test_a_place_let_go_leaves_the_tiles(committed_corner: ImportRun, door: HotDoor) -> None:
    await _tile(door, 15)
    library = await Place.objects.aget(kind="library")
    await sync_to_async(remove_place)(place=library)
    layers = mvt.read_tile((await _tile(door, 15)).body)
    assert "중앙도서관" not in _names(layers["places"])


async def test_a_finished_tile_comes_from_redis(committed_corner: ImportRun, door: HotDoor) -> None:
    first = await _tile(door, 15)
    client = redis.Redis.from_url(settings.REDIS_URL)
    (key,) = [k for k in client.keys("citizen.tile:*") if first.headers["etag"].encode() in k]
    client.set(key, gzip.compress(b"from redis"))
    client.close()
    assert (await _tile(door, 15)).body == b"from redis"


async def test_tiles_are_drawn_without_redis(
    committed_corner: ImportRun, door: HotDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nowhere/redis")
    monkeypatch.setattr(store, "_rest_until", [0.0])
    assert (await _tile(door, 15)).status == 200
    assert store._rest_until[0] > 0


async def test_tile_json_says_what_the_tiles_hold(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    said = (await call(door, "GET", "/tiles/city.json")).json()
    assert said["tilejson"] == "3.0.0"
    assert said["tiles"] == ["http://localhost/tiles/{z}/{x}/{y}.mvt"]
    assert said["bounds"] == pytest.approx([127.2590, 37.4270, 127.2650, 37.4330])
    assert {layer["id"] for layer in said["vector_layers"]} == {
        layer.name for layer in all_layers()
    }


async def test_tile_json_does_not_repeat_a_foreign_host(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    said = (await call(door, "GET", "/tiles/city.json", headers={"Host": "evil.example"})).json()
    assert said["tiles"][0].startswith(settings.PUBLIC_URL)


async def test_without_a_city_tiles_are_unavailable(transactional_db: None, door: HotDoor) -> None:
    answer = await _tile(door, 15)
    assert answer.status == 503
    assert answer.headers["retry-after"]


def test_a_tile_knows_its_square() -> None:
    square = Tile(1, 1, 0).parameters()
    assert square["west"] == pytest.approx(0)
    assert square["south"] == pytest.approx(0)
    assert square["east"] == square["north"] == pytest.approx(20_037_508.34, abs=0.01)


def test_the_last_tile_of_a_zoom_is_there_and_the_next_is_not() -> None:
    assert read_tile("2", "3", "3") == Tile(2, 3, 3)
    assert read_tile("2", "4", "3") is None


def test_layers_below_their_zoom_are_not_asked_for() -> None:
    assert "'roads'" in statement(5)
    assert "'buildings'" not in statement(12)
    assert len(layers_hash()) == 10


# ---------------------------------------------------------------- the geocoder's door


async def _search(door: HotDoor, **query: Any) -> Answer:
    return await call(door, "GET", "/api/v1/city/search", query=query)


async def test_the_search_door_speaks_the_askers_language(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    answer = await call(
        door, "GET", "/api/v1/city/search", query={"q": "도서관", "lat": LAT, "lon": LON},
        headers={"Accept-Language": "en-GB,en;q=0.9"},
    )  # fmt: skip
    best = answer.json()["results"][0]
    assert best["name"] == "Central Library"
    assert best["names"][""] == "중앙도서관"
    assert best["district"]["name"] == "Dalbit-dong"
    assert 0 < best["distance_m"] < 200


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"q": ""}, 400, "q"),
        ({}, 400, "q"),
        ({"q": "도서관", "lat": "x"}, 400, "lat"),
        ({"q": "도서관", "lat": "nan", "lon": "1"}, 400, "lat"),
        ({"q": "도서관", "lat": "37.4"}, 400, "lon"),
        ({"q": "도서관", "lat": "127.26", "lon": "37.43"}, 400, "lat"),
        ({"q": "도서관", "limit": "51"}, 400, "limit"),
        ({"q": "도서관", "limit": "-1"}, 400, "limit"),
    ],
)
async def test_the_search_door_names_the_field_at_fault(
    committed_corner: ImportRun, door: HotDoor, query: dict[str, str], status: int, field: str
) -> None:
    answer = await _search(door, **query)
    assert answer.status == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_the_search_door_knows_when_another_city_is_meant(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    answer = await _search(door, q="도서관", lat=51.5, lon=-0.1)
    assert (answer.status, answer.json()["type"]) == (400, "/problems/outside-city")


async def test_the_reverse_door_tells_what_is_here(
    committed_corner: ImportRun, door: HotDoor
) -> None:
    here = {"lat": 37.4302, "lon": 127.2606}
    said = (await call(door, "GET", "/api/v1/city/reverse", query=here)).json()
    assert (said["address"]["number"], said["street"]["name"]) == ("12", "달빛로")
    assert (await call(door, "GET", "/api/v1/city/reverse")).status == 400
