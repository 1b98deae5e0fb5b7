"""Planted identifiers come out nowhere; what is old is let go of; one's own data is one's own."""

import io
import json
import logging
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
from django.test import Client

from apps.accounts.services.personal_data import erasers, exporters
from apps.base.clock import Hand
from apps.complaints.core.states import State, Who
from apps.complaints.models import Attachment, OpenDataFile, Original, ServiceRequest
from apps.complaints.services.moving import add_words, move_request
from apps.complaints.services.open_data import export_open_data
from apps.complaints.services.photos import take_photo
from apps.complaints.services.retention import old_requests, unclaimed_photos
from tests.complaints.conftest import Town, file_of, photo

PLANTED = {
    "900101-1234568": "주민번호 900101-1234568", "010-9876-5432": "연락은 010-9876-5432로",
    "kim@dalbit.example": "메일 kim@dalbit.example",
    "4111 1111 1111 1111": "카드 4111 1111 1111 1111",
    "12가3456": "12가3456 차량이", "110-234-567890": "국민은행 110-234-567890",
}  # fmt: skip


def test_planted_identifiers_come_out_nowhere(
    client: Client, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for text in PLANTED.values():
        row = town.file(f"보도가 깨졌어요 {text}", by=town.people.minjun, address=f"앞 {text}")
        add_words(request=row, text=text, actor="minjun")
        move_request(request=row, after=State.WAITING_CITIZEN, who=Who.STAFF, actor="o",
                     public_note=text)  # fmt: skip
    files = export_open_data()

    seen = [
        client.get("/open311/v2/requests.xml").content.decode(),
        client.get("/open311/v2/servicerequestupdates.json").content.decode(),
        client.get("/api/v1/complaints/requests").content.decode(),
        caplog.text,
        *(Path(file.file.path).read_bytes().decode("utf-8", "replace") for file in files),
    ]

    leaked = {planted for planted in PLANTED for text in seen if planted in text}
    assert leaked == set()
    assert ServiceRequest.objects.public().count() == len(PLANTED)


def test_the_daily_files_hold_the_public_requests_once_a_day(client: Client, town: Town) -> None:
    town.file()
    town.file("Loud", "noise")

    assert {file.format for file in export_open_data()} == {"csv", "geojson", "parquet"}
    assert export_open_data() == []

    assert set(OpenDataFile.objects.values_list("rows", flat=True)) == {1}
    listed = client.get("/api/v1/complaints/open-data").json()
    answer = client.get(next(row["url"] for row in listed if row["format"] == "geojson"))
    (feature,) = json.loads(file_of(answer))["features"]
    assert feature["properties"]["service_code"] == "pavement"
    assert "description" not in feature["properties"]
    assert client.get("/api/v1/complaints/open-data/1999-01-01.csv").status_code == 404
    assert client.get("/api/v1/complaints/open-data/../etc.csv").status_code == 404


def test_the_parquet_file_says_where(town: Town) -> None:
    town.file()
    file = next(file for file in export_open_data() if file.format == "parquet")
    table = parquet.read_table(io.BytesIO(Path(file.file.path).read_bytes()))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["columns"]["geometry"]["encoding"] == "WKB"
    assert len(table["geometry"][0].as_py()) == 21


def closed(town: Town, hand: Hand) -> ServiceRequest:
    token = take_photo(content=photo()).token
    row = town.file("010-1234-5678", by=town.people.minjun, photo_tokens=[token])
    return move_request(
        request=row, after=State.RESOLVED, who=Who.STAFF, actor="o", public_note="done"
    )


def test_what_was_closed_long_ago_is_anonymous_for_ever(town: Town, hand: Hand) -> None:
    row = closed(town, hand)
    hand.move(timedelta(days=1825))
    assert old_requests() == 0
    hand.move(timedelta(days=2))

    assert old_requests() == 1

    row.refresh_from_db()
    assert (row.state, row.description, row.reporter, row.is_public) == (
        "anonymised", "", None, False)  # fmt: skip
    assert not Original.objects.exists()
    assert not Attachment.objects.exists()
    assert {change.actor for change in row.changes.exclude(state="anonymised")} == {""}
    assert row.geom is not None
    assert row.geom.x == round(row.geom.x, 3)
    assert old_requests() == 0


def test_withdrawn_ones_go_after_a_year(town: Town, hand: Hand) -> None:
    row = town.file(by=town.people.minjun)
    move_request(request=row, after=State.WITHDRAWN, who=Who.CITIZEN, actor="minjun")
    hand.move(timedelta(days=366))
    assert old_requests() == 1


def test_photos_nobody_claimed_go_after_a_day(town: Town, hand: Hand) -> None:
    take_photo(content=photo())
    assert unclaimed_photos() == 0
    hand.move(timedelta(days=1, minutes=1))
    assert unclaimed_photos() == 1


def test_a_persons_export_has_their_own_words(town: Town, hand: Hand) -> None:
    closed(town, hand)
    section = exporters.load("complaints")(town.people.minjun)
    (kept,) = section.data["requests"]
    assert kept["words"]["description"] == "010-1234-5678"
    assert len(section.media) == 1


def test_erasure_leaves_the_broken_thing_and_lets_the_person_go(town: Town, hand: Hand) -> None:
    done = closed(town, hand)
    open_ = town.file("010-1234-5678", by=town.people.minjun)

    erased = erasers.load("complaints")(town.people.minjun)

    assert erased.anonymised == 2
    done.refresh_from_db()
    open_.refresh_from_db()
    assert (done.state, open_.state) == ("anonymised", "received")
    assert open_.reporter is None
    assert not Original.objects.exists()
    assert not ServiceRequest.objects.filter(reporter=town.people.minjun).exists()
