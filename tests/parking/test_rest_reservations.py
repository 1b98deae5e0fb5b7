"""Booking at the REST door, as an app does it."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from apps.accounts.models import Person
from apps.base.clock import Hand
from apps.parking.core.pricing import Line
from apps.parking.models import DiscountRight, Reservation
from apps.parking.services.explanations import SENTENCES, sentence
from apps.parking.services.sharing import assign_bay
from apps.parking.services.staying import end_stay, start_stay
from tests.parking.booking import Lots, fresh, work_off

API = "/api/v1/parking"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Api:
    """An app, signed in or not."""

    def __init__(self, person: Person | None = None) -> None:
        self.client = Client()
        self.headers = {"Accept-Language": "en"}
        if person is not None:
            assert person.user is not None
            self.client.force_login(person.user)
            self.headers["X-Session-Token"] = str(self.client.session.session_key)
            self.client.cookies.clear()

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            f"{API}/{path}",
            "" if body is None else json.dumps(body, default=str),
            content_type="application/json",
            headers=self.headers | headers,
        )


@pytest.fixture
def sora(lots: Lots) -> Api:
    return Api(lots.sora)


def ask(lots: Lots, start: float = 1, end: float = 3, **more: Any) -> dict[str, Any]:
    return {"site": "lot", "starts_at": lots.at(start), "ends_at": lots.at(end)} | more


def held(lots: Lots, api: Api, start: float = 1, end: float = 3) -> dict[str, Any]:
    quote = api("POST", "quotes", ask(lots, start, end)).json()
    answer = api("POST", "reservations", {"quote": quote["quote"], "plate": "12가 3456"})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_anybody_may_ask_what_it_costs(lots: Lots) -> None:
    answer = Api()("POST", "quotes", ask(lots, discounts=["disabled"]))

    assert answer.status_code == 201
    body = answer.json()
    assert (body["price"], body["currency"], body["free_spaces"]) == (1200, "KRW", 2)
    assert [line["text"] for line in body["lines"]] == [
        "12 × 10 min at ₩500 (daytime)",
        "Disabled people: 80 % off",
    ]
    assert sum(line["amount"] for line in body["lines"]) == 1200


def test_an_app_books_comes_stays_longer_and_leaves(lots: Lots, sora: Api, hand: Hand) -> None:
    booking = held(lots, sora)
    path = f"reservations/{booking['code']}"
    assert (booking["state"], booking["site"], booking["plate"]) == ("held", "lot", "12가3456")

    confirmed = sora("POST", f"{path}/confirm", {"payment_method": "card"})
    assert confirmed.json()["state"] == "confirmed"
    longer = sora("POST", f"{path}/extension-quote", {"ends_at": lots.at(4)}).json()
    assert longer["extra"] == 3000
    extended = sora("POST", f"{path}/extend", {"quote": longer["quote"], "payment_method": "card"})
    assert extended.json()["price"] == 9000
    hand.set(lots.at(1))
    assert sora("POST", f"{path}/start").json()["state"] == "active"
    assert sora("POST", f"{path}/end").json()["state"] == "completed"
    work_off()
    payments = sora("GET", path).json()["payments"]
    assert [(one["purpose"], one["captured"]) for one in payments] == [
        ("booking", 6000),
        ("extension", 3000),
    ]


def test_giving_up_says_what_it_costs(lots: Lots, sora: Api) -> None:
    booking = held(lots, sora, 0.5, 1.5)
    path = f"reservations/{booking['code']}"
    sora("POST", f"{path}/confirm", {"payment_method": "card"})
    assert sora("POST", f"{path}/cancel").json() == {"code": booking["code"], "fee": 1500}


def test_a_repetition_with_its_key_is_harmless(lots: Lots, sora: Api) -> None:
    quote = sora("POST", "quotes", ask(lots)).json()["quote"]
    both = [
        sora("POST", "reservations", {"quote": quote}, **{"Idempotency-Key": "k"})
        for _twice in range(2)
    ]
    assert both[0].json()["code"] == both[1].json()["code"]
    assert Reservation.objects.count() == 1
    again = sora("POST", "reservations", {"quote": quote, "plate": "1"}, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["type"]) == (422, "/problems/command-key-reused")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "reservations"), ("POST", "reservations"), ("GET", f"reservations/{UNKNOWN}"),
        ("POST", f"reservations/{UNKNOWN}/confirm"), ("POST", f"reservations/{UNKNOWN}/extend"),
        ("POST", f"reservations/{UNKNOWN}/extension-quote"),
        ("POST", f"reservations/{UNKNOWN}/cancel"), ("POST", f"reservations/{UNKNOWN}/start"),
        ("POST", f"reservations/{UNKNOWN}/end"), ("GET", "bay-rights"), ("GET", "shared-offers"),
        ("POST", "shared-offers"), ("GET", f"shared-offers/{UNKNOWN}"),
        ("PATCH", f"shared-offers/{UNKNOWN}"), ("DELETE", f"shared-offers/{UNKNOWN}"),
        ("POST", f"shared-offers/{UNKNOWN}/recalls"), ("GET", f"shared-offers/{UNKNOWN}/openings"),
        ("GET", "ledger/me"),
    ],
)  # fmt: skip
def test_where_a_person_must_be_known_strangers_are_asked_to_sign_in(
    lots: Lots, method: str, path: str
) -> None:
    assert Api()(method, path, {}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"site": "nowhere"}, 404, "not-found"),
        ({"starts_at": "2020-01-01T00:00:00Z"}, 400, "in-the-past"),
        ({"ends_at": "2030-01-01T00:00:00Z"}, 400, "invalid"),
        ({"ends_at": "NaN"}, 400, "invalid"),
        ({"category": "boats"}, 400, "invalid"),
        ({"discounts": ["x y"]}, 400, "invalid"),
        ({"site": "alley", "category": "resident"}, 409, "no-space"),
    ],
)
def test_a_question_that_makes_no_sense_gets_a_problem(
    lots: Lots, sora: Api, body: dict[str, Any], status: int, slug: str
) -> None:
    answer = sora("POST", "quotes", ask(lots) | body)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_a_forged_and_an_old_price_are_told_apart(lots: Lots, sora: Api, hand: Hand) -> None:
    quote = sora("POST", "quotes", ask(lots)).json()["quote"]
    forged = sora("POST", "reservations", {"quote": f"{quote}x"})
    hand.set(lots.at(0.1))
    old = sora("POST", "reservations", {"quote": quote})
    assert [(a.status_code, a.json()["type"]) for a in (forged, old)] == [
        (400, "/problems/token-forged"),
        (410, "/problems/token-expired"),
    ]


def test_no_space_names_other_places(lots: Lots, sora: Api) -> None:
    lots.book(lots.ben)
    lots.book(lots.sora)
    answer = sora("POST", "quotes", ask(lots))
    assert answer.status_code == 409
    assert [one["site"] for one in answer.json()["alternatives"]] == ["yard"]


def test_a_declined_payment_is_a_402(lots: Lots, sora: Api) -> None:
    path = f"reservations/{held(lots, sora)['code']}/confirm"
    assert sora("POST", path, {"payment_method": "declined"}).status_code == 402
    away = sora("POST", path, {"payment_method": "away"}, **{"Idempotency-Key": "k"})
    assert (away.status_code, "Retry-After" in away.headers) == (503, True)


def test_others_bookings_are_not_found(lots: Lots, sora: Api) -> None:
    code = held(lots, sora)["code"]
    ben = Api(lots.ben)
    for method, tail in (("GET", ""), ("POST", "/cancel"), ("POST", "/start"), ("POST", "/end")):
        assert ben(method, f"reservations/{code}{tail}").status_code == 404
    assert ben("GET", "reservations").json()["results"] == []


def test_a_hold_that_ran_out_is_shown_as_such_before_any_sweep(
    lots: Lots, sora: Api, hand: Hand
) -> None:
    booking = held(lots, sora)
    hand.set(lots.at(0.5))
    assert sora("GET", f"reservations/{booking['code']}").json()["state"] == "expired"
    assert Reservation.objects.get().state == "held"


def test_the_list_asks_the_same_questions_whatever_its_length(
    lots: Lots, sora: Api, django_assert_num_queries: Any
) -> None:
    lots.book(lots.sora)
    with django_assert_num_queries(4):  # session, user, bookings, payments
        sora("GET", "reservations")
    for hour in range(5, 20, 3):
        lots.book(lots.sora, hour, hour + 1)
    with django_assert_num_queries(4):
        assert len(sora("GET", "reservations").json()["results"]) == 6


def test_a_site_says_what_it_costs(lots: Lots, django_assert_num_queries: Any) -> None:
    (shown,) = Api()("GET", "sites/lot/tariff").json()
    assert (shown["code"], shown["category"], shown["currency"]) == ("town", "", "KRW")
    assert shown["discounts"] == ["disabled", "compact"]
    assert {one["minutes"]: one["price"] for one in shown["examples"]}[120] == 6000
    assert Api()("GET", "sites/alley/tariff").json() == []
    assert Api()("GET", "sites/nowhere/tariff").status_code == 404


def test_proven_discounts_come_with_the_quote(lots: Lots, sora: Api) -> None:
    refused = sora("POST", "quotes", ask(lots, discounts=["disabled"]))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-entitled")
    DiscountRight.objects.create(person=lots.sora, discount="disabled", created_at=lots.at(0))
    assert sora("POST", "quotes", ask(lots, discounts=["disabled"])).json()["price"] == 1200


# ---------------------------------------------------------------- lending


OFFER = {
    "bay": "alley-1", "first_on": "2026-11-22", "rule": "FREQ=DAILY", "opens": "12:00",
    "lasts_min": 600, "step_price": 600,
}  # fmt: skip


def test_a_resident_lends_changes_recalls_and_ends_it(lots: Lots, sora: Api) -> None:
    assert sora("POST", "shared-offers", OFFER).status_code == 403
    assign_bay(person=lots.sora, bay=lots.bay(1), first_on=lots.at(0).date())
    assert sora("GET", "bay-rights").json()["results"][0]["bay"] == "alley-1"
    lent = sora("POST", "shared-offers", OFFER)
    assert lent.status_code == 201, lent.content
    path = f"shared-offers/{lent.json()['code']}"
    assert sora("POST", "shared-offers", OFFER).status_code == 409
    assert sora("PATCH", path, {"step_price": 700}).json()["step_price"] == 700
    assert sora("PATCH", path, {"bay": "alley-2"}).status_code == 400
    assert sora("PATCH", path, {"rule": "FREQ=NEVER"}).status_code == 400
    times = {"starts_at": lots.at(2), "ends_at": lots.at(3)}
    assert sora("POST", f"{path}/recalls", times).json() == {"moved": 0, "cancelled": 0}
    assert len(sora("GET", f"{path}/openings").json()) == 15
    assert len(sora("GET", "shared-offers").json()["results"]) == 1
    assert sora("DELETE", path).status_code == 204
    assert sora("GET", path).status_code == 404


def test_the_statement_says_what_lending_earned(lots: Lots, sora: Api) -> None:
    assign_bay(person=lots.sora, bay=lots.bay(1), first_on=lots.at(0).date())
    sora("POST", "shared-offers", OFFER)
    stayed = lots.book(lots.ben, 0, 2, site="alley", category="resident")
    start_stay(person=lots.ben, code=stayed.code)
    end_stay(person=lots.ben, code=stayed.code)
    work_off()

    statement = sora("GET", "ledger/me").json()

    assert statement["balances"] == [{"currency": "KRW", "owed": 1920}]
    assert [(one["what"], one["amount"]) for one in statement["entries"]] == [("capture", 1920)]
    assert Api(lots.ben)("GET", "ledger/me").json()["balances"] == []
    assert fresh(stayed).price == 2400


# ---------------------------------------------------------------- words

NUMBERS: dict[str, int | str] = {
    "minutes": 30, "steps": 2, "step_min": 10, "price": 500, "band": "day", "cap": 5000,
    "discount": "disabled", "percent": 80, "unit": 10, "day": "2026-11-22",
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_line_has_a_sentence(code: str) -> None:
    with translation.override("en"):
        said = sentence(Line(code, 0, NUMBERS), "KRW")
    assert "%(" not in said
    assert said
