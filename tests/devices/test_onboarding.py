"""Many devices at once: good rows enter, each bad one is named with its reason."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from apps.base.lists import UnreadableList
from apps.city.models import ImportRun
from devices.models import Datastream, Thing
from devices.services.onboarding import onboard
from tests.devices.conftest import Post

HEAD = (
    "thing,name,name:en,lat,lon,datastream,observed_property,unit,expected_interval_s,low,maker\n"
)


def take(post: Post, path: Path, text: str | bytes) -> ImportRun:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with override("en"):
        return onboard(path=path, gateway=post.gateway, actor="test")


def reasons(run: ImportRun) -> dict[str, str]:
    return {error["place"]: error["reason"] for error in run.errors}


def test_a_thing_comes_with_all_its_datastreams(post: Post, tmp_path: Path) -> None:
    run = take(
        post, tmp_path / "wells.csv",
        HEAD + "well,우물,Well,37.43,127.26,well.level,test_level,cm,600,-5,Aqua\n"
        "well,우물,Well,37.43,127.26,well.lamp,test_lamp,,,,Aqua\n",
    )  # fmt: skip

    assert (run.state, run.counts, run.errors) == ("done", {"rows": 2, "refused": 0}, [])
    thing = Thing.objects.get(code="well")
    assert (thing.names, thing.properties) == ({"": "우물", "en": "Well"}, {"maker": "Aqua"})
    assert thing.geom_m is not None
    level = Datastream.objects.get(code="well.level")
    assert (level.unit, level.expected_interval_s, level.low) == ("cm", 600, -5)
    assert thing.datastreams.count() == 2


BAD = {
    ",x,x,37,127,a,test_level,cm,,,": "thing",
    "no blank,x,x,37,127,a,test_level,cm,,,": "letters, digits",
    "t,x,x,37,,a,test_level,cm,,,": "belong together",
    "t,x,x,137,127,a,test_level,cm,,,": "lat lies outside",
    "t,x,x,north,127,a,test_level,cm,,,": "lat is not a number",
    "t,x,x,nan,127,a,test_level,cm,,,": "lat lies outside",
    "t,x,x,37,127,a,test_unknown,cm,,,": "observed_property",
    "t,x,x,37,127,a,test_level,Cel,,,": "unit",
    "t,x,x,37,127,a,test_level,cm,0,,": "expected_interval_s lies outside",
    "mill-post,x,x,37,127,a,test_level,cm,,,": "another gateway",
}


@pytest.mark.parametrize(("line", "reason"), BAD.items())
def test_a_bad_row_is_refused_with_its_reason_and_the_good_enter(
    post: Post, stranger: Thing, tmp_path: Path, line: str, reason: str
) -> None:
    good = "good,x,x,37.43,127.26,good.level,test_level,cm,60,,\n"
    run = take(post, tmp_path / "list.csv", HEAD + good + line + "\n")

    assert reason in reasons(run)["row 2"]
    assert run.counts == {"rows": 1, "refused": 1}
    assert Datastream.objects.filter(code="good.level").exists()
    assert not Datastream.objects.filter(code="a").exists()


def test_geojson_is_read_too(post: Post, tmp_path: Path) -> None:
    features = [
        {"type": "Feature", "id": "well",
         "geometry": {"type": "Point", "coordinates": [127.26, 37.43]},
         "properties": {"datastream": "well.level", "observed_property": "test_level"}},
        {"type": "Feature", "id": "line", "properties": {},
         "geometry": {"type": "LineString", "coordinates": [[127, 37], [128, 37]]}},
    ]  # fmt: skip
    text = json.dumps({"type": "FeatureCollection", "features": features})
    run = take(post, tmp_path / "wells.geojson", text)

    assert reasons(run) == {"row 2": "A thing stands at a Point."}
    assert Thing.objects.get(code="well").geom.coords == (127.26, 37.43)  # type: ignore[union-attr]


def test_a_list_may_come_again_and_keeps_what_staff_set(post: Post, tmp_path: Path) -> None:
    text = HEAD + "well,x,x,37.43,127.26,well.level,test_level,cm,600,,\n"
    take(post, tmp_path / "a.csv", text)
    Datastream.objects.filter(code="well.level").update(stuck_after_s=900)

    run = take(post, tmp_path / "a.csv", text.replace("600", "300"))
    stream = Datastream.objects.get(code="well.level")
    assert (run.errors, stream.expected_interval_s, stream.stuck_after_s) == ([], 300, 900)


def test_cp949_is_read_as_offices_write_it(post: Post, tmp_path: Path) -> None:
    take(post, tmp_path / "a.csv", (HEAD + "well,우물,,37.43,127.26,,,,,,\n").encode("cp949"))

    assert Thing.objects.get(code="well").names == {"": "우물"}


@pytest.mark.parametrize(
    "text", [b"\xff\xff\xff", b"[1,2]", b'{"features": [1]}', b'{"features": 1}']
)
def test_what_is_no_list_changes_nothing(post: Post, tmp_path: Path, text: bytes) -> None:
    before = Thing.objects.count()
    with pytest.raises(UnreadableList):
        take(post, tmp_path / "a.json", text)

    assert Thing.objects.count() == before
    assert ImportRun.objects.get().state == "failed"


def test_the_command_prints_what_was_refused(
    post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "well,x,x,37.43,127.26,,,,,,\n,x,x,37,127,,,,,,\n")
    with override("en"):
        call_command("onboard_devices", str(path), gateway="bridge")

    told = capsys.readouterr()
    assert "row 2: " in told.err
    assert "1 rows taken in, 1 refused" in told.out
    with pytest.raises(CommandError):
        call_command("onboard_devices", str(path), gateway="nobody")
