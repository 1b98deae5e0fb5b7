"""The doors of notify: apps register, move and leave; receipts are not forged; wishes are kept."""

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Person
from apps.accounts.services import give_consent
from apps.notify.core import cells
from apps.notify.models import InboxItem, Receipt, Registration
from apps.notify.services import Content, Lane, Message, tell
from apps.notify.services.inbox import put_in_inboxes
from apps.notify.services.places import PURPOSE, SAVED_PLACES
from apps.notify.services.receipts import receipt_token
from tests.notify.conftest import CENTRE, register
from tests.support.world import People

API = "/api/v1/notify"
HERE = cells.name_of(cells.cell_at(*CENTRE))
WISH = {
    "platform": "android", "transport": "fcm", "address": "token-of-a-phone", "locale": "ko-KR",
    "cell": HERE,
}  # fmt: skip
MESSAGE = Message(contents={"ko": Content(title="도착", body="차량이 왔습니다.")})


class Api:
    def __init__(self, person: Person | None = None) -> None:
        self.client = Client()
        self.headers = {"Accept-Language": "en"}
        if person is not None:
            assert person.user is not None
            self.client.force_login(person.user)
            self.headers["X-Session-Token"] = str(self.client.session.session_key)
            self.client.cookies.clear()

    def __call__(self, method: str, path: str, body: Any = None, secret: str = "") -> Any:
        more = {"X-Registration-Secret": secret} if secret else {}
        return self.client.generic(
            method, f"{API}/{path}", "" if body is None else json.dumps(body),
            content_type="application/json", headers=self.headers | more,
        )  # fmt: skip


def test_an_app_registers_moves_and_leaves(town: People) -> None:
    api = Api(town.sora)
    made = api("POST", "registrations", WISH).json()
    code, secret = made["registration"]["code"], made["secret"]
    assert made["registration"]["topics"] == [cells.topic_name(cells.parent(int(HERE, 16), 7))]
    row = Registration.objects.get()
    assert row.person == town.sora
    assert api("PUT", f"registrations/{code}/cell", {"cell": None}, secret).status_code == 204
    assert api("GET", f"registrations/{code}", secret=secret).json()["cell"] is None
    assert api("DELETE", f"registrations/{code}", secret=secret).status_code == 204
    assert api("GET", f"registrations/{code}", secret=secret).status_code == 404


def test_a_token_of_somebody_else_is_refused(town: People) -> None:
    Api()("POST", "registrations", WISH)
    answer = Api()("POST", "registrations", WISH)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/address-of-another")
    assert Registration.objects.count() == 1


def test_a_wrong_secret_opens_nothing(town: People) -> None:
    row = register()
    assert Api()("GET", f"registrations/{row.code}", secret="a guess").status_code == 403
    assert Api()("DELETE", f"registrations/{row.code}").status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"cell": "nonsense"}, "cell"),
        ({"cell": cells.name_of(cells.cell_at(*CENTRE, 12))}, "cell"),
        ({"near": "127.2591,37.4302"}, "near"),
        ({"transport": "pigeon"}, "transport"),
        ({"transport": "webpush", "address": '{"endpoint": "https://evil.example/x"}'}, "address"),
        ({"transport": "webpush", "address": "http://10.0.0.1/"}, "address"),
    ],
)  # fmt: skip
def test_a_place_too_fine_and_an_address_elsewhere_are_refused(
    town: People, change: dict[str, str], field: str
) -> None:
    answer = Api()("POST", "registrations", WISH | change)
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Registration.objects.exists()


def test_a_browser_says_where_it_is_to_a_kilometre(town: People) -> None:
    body = {name: value for name, value in WISH.items() if name != "cell"}
    Api()("POST", "registrations", body | {"near": "127.26,37.43"})
    assert Registration.objects.get().cell == cells.cell_at(127.26, 37.43)


def test_an_app_says_what_it_has_shown_and_nobody_else_can(town: People) -> None:
    row, other = register(town.sora), register(secret="of another")
    telling = tell(to=town.sora, message=MESSAGE, lane=Lane.SERVICE, key="k")
    body = {"registration": str(row.code), "telling": str(telling.code), "stage": "shown"}
    assert Api()("POST", "receipts", body, "wrong").status_code == 403
    forged = body | {"registration": str(other.code)}
    assert Api()("POST", "receipts", forged, "of another").status_code == 409
    assert not Receipt.objects.exists()
    for stage in ("shown", "received", "acknowledged"):
        answer = Api()("POST", "receipts", body | {"stage": stage}, "a secret of the app")
        assert answer.status_code == 204
    receipt = Receipt.objects.get()
    assert receipt.shown_at is not None
    assert receipt.acknowledged_at is not None


def test_a_provider_reports_by_its_reference_alone(town: People) -> None:
    telling = tell(to=town.halmeoni, message=MESSAGE, lane=Lane.SERVICE, key="k")
    token = receipt_token(telling=telling.pk, transport="voice", person=town.halmeoni.pk)
    assert Api()("POST", "receipts", {"token": f"{token}x", "stage": "shown"}).status_code == 400
    assert Api()("POST", "receipts", {"token": token, "stage": "shown"}).status_code == 204
    page = Api().client.get(f"{API}/receipts/{token}")
    assert page.status_code == 200
    Api().client.post(f"{API}/receipts/{token}")
    assert Receipt.objects.get().acknowledged_at is not None


def test_an_inbox_is_ones_own(town: People, django_assert_num_queries: Any) -> None:
    telling = tell(to=town.sora, message=MESSAGE, lane=Lane.SERVICE, key="k")
    put_in_inboxes(telling=telling.pk, persons=[town.sora.pk])
    put_in_inboxes(telling=telling.pk, persons=[town.sora.pk])
    sora, ben = Api(town.sora), Api(town.ben)
    with django_assert_num_queries(3):  # session, user, items
        (item,) = sora("GET", "me/inbox").json()["results"]
    assert item["title"] == "도착"
    assert ben("GET", "me/inbox").json()["results"] == []
    path = f"me/inbox/{item['id']}/receipts"
    assert ben("POST", path, {"stage": "acknowledged"}).status_code == 404
    assert sora("POST", path, {"stage": "acknowledged"}).status_code == 204
    assert InboxItem.objects.get().read_at is not None


def test_places_need_consent_and_wishes_are_kept(town: People) -> None:
    api = Api(town.sora)
    place = {"cell": cells.name_of(cells.cell_at(*CENTRE, cells.PLACE)), "label": "집"}
    assert api("POST", "me/places", place).status_code == 409
    give_consent(person=town.sora, purpose=SAVED_PLACES, text_version=PURPOSE.version)
    made = api("POST", "me/places", place).json()
    assert [one["label"] for one in api("GET", "me/places").json()["results"]] == ["집"]
    assert Api(town.ben)("DELETE", f"me/places/{made['code']}").status_code == 404
    assert api("PUT", "me/reach", {"alerts_by_voice": True}).json()["alerts_by_voice"]


@pytest.mark.parametrize("path", ["me/inbox", "me/places", "me/reach"])
def test_where_a_person_must_be_known_strangers_sign_in(town: People, path: str) -> None:
    assert Api()("GET", path).status_code == 401
