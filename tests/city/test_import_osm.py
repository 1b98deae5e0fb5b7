"""A map comes in whole or not at all."""

import gzip
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.base.names import pick
from apps.city.core.osm import Element, Member, Node, Relation, Way
from apps.city.importers.broken import BrokenMap
from apps.city.importers.writing import write_map
from apps.city.models import (
    Address,
    City,
    District,
    ImportRun,
    MapShape,
    OsmNode,
    OsmRelation,
    OsmWay,
    Place,
    SearchEntry,
    Street,
)
from apps.city.selectors.osm import osm_elements
from apps.city.services.founding import Founding
from apps.city.services.map_imports import import_map, load_elements
from tests.city.conftest import CORNER, DALBIT
from tests.support.samples import sample_path

pytestmark = pytest.mark.django_db


def test_it_founds_the_city_around_its_first_map(corner: ImportRun) -> None:
    city = City.objects.get()
    assert city.box == pytest.approx((127.2590, 37.4270, 127.2650, 37.4330))
    assert (city.srid, city.time_zone) == (5186, "Asia/Seoul")


def test_it_keeps_every_element_with_its_tags(corner: ImportRun) -> None:
    assert corner.counts["node"] == OsmNode.objects.count() == 26
    tags: dict[int, Any] = dict(OsmNode.objects.values_list("pk", "tags"))
    assert tags[6]["name:en"] == "Central Library"
    assert tags[1] is None
    assert OsmWay.objects.get(pk=103).node_ids == [4, 2, 5]
    assert OsmRelation.objects.get(pk=201).member_roles == ["outer", "inner"]


def test_it_makes_one_street_of_stretches_that_hang_together(corner: ImportRun) -> None:
    street = Street.objects.get(names__contains={"": "달빛로"})
    assert street.names["en"] == "Dalbit-ro"
    assert street.rank == 3
    assert street.geom_m.length == pytest.approx(354, abs=3)


def test_it_puts_things_into_their_district(corner: ImportRun) -> None:
    district = District.objects.get()
    assert district.level == 8
    assert Place.objects.get(kind="library").district == district
    assert Street.objects.get(names__contains={"": "강변로"}).district == district


def test_it_reads_road_name_and_lot_number_addresses(corner: ImportRun) -> None:
    road = Address.objects.filter(street__names__contains={"": "달빛로"})
    assert set(road.values_list("number", flat=True)) == {"12", "31", "33"}
    lot = Address.objects.get(number="123-4")
    assert lot.street is None
    assert pick(lot.names, "ko") == "달빛동"
    assert Place.objects.get(kind="library").address == "달빛로 12"


def test_it_keeps_nameless_places_only_where_they_are_useful(corner: ImportRun) -> None:
    assert Place.objects.get(kind="parking").details == {"capacity": "40"}


def test_it_draws_a_lake_with_its_island_left_out(corner: ImportRun) -> None:
    lake = MapShape.objects.get(layer="water")
    assert lake.properties["name"] == "달빛호수"
    assert len(lake.geom[0]) == 2  # an outer and an inner ring


def test_it_takes_a_closed_footway_for_a_loop_and_not_for_an_area(corner: ImportRun) -> None:
    assert MapShape.objects.get(osm_id=108).layer == "paths"


def test_it_reports_rings_that_do_not_close(corner: ImportRun) -> None:
    assert [error["place"] for error in corner.errors] == ["relation/203"]
    assert corner.state == ImportRun.State.DONE


def test_it_keeps_a_way_whose_nodes_are_outside_the_extract(corner: ImportRun) -> None:
    assert OsmWay.objects.get(pk=109).geom is None


def test_a_second_import_replaces_and_keeps_the_rows_others_point_to(corner: ImportRun) -> None:
    before = {place.reference: place.pk for place in Place.objects.all()}
    counts = [model.objects.count() for model in (OsmNode, MapShape, Address, SearchEntry)]
    import_map(path=CORNER)
    assert {place.reference: place.pk for place in Place.objects.all()} == before
    assert [m.objects.count() for m in (OsmNode, MapShape, Address, SearchEntry)] == counts


def test_what_a_new_map_no_longer_knows_is_gone_but_not_deleted(
    corner: ImportRun, tmp_path: Path
) -> None:
    assert Place.objects.current().filter(kind="library").exists()
    text = CORNER.read_text().replace('v="library"', 'v="nothing_we_know"')
    (tmp_path / "later.osm").write_text(text.replace("중앙도서관", ""))
    import_map(path=tmp_path / "later.osm")
    library = Place.objects.get(kind="library")
    assert library.gone_at is not None
    assert library not in Place.objects.current()
    assert not SearchEntry.objects.filter(target="place", target_id=library.pk).exists()


def test_a_new_map_changes_the_version_of_the_tiles(
    transactional_db: None,
) -> None:
    import_map(path=CORNER, founding=DALBIT)
    before = City.objects.get().map_version
    import_map(path=CORNER)
    assert City.objects.get().map_version > before


# ---------------------------------------------------------------- broken maps


def _counts() -> list[int]:
    return [model.objects.count() for model in (OsmNode, OsmWay, Place, Street, MapShape)]


def _refused(path: Path) -> str:
    with pytest.raises(BrokenMap) as error:
        import_map(path=path)
    run = ImportRun.objects.first()
    assert run is not None
    assert run.state == ImportRun.State.FAILED
    assert run.errors == [{"reason": str(error.value)}]
    return str(error.value)


def _as_pbf(tmp_path: Path) -> bytes:
    """Several blocks: osmium begins one for each kind of element."""
    load: list[Element] = [Node(i, 127.26 + i * 1e-6, 37.43) for i in range(1, 9000)]
    load.append(Way(1, (1, 2), {"highway": "residential"}))
    from_elements = tmp_path / "whole.osm.pbf"
    write_map(load, from_elements)
    return from_elements.read_bytes()


def test_a_broken_pbf_names_the_byte_and_changes_nothing(corner: ImportRun, tmp_path: Path) -> None:
    before = _counts()
    whole = _as_pbf(tmp_path)
    damaged = bytearray(whole)
    damaged[len(whole) // 2 : len(whole) // 2 + 40] = bytes(40)
    path = tmp_path / "damaged.osm.pbf"
    path.write_bytes(damaged)
    assert "broken at byte" in _refused(path)
    assert _counts() == before


def test_a_pbf_cut_short_says_so(corner: ImportRun, tmp_path: Path) -> None:
    before = _counts()
    path = tmp_path / "short.osm.pbf"
    path.write_bytes(_as_pbf(tmp_path)[:-50])
    assert "the file ends before" in _refused(path)
    assert _counts() == before


TWICE = b'<node id="7" lat="1" lon="1"/><node id="7" lat="1" lon="1"/>'
UNSORTED = b'<way id="1"><nd ref="7"/></way><node id="7" lat="1" lon="1"/>'
FAR = b'<node id="1" lat="51.5" lon="-0.1"/>'
OFF_EARTH = b'<node id="1" lat="91" lon="181"/>'


def _osm(content: bytes) -> bytes:
    return b'<osm version="0.6">' + content + b"</osm>"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.osm", CORNER.read_bytes()[:1500], "line"),
        ("empty.osm.pbf", b"", "empty"),
        ("text.osm.pbf", b"this is no map at all", "broken at byte 0"),
        ("nothing.osm", _osm(b""), "no nodes"),
        ("cut.osm.gz", gzip.compress(CORNER.read_bytes())[:-300], "cut.osm.gz"),
        ("twice.osm", _osm(TWICE), "node/7"),
        ("unsorted.osm", _osm(UNSORTED), "not sorted"),
        ("elsewhere.osm", _osm(FAR), "the city at"),
        ("nowhere.osm", _osm(OFF_EARTH), "nowhere.osm"),
    ],
)
def test_it_says_what_is_wrong_with_a_map_and_changes_nothing(
    corner: ImportRun, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    before = _counts()
    path = tmp_path / name
    path.write_bytes(content)
    assert said in _refused(path)
    assert _counts() == before


def test_the_command_refuses_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="is not a file"):
        call_command("import_osm", "/nowhere/map.osm.pbf", stdout=StringIO())


def test_the_command_reads_a_packed_file_and_says_what_it_found(tmp_path: Path) -> None:
    path = tmp_path / "corner.osm.gz"
    path.write_bytes(gzip.compress(CORNER.read_bytes()))
    out = StringIO()
    call_command("import_osm", str(path), "--time-zone", "Asia/Seoul", stdout=out)
    assert "26 node" in out.getvalue()
    assert City.objects.get().code == "corner"
    assert City.objects.get().srid == 32652  # UTM zone 52 N


# ---------------------------------------------------------------- elements of our own


def _elements() -> list[Element]:
    """Unsorted on purpose."""
    return [
        Relation(1, (Member("way", 1, "outer"),), {"type": "multipolygon", "leisure": "park",
                                                    "name": "달빛공원"}),
        Way(1, (1, 2, 3, 1)),
        Node(3, 127.261, 37.431),
        Node(1, 127.260, 37.430, {"highway": "crossing", "kerb": "lowered"}),
        Node(2, 127.261, 37.430),
    ]  # fmt: skip


def test_elements_of_our_own_take_the_same_way_as_a_file() -> None:
    run = load_elements(elements=_elements(), source="demo", founding=DALBIT)
    assert run.source == "demo"
    assert Place.objects.get().kind == "park"


def test_builders_read_back_what_was_loaded() -> None:
    load_elements(elements=_elements(), source="demo", founding=DALBIT)
    back = list(osm_elements())
    assert [(type(e).__name__, e.id) for e in back] == [
        ("Node", 1), ("Node", 2), ("Node", 3), ("Way", 1), ("Relation", 1),
    ]  # fmt: skip
    assert back[0] == Node(1, 127.26, 37.43, {"highway": "crossing", "kerb": "lowered"})
    assert back[3] == Way(1, (1, 2, 3, 1))
    assert back[4] == _elements()[0]


def test_a_box_holds_its_ways_whole_and_their_relations(corner: ImportRun) -> None:
    box = (127.2601, 37.4284, 127.2613, 37.4293)  # around the lake
    found = {(type(e).__name__, e.id) for e in osm_elements(box)}
    assert {("Way", 105), ("Relation", 201), ("Node", 24)} <= found
    assert ("Way", 103) not in found
    assert ("Node", 5) not in found


# ---------------------------------------------------------------- real cities


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "nodes", "ways", "relations", "street", "kind"),
    [
        ("london-northern-line", 73_770, 20_282, 1_089, "Kennington Lane", "station"),
        ("heidelberg.test", 221_009, 31_619, 1_700, "Hauptstraße", "university"),
    ],
)
def test_it_imports_a_real_city(
    file: str, nodes: int, ways: int, relations: int, street: str, kind: str
) -> None:
    path = sample_path(f"navigation/osm/{file}.osm.pbf")
    run = import_map(path=path, founding=Founding(code="x", names={"": "X"}))
    assert (run.counts["node"], run.counts["way"], run.counts["relation"]) == (
        nodes, ways, relations,
    )  # fmt: skip
    assert OsmNode.objects.count() == nodes
    assert Street.objects.filter(names__contains={"": street}).exists()
    assert Place.objects.filter(kind=kind).exists()
    assert all(error["place"].split("/")[0] in {"way", "relation"} for error in run.errors)
