"""The city's own lists: good rows enter, each bad one is told with its reason."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.base.lists import UnreadableList
from apps.base.problems import Invalid
from apps.city.models import City, District, ImportRun, Place, the_city
from apps.city.selectors.search import Wanted, search
from apps.city.services.places import import_list

HEAD = "reference,name,name:en,kind,lat,lon,weight,other_names,opening_hours\n"
GOOD = (
    "1,달빛주민센터,Dalbit Community Centre,community_centre,37.4305,127.2610,0.9,동사무소,Mo-Fr\n"
)


def _import(tmp_path: Path, text: str, *, name: str = "list.csv", **more: Any) -> ImportRun:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return import_list(path=path, source=more.pop("source", "town"), **more)


def test_a_good_row_becomes_a_place_that_is_found_at_once(
    corner: ImportRun, tmp_path: Path
) -> None:
    _import(tmp_path, HEAD + GOOD)
    place = Place.objects.get(source="town")
    assert (place.code, place.kind, place.weight) == ("town-1", "community_centre", 0.9)
    assert place.details == {"opening_hours": "Mo-Fr"}
    assert place.district == District.objects.get()
    for text in ("달빛주민센터", "comunity centre", "동사무소"):
        found = search(Wanted(text, box=the_city().box))
        assert found[0].code == "town-1"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",이름,,park,37.43,127.26,,,", "reference"),
        ("2,,,park,37.43,127.26,,,", "name"),
        ("2,이름,,dragon_cave,37.43,127.26,,,", "dragon_cave"),
        ("2,이름,,park,,,,,", "lat"),
        ("2,이름,,park,north,127.26,,,", "lat"),
        ("2,이름,,park,127.26,37.43,,,", "lat"),
        ("2,이름,,park,37.43,127.26,7,,", "weight"),
        ("2,이름,,park,51.5,-0.1,,,", ""),  # London
        ("1,이름,,park,37.43,127.26,,,", "1"),  # the reference came before
    ],
)
def test_a_bad_row_is_told_with_its_number_and_the_good_ones_enter(
    corner: ImportRun, tmp_path: Path, row: str, said: str
) -> None:
    run = _import(tmp_path, HEAD + GOOD + row + "\n")
    assert run.counts["rows"] == 1
    assert [error["place"] for error in run.errors] == ["row 2"]
    assert said in run.errors[0]["reason"]
    assert Place.objects.filter(source="town").count() == 1


def test_the_same_list_again_updates_and_doubles_nothing(corner: ImportRun, tmp_path: Path) -> None:
    _import(tmp_path, HEAD + GOOD)
    before = Place.objects.get(source="town").pk
    _import(tmp_path, HEAD + GOOD.replace("달빛주민센터", "달빛행정센터"))
    place = Place.objects.get(source="town")
    assert (place.pk, place.names[""]) == (before, "달빛행정센터")


def test_what_a_replaced_list_no_longer_has_is_gone(corner: ImportRun, tmp_path: Path) -> None:
    _import(tmp_path, HEAD + GOOD)
    run = _import(tmp_path, HEAD + GOOD.replace("1,", "9,", 1), replace=True)
    assert run.counts["gone"] == 1
    current = Place.objects.current().filter(source="town")
    assert [place.reference for place in current] == ["9"]


def test_references_that_lose_letters_in_a_code_stay_apart(
    corner: ImportRun, tmp_path: Path
) -> None:
    rows = GOOD.replace("1,", "가,", 1) + GOOD.replace("1,", "나,", 1)
    assert _import(tmp_path, HEAD + rows).counts["rows"] == 2


def _feature(**more: Any) -> dict[str, Any]:
    ring = [[127.26, 37.428], [127.264, 37.428], [127.264, 37.432], [127.26, 37.428]]
    return {
        "type": "Feature",
        "id": "west",
        "properties": {"name": "서쪽", "level": 10},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        **more,
    }


def _geojson(*features: Any) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def test_districts_come_as_geojson_and_places_find_themselves_in_them(
    corner: ImportRun, tmp_path: Path
) -> None:
    before = City.objects.get().map_version
    _import(tmp_path, _geojson(_feature()), name="d.geojson", districts=True)
    west = District.objects.get(source="town")
    assert (west.level, west.geom.geom_type) == (10, "MultiPolygon")
    assert Place.objects.filter(kind="junction").get().district == west
    assert City.objects.get().map_version >= before


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [127.26, 37.43]},
        {"type": "Polygon", "coordinates": [[[127.26, 37.43], [127.261, 37.431]]]},
        {
            "type": "Polygon",  # it crosses itself
            "coordinates": [
                [[127.26, 37.43], [127.262, 37.432], [127.262, 37.43], [127.26, 37.432],
                 [127.26, 37.43]],
            ],
        },
    ],
)  # fmt: skip
def test_a_district_that_is_no_area_is_refused(
    corner: ImportRun, tmp_path: Path, geometry: Any
) -> None:
    text = _geojson(_feature(geometry=geometry))
    run = _import(tmp_path, text, name="d.geojson", districts=True)
    assert (run.counts["rows"], len(run.errors)) == (0, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [("list.geojson", "{"), ("list.geojson", "[]"), ("list.geojson", '{"features": [1]}'),
     ("list.csv", 'reference,name\n"\x00')],
)  # fmt: skip
def test_a_file_that_is_no_list_changes_nothing(
    corner: ImportRun, tmp_path: Path, name: str, text: str
) -> None:
    before = Place.objects.count()
    try:
        run = _import(tmp_path, text, name=name)
        assert run.counts["rows"] == 0
    except UnreadableList:
        latest = ImportRun.objects.first()
        assert latest is not None
        assert latest.state == ImportRun.State.FAILED
    assert Place.objects.count() == before


def test_the_maps_own_name_is_not_for_lists(corner: ImportRun, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        _import(tmp_path, HEAD + GOOD, source="osm")


def test_the_command_tells_each_bad_row(corner: ImportRun, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + GOOD + "2,,,park,37.43,127.26,,,\n")
    out, err = StringIO(), StringIO()
    call_command("import_places", str(path), "--source", "town", stdout=out, stderr=err)
    assert "row 2" in err.getvalue()
    assert "1" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("import_places", "/nowhere.csv", "--source", "town")
