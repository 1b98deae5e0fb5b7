"""The recorded car parks of Birmingham, and the scenario they are played in."""

from datetime import date
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.contrib.gis.geos import LineString, MultiLineString
from django.core.management import CommandError, call_command
from django.db import connection

from apps.city.models import Metres, Street
from citizen.demo.birmingham.layout import spread
from citizen.demo.birmingham.recording import NoRecording, capacities, read
from citizen.demo.scenario import url_of
from tests.devices.conftest import found_city
from tests.support.samples import sample_path

SEOUL = ZoneInfo("Asia/Seoul")
HEAD = "SystemCodeNumber,Capacity,Occupancy,LastUpdated\n"
LINES = """\
Broad Street,690,178,2016-10-04 07:59:42
BHMBCCMKT01,577,61,2016-10-04 08:00:12
BHMBCCMKT01,577,64,2016-10-04 08:29:42
BHMBCCMKT01,577,64,2016-10-04 08:29:42
Broad Street,690,-3,2016-10-04 08:30:00
Broad Street,690,700,2016-10-04 09:00:00
Broad Street,690,169,2016-10-05 07:59:42
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "recording.csv"
    path.write_text(HEAD + LINES)
    return path


def test_a_recording_is_read_in_the_order_of_time_in_the_citys_hours(file: Path) -> None:
    readings = read(file, zone=SEOUL)

    assert [one.site for one in readings[:2]] == ["broad-street", "bhmbccmkt01"]
    assert readings[0].at.isoformat() == "2016-10-04T07:59:42+09:00"
    assert capacities(readings) == {"bhmbccmkt01": 577, "broad-street": 690}


def test_one_day_can_be_chosen(file: Path) -> None:
    assert len(read(file, zone=SEOUL, day_on=date(2016, 10, 5))) == 1
    with pytest.raises(NoRecording, match="2020-01-01"):
        read(file, zone=SEOUL, day_on=date(2020, 1, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", "line 1"), ("a,b\n1,2\n", "line 1"), (HEAD + "X,many,1,2016-10-04 07:59:42\n", "line 2"),
     (HEAD + "X,1,1,yesterday\n", "line 2"), (HEAD + "X,1\n", "line 2")],
)  # fmt: skip
def test_a_broken_recording_ends_with_the_place(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text)

    with pytest.raises(NoRecording, match=fault):
        read(path, zone=SEOUL)


def test_the_real_recording_is_whole() -> None:
    readings = read(sample_path("parking/birmingham_parking.csv"), zone=SEOUL)

    assert len(readings) == 35_717
    assert len(capacities(readings)) == 30
    assert sum(one.occupied < 0 for one in readings) == 12


def test_places_are_spread_and_always_the_same() -> None:
    points = [(127.25 + i / 1000, 37.42 + j / 1000) for i in range(10) for j in range(10)]

    chosen = spread(points, 5)

    assert len(set(chosen)) == 5
    assert chosen == spread(points[::-1] * 2, 5)
    assert {(127.25, 37.42), (127.259, 37.429)} <= set(chosen), "corners are farthest apart"


def test_too_few_points_are_refused() -> None:
    with pytest.raises(ValueError, match="only 1"):
        spread([(127.0, 37.0)] * 4, 2)


def test_without_a_town_it_says_what_to_do(file: Path, db: None) -> None:
    with pytest.raises(CommandError, match="make run"):
        call_command("replay_parking", str(file))


def test_a_day_is_played_into_a_scenario_and_nothing_stays(
    file: Path, transactional_db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    found_city()
    line = LineString([(127.25 + n / 1000, 37.43) for n in range(8)])
    Street.objects.create(
        code="s", reference="s", rank=5, geom=MultiLineString(line), geom_m=MultiLineString(line)
    )
    Street.objects.update(geom_m=Metres("geom"))
    said = StringIO()

    call_command("replay_parking", str(file), speed=20_000, end=True, stdout=said)

    assert "The map of the replay: http://localhost:" in said.getvalue()
    assert "7 readings: 5 stored, 1 said twice, 1 kept apart." in capfd.readouterr().out
    with psycopg.connect(url_of(str(connection.settings_dict["NAME"]))) as link:
        names = [row[0] for row in link.execute("SELECT datname FROM pg_database").fetchall()]
    assert not [name for name in names if name.startswith("replay_parking")]
