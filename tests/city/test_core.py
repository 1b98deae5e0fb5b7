"""Kinds, shapes, addresses and broken files, as tables."""

import zlib

import pytest

from apps.city.core.addresses import postal, written
from apps.city.core.kinds import KINDS, kind_meant_by, other_names, place_kind, street_rank
from apps.city.core.pbf import find_break
from apps.city.core.shapes import area_shape, point_shape, way_shape

Tags = dict[str, str]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"amenity": "library", "name": "A"}, "library"),
        ({"amenity": "library"}, None),  # nobody looks for a library without a name
        ({"amenity": "library", "name": ""}, None),
        ({"amenity": "parking"}, "parking"),
        ({"amenity": "toilets"}, "toilets"),
        ({"amenity": "school", "building": "yes", "name": "A"}, "school"),  # the weightier
        ({"shop": "florist", "name": "A"}, "shop"),
        ({"shop": "no", "name": "A"}, None),
        ({"railway": "station", "name": "A"}, "station"),
        ({"highway": "traffic_signals"}, None),
        ({"highway": "traffic_signals", "name": "A"}, "junction"),
        ({"name": "A"}, None),
        ({}, None),
    ],
)
def test_the_kind_of_a_place(tags: Tags, kind: str | None) -> None:
    found = place_kind(tags)
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("words", "kind"),
    [("주차장", "parking"), ("Car Park", "parking"), ("libraries", "library"), ("benches", "bench"),
     ("pharmacies", "pharmacy"), ("schools", "school"), ("도서관", "library"), ("dragon", None)],
)  # fmt: skip
def test_the_kind_that_words_mean(words: str, kind: str | None) -> None:
    assert kind_meant_by(words) == kind


def test_no_two_kinds_share_a_word_or_a_tag() -> None:
    words = [word for kind in KINDS for word in kind.words]
    tags = [tag for kind in KINDS for tag in kind.tags]
    assert len(words) == len(set(words))
    assert len(tags) == len(set(tags))


def test_other_names_are_told_once_each() -> None:
    tags = {"name": "A", "alt_name": "B;C", "old_name:en": "D", "short_name": "B", "loc_name": ""}
    assert other_names(tags) == ["B", "C", "D"]


@pytest.mark.parametrize(
    ("highway", "rank"),
    [("motorway", 0), ("primary_link", 2), ("residential", 5), ("steps", 9), ("proposed", None)],
)
def test_the_rank_of_a_street(highway: str, rank: int | None) -> None:
    assert street_rank({"highway": highway}) == rank


@pytest.mark.parametrize(
    ("tags", "layer", "kind", "zoom"),
    [
        ({"highway": "primary"}, "roads", "primary", 8),
        ({"highway": "primary_link"}, "roads", "primary", 8),
        ({"highway": "footway"}, "paths", "footway", 14),
        ({"highway": "footway", "footway": "crossing"}, "paths", "footway", 15),
        ({"highway": "steps"}, "paths", "steps", 14),
        ({"railway": "subway"}, "rails", "subway", 12),
        ({"waterway": "stream"}, "waterways", "stream", 13),
        ({"barrier": "wall"}, "barriers", "wall", 15),
    ],
)
def test_how_a_way_is_drawn(tags: Tags, layer: str, kind: str, zoom: int) -> None:
    shape = way_shape(tags, is_closed=False)
    assert shape is not None
    assert (shape.layer, shape.kind, shape.min_zoom) == (layer, kind, zoom)


def test_what_a_style_can_count_with_is_a_number() -> None:
    shape = way_shape(
        {"highway": "path", "width": "1.5", "layer": "-1", "incline": "up", "ref": "nan"},
        is_closed=False,
    )
    assert shape is not None
    assert shape.extra == {"width": 1.5, "layer": -1, "incline": "up", "ref": "nan"}


@pytest.mark.parametrize(
    ("tags", "layer"),
    [
        ({"building": "yes"}, "buildings"),
        ({"building": "no", "landuse": "grass"}, "landuse"),
        ({"natural": "water"}, "water"),
        ({"highway": "pedestrian", "area": "yes"}, "landuse"),
        ({"highway": "pedestrian"}, None),  # a loop
        ({"railway": "platform"}, "landuse"),
        ({"boundary": "postal"}, None),
    ],
)
def test_how_an_area_is_drawn(tags: Tags, layer: str | None) -> None:
    shape = area_shape(tags)
    assert (shape and shape.layer) == layer


def test_an_area_is_not_drawn_as_a_line_too() -> None:
    assert way_shape({"highway": "pedestrian", "area": "yes"}, is_closed=True) is None
    assert way_shape({"railway": "platform"}, is_closed=True) is None


def test_a_point_that_is_no_place_is_drawn() -> None:
    shape = point_shape({"barrier": "bollard"})
    assert shape is not None
    assert shape.kind == "bollard"
    assert point_shape({"amenity": "bench"}) is None


@pytest.mark.parametrize(
    ("tags", "numbers", "area", "on_street"),
    [
        ({"addr:street": "달빛로", "addr:housenumber": "12"}, ("12",), "달빛로", True),
        ({"addr:street": "A", "addr:housenumber": "1; 3,5"}, ("1", "3", "5"), "A", True),
        ({"addr:place": "달빛동", "addr:housenumber": "12-3"}, ("12-3",), "달빛동", False),
        ({"addr:suburb": "B", "addr:street": "A", "addr:housenumber": "1"}, ("1",), "A", True),
    ],
)
def test_the_address_of_an_element(
    tags: Tags, numbers: tuple[str, ...], area: str, on_street: bool
) -> None:
    found = postal(tags)
    assert found is not None
    assert (found.numbers, found.names[""], found.on_street) == (numbers, area, on_street)


@pytest.mark.parametrize("tags", [{"addr:street": "A"}, {"addr:housenumber": "1"}, {}])
def test_half_an_address_is_none(tags: Tags) -> None:
    assert postal(tags) is None


@pytest.mark.parametrize(
    ("country", "text"), [("KR", "달빛로 12"), ("DE", "달빛로 12"), ("GB", "12 달빛로")]
)
def test_each_country_writes_its_way(country: str, text: str) -> None:
    assert written("달빛로", "12", country=country) == text


# ---------------------------------------------------------------- broken PBF files


def _block(raw: bytes = b"content", *, size: int | None = None) -> bytes:
    packed = zlib.compress(raw)
    blob = b"\x10" + bytes([len(raw) if size is None else size])
    blob += b"\x1a" + bytes([len(packed)]) + packed
    header = b"\x0a\x07OSMData\x18" + bytes([len(blob)])
    return len(header).to_bytes(4, "big") + header + blob


def test_a_whole_file_has_no_break() -> None:
    assert find_break(memoryview(_block() + _block(b"more"))) is None


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (_block()[:-1], "ends before its"),
        (_block()[:2], "ends before its length"),
        (_block()[:8], "ends before its header"),
        (b"\x00\x01\x00\x01" + bytes(70_000), "no block"),
        (_block(size=99), "another size"),
        (_block().replace(zlib.compress(b"content"), bytes(len(zlib.compress(b"content")))),
         "unpacked"),
        (b"\x00\x00\x00\x02\x1b\x00", "unknown type"),
        (b"\x00\x00\x00\x02\x18\xff", "broken number"),
        (b"\x00\x00\x00\x03\x0a\x01x", "no size"),
    ],
)  # fmt: skip
def test_it_names_the_block_and_byte_that_break(second: bytes, reason: str) -> None:
    first = _block()
    found = find_break(memoryview(first + second))
    assert found is not None
    assert (found.block, found.byte) == (1, len(first))
    assert reason in found.reason


def test_an_empty_file_is_broken() -> None:
    assert find_break(memoryview(b"")) is not None
