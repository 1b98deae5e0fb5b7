"""Our own REST: file, track, follow, feed back; and every way of asking wrongly."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.complaints.core.states import State, Who
from apps.complaints.models import ServiceRequest
from apps.complaints.services.moving import move_request
from tests.complaints.conftest import HERE, KERB, Town, file_of, metres_east, photo

BASE = "/api/v1/complaints"
REPORT = {"service_code": "pavement", "description": KERB, **HERE}


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    return client.post(
        f"{BASE}/{path}", body, content_type="application/json",
        headers={"Accept-Language": "en", **headers},
    )  # fmt: skip


def finish(row: ServiceRequest) -> None:
    move_request(
        request=row, after=State.RESOLVED, who=Who.STAFF, actor="officer", public_note="done"
    )


def test_anybody_files_and_follows_by_number_and_secret(client: Client, town: Town) -> None:
    filed = post(client, "requests", REPORT)
    body = filed.json()
    assert filed.status_code == 201
    assert body["expected_at"]
    assert body["mine"]

    stranger = client.get(f"{BASE}/requests/{body['number']}").json()
    holder = client.get(
        f"{BASE}/requests/{body['number']}", headers={"X-Complaint-Secret": body["secret"]}
    ).json()

    assert (stranger["mine"], holder["mine"]) == (False, True)
    assert (stranger["may_withdraw"], holder["may_withdraw"]) == (False, True)


def test_the_walk_of_a_report(client: Client, town: Town) -> None:
    """Photo, number and date, done, not done, opened again."""
    upload = SimpleUploadedFile("kerb.jpg", photo(**HERE), "image/jpeg")
    offer = client.post(f"{BASE}/photos", {"photo": upload}).json()
    assert (offer["lon"], offer["lat"]) == pytest.approx((HERE["lon"], HERE["lat"]), abs=1e-4)
    assert offer["taken_at"] == "2026-11-21T01:00:00Z"
    place = {"lon": offer["lon"], "lat": offer["lat"]}
    filed = post(client, "requests", REPORT | place | {"photos": [offer["token"]]}).json()
    mine = {"X-Complaint-Secret": filed["secret"]}
    row = ServiceRequest.objects.get(number=filed["number"])

    finish(row)
    done = client.get(f"{BASE}/requests/{row.number}", headers=mine).json()
    assert (done["state"], done["may_reopen"], done["status_notes"]) == ("resolved", True, "done")
    again = post(client, f"requests/{row.number}/feedback",
                 {"score": 1, "text": "still broken", "reopen": True}, **mine).json()  # fmt: skip

    assert again["state"] == "reopened"
    assert [change["state"] for change in again["history"]] == ["received", "resolved", "reopened"]
    shown = client.get(f"{BASE}/photos/{offer['id']}", headers=mine)
    assert shown.status_code == 200
    assert file_of(shown)
    assert client.get(f"{BASE}/photos/{offer['id']}").status_code == 404


def test_somebody_reported_it_already(client: Client, town: Town) -> None:
    first = town.file()
    near = {"description": "턱이 깨져 있어요 휠체어가 못 가요", "service_code": "pavement",
            **metres_east(6)}  # fmt: skip

    found = post(client, "preview", near).json()

    assert [one["number"] for one in found["similar"]] == [first.number]
    assert found["similar"][0]["distance_m"] == pytest.approx(6, abs=1)


def test_the_preview_hears_danger_and_shows_what_is_masked(client: Client, town: Town) -> None:
    found = post(client, "preview", {"description": "I smell gas, call 010-1234-5678"}).json()
    assert (found["danger"], found["emergency_number"]) == ("gas", "119")
    assert "[phone]" in found["masked"]


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"lat": 48.85, "lon": 2.35}, 400, "lat"),
        ({"lat": None, "lon": None}, 400, "lat"),
        ({"service_code": "teleport"}, 404, "service_code"),
        ({"description": "x" * 100_000}, 413, ""),
        ({"description": "x" * 4001}, 400, "description"),
        ({"photos": ["forged"]}, 400, ""),
        ({"photos": ["a"] * 6}, 400, "photos"),
        ({"lat": "north"}, 400, "lat"),
        ({"answers": {"how_bad": "awful"}}, 400, "attribute[how_bad]"),
        ({"address": "x" * 301}, 400, "address"),
    ],
)
def test_bad_input_gets_a_problem_and_changes_nothing(
    client: Client, town: Town, wrong: dict[str, Any], status: int, field: str
) -> None:
    answer = post(client, "requests", REPORT | wrong)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not field or field in [error["field"] for error in answer.json()["errors"]]
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize("content", [b"MZ\x90 program", b"GIF89a", b"", b"%PDF-1.4"])
def test_a_photo_that_is_none_is_refused(client: Client, town: Town, content: bytes) -> None:
    upload = SimpleUploadedFile("kerb.jpg", content, "image/jpeg")
    assert client.post(f"{BASE}/photos", {"photo": upload}).status_code == 415


def test_a_photo_is_claimed_once(client: Client, town: Town) -> None:
    upload = SimpleUploadedFile("kerb.jpg", photo(), "image/jpeg")
    token = client.post(f"{BASE}/photos", {"photo": upload}).json()["token"]
    assert post(client, "requests", REPORT | {"photos": [token]}).status_code == 201
    assert post(client, "requests", REPORT | {"photos": [token]}).status_code == 409


def test_the_same_key_files_once(client: Client, town: Town) -> None:
    first, again = (post(client, "requests", REPORT, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json()["number"] == again.json()["number"]
    other = post(client, "requests", REPORT | {"description": "?"}, **{"Idempotency-Key": "k"})
    assert other.status_code == 422


@pytest.mark.parametrize("what", ["withdraw", "reopen", "feedback", "words"])
def test_strangers_act_on_nothing(client: Client, town: Town, what: str) -> None:
    row = town.file()
    body = {"score": 1, "text": "x", "reason": "x"}
    for secret in ("", "forged"):
        answer = post(client, f"requests/{row.number}/{what}", body,
                      **{"X-Complaint-Secret": secret})  # fmt: skip
        assert answer.status_code == 403


def test_what_is_not_public_is_not_there(client: Client, town: Town) -> None:
    loud = town.file("Loud", "noise")
    assert client.get(f"{BASE}/requests/{loud.number}").status_code == 404
    assert client.get(f"{BASE}/requests").json()["results"] == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"near": "37.43,127.26"}, 1), ({"near": "37.43,127.26", "within_m": "3000"}, 2),
        ({"bbox": "127.259,37.429,127.261,37.431"}, 1), ({"status": "closed"}, 0),
        ({"status": "open"}, 2), ({"service_code": "waste"}, 0),
    ],
)  # fmt: skip
def test_the_list_is_asked_by_place_and_state(
    client: Client, town: Town, query: dict[str, str], found: int
) -> None:
    town.file()
    town.file(**metres_east(1500))
    assert len(client.get(f"{BASE}/requests", query).json()["results"]) == found


@pytest.mark.parametrize(
    "query",
    [{"near": "here"}, {"near": "99,999"}, {"near": "37,127", "within_m": "0"},
     {"near": "37,127", "within_m": "1e9"}, {"bbox": "1"}, {"status": "lost"}],
)  # fmt: skip
def test_questions_that_make_no_sense_are_refused(
    client: Client, town: Town, query: dict[str, str]
) -> None:
    assert client.get(f"{BASE}/requests", query).status_code == 400


def test_the_list_asks_as_much_for_many_as_for_few(
    client: Client, town: Town, django_assert_num_queries: Any
) -> None:
    for _ in range(4):
        town.file()
    with django_assert_num_queries(2):
        client.get(f"{BASE}/requests")


def test_services_come_with_their_questions(
    client: Client, town: Town, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        rows = client.get(f"{BASE}/services").json()
    pavement = next(row for row in rows if row["service_code"] == "pavement")
    assert pavement["attributes"][0]["values"][0]["key"] == "slight"


def test_following_takes_a_person(client: Client, town: Town) -> None:
    row = town.file()
    assert post(client, f"requests/{row.number}/subscription", {}).status_code == 401
