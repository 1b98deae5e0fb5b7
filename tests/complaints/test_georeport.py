"""GeoReport v2, case by case, in both formats."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from apps.accounts.models import Contact
from apps.complaints.core.states import State, Who
from apps.complaints.models import ApiClient, Service, ServiceRequest
from apps.complaints.services.moving import move_request
from tests.complaints.conftest import HERE, Town, photo
from tests.complaints.georeport_cases import CASES
from tests.complaints.georeport_peer import BASE, ask, deviations


@pytest.fixture
def known(town: Town) -> dict[str, str]:
    """Three requests: a kerb, a lamp that was repaired, and noise, which is not public."""
    return stage(town)


def stage(town: Town) -> dict[str, str]:
    kerb = town.file(photo_tokens=())
    lamp = town.file("Lamp is out", "streetlight")
    noise = town.file("Loud music", "noise")
    move_request(request=lamp, after=State.IN_PROGRESS, who=Who.STAFF, actor="officer")
    move_request(
        request=lamp, after=State.RESOLVED, who=Who.STAFF, actor="officer", public_note="New lamp"
    )
    return {
        "kerb": kerb.number, "lamp": lamp.number, "noise": noise.number, "token": str(kerb.code),
        "key": town.key, "partner": town.partner_key,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["xml", "json"])
def test_it_answers_as_the_standard_has_it(
    client: Client, known: dict[str, str], form: str
) -> None:
    """All cases in one stage, each put back: filing them anew for every case would take minutes."""
    found = {}
    for case in CASES:
        with transaction.atomic():
            before = ServiceRequest.objects.count()
            deviating = deviations(case, ask(client, case, form, known), known)
            if ServiceRequest.objects.count() != before + case.files:
                deviating.append("files" if not case.files else "does not file")
            if deviating:
                found[case.name] = deviating
            transaction.set_rollback(True)
    assert not found


def test_there_are_more_than_a_hundred_cases() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 100


def post(client: Client, town: Town, form: str = "json", **more: Any) -> Any:
    body = {
        "api_key": town.key, "service_code": "pavement", "description": "Broken kerb",
        "lat": HERE["lat"], "long": HERE["lon"], **more,
    }  # fmt: skip
    return client.post(f"{BASE}/requests.{form}", body, headers={"Accept-Language": "en"})


def test_photos_come_along_and_are_not_public(client: Client, town: Town) -> None:
    upload = SimpleUploadedFile("kerb.jpg", photo(), "image/jpeg")

    number = post(client, town, media=upload).json()[0]["service_request_id"]

    attachment = ServiceRequest.objects.get(number=number).attachments.get()
    assert client.get(f"/api/v1/complaints/photos/{attachment.code}").status_code == 404
    assert client.get(f"{BASE}/requests/{number}.json").json()[0]["media_url"] is None


@pytest.mark.parametrize(
    "content", [b"MZ\x90\x00 a program", b"#!/bin/sh\nrm -rf /", b"<svg onload=alert(1)>", b""]
)
def test_a_photo_that_is_a_program_is_refused(client: Client, town: Town, content: bytes) -> None:
    upload = SimpleUploadedFile("kerb.jpg", content, "image/jpeg")

    answer = post(client, town, "xml", media=upload)

    assert answer.status_code == 400
    assert b"<errors><error><code>400</code>" in answer.content
    assert not ServiceRequest.objects.exists()


def test_a_polyglot_is_only_a_picture_afterwards(client: Client, town: Town) -> None:
    upload = SimpleUploadedFile("a.jpg", photo() + b"<script>alert(1)</script>PK\x03\x04")

    number = post(client, town, media=upload).json()[0]["service_request_id"]

    media = ServiceRequest.objects.get(number=number).attachments.get().media
    with media.file.open("rb") as kept:
        assert b"<script>" not in kept.read()


def test_a_service_in_batch_gives_a_token_first(client: Client, town: Town) -> None:
    Service.objects.filter(service_code="pavement").update(type="batch")

    (receipt,) = post(client, town).json()

    (found,) = client.get(f"{BASE}/tokens/{receipt['token']}.json").json()
    assert "service_request_id" not in receipt
    assert ServiceRequest.objects.filter(number=found["service_request_id"]).exists()


def test_a_black_box_gives_nothing_away(client: Client, town: Town) -> None:
    Service.objects.filter(service_code="pavement").update(type="blackbox")
    (receipt,) = post(client, town).json()
    assert {"service_request_id", "token"}.isdisjoint(receipt)


def test_danger_comes_with_the_emergency_number(client: Client, town: Town) -> None:
    (receipt,) = post(client, town, description="A child is trapped and bleeding").json()
    assert "119" in receipt["service_notice"]


def test_addresses_are_noted_without_proof(client: Client, town: Town) -> None:
    post(client, town, email="new@dalbit.example", phone="010-0000-0190", first_name="Ji")

    person = ServiceRequest.objects.get().reporter
    assert person is not None
    assert {c.verified_at for c in Contact.objects.filter(person=person)} == {None}
    assert person.display_name == "Ji"


def test_a_retired_client_files_no_more(client: Client, town: Town) -> None:
    ApiClient.objects.update(is_active=False)
    assert post(client, town).status_code == 403


def test_json_bodies_are_told_what_is_expected(client: Client, town: Town) -> None:
    answer = client.post(
        f"{BASE}/requests.json", {"api_key": town.key}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()[0]["code"]) == (403, 403)


def test_unknown_formats_are_answered_in_xml(client: Client, town: Town) -> None:
    answer = client.get(f"{BASE}/services.yaml")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/xml")


def test_the_xml_has_the_standard_names(client: Client, town: Town) -> None:
    services = client.get(f"{BASE}/services.xml").content.decode()
    definition = client.get(f"{BASE}/services/pavement.xml").content.decode()

    assert "<services><service><service_code>pavement</service_code>" in services
    assert "<attributes><attribute><variable>true</variable><code>how_bad</code>" in definition
    assert "<values><value><key>slight</key><name>" in definition


def test_the_list_asks_three_questions_whatever_its_length(
    client: Client, town: Town, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        town.file()
    with django_assert_num_queries(3):
        client.get(f"{BASE}/requests.json")
