"""`me` and what belongs to it, at the REST door."""

import json
import uuid
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from apps.accounts import services
from apps.accounts.core.mobility import BOUNDS, PROFILE_NAMES
from apps.accounts.kinds.loopback import last_digits
from apps.accounts.models import Consent, MobilityProfile, Person
from tests.support.world import People

ME = "/api/v1/accounts/me"


class Api:
    """A signed-in app."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if person is not None:
            assert person.user is not None
            self.client.force_login(person.user)
            key = str(self.client.session.session_key)
            self.client.cookies.clear()  # the token travels in a header, never in a cookie
            self.headers = {"X-Session-Token": key}

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            path if path.startswith("/") else f"{ME}/{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers=self.headers | {"Accept-Language": "en"} | headers,
        )


@pytest.fixture
def sora(people: People) -> Api:
    return Api(people.sora)


@pytest.fixture
def nobody(people: People) -> Api:
    return Api(None)


PRIVATE = [
    ("GET", ME), ("PATCH", ME), ("DELETE", ME), ("GET", f"{ME}/contacts"),
    ("DELETE", f"{ME}/contacts/{uuid.UUID(int=7)}"), ("GET", f"{ME}/consents"),
    ("POST", f"{ME}/consents"), ("DELETE", f"{ME}/consents/mobility-profile"),
    ("GET", f"{ME}/mobility-profile"), ("PUT", f"{ME}/mobility-profile"),
    ("DELETE", f"{ME}/mobility-profile"), ("POST", f"{ME}/export"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_nobody_is_told_to_sign_in(nobody: Api, method: str, path: str) -> None:
    answer = nobody(method, path, {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Session"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-signed-in"


def test_a_made_up_token_is_nobodys(nobody: Api) -> None:
    assert nobody("GET", ME, **{"X-Session-Token": "made-up"}).status_code == 401


def test_a_browsers_cookie_opens_nothing_here(people: People) -> None:
    client = Client()
    assert people.sora.user is not None
    client.force_login(people.sora.user)
    assert client.get(ME).status_code == 401


def test_a_login_that_was_closed_is_out_at_once(sora: Api, people: People) -> None:
    assert people.sora.user is not None
    people.sora.user.is_active = False
    people.sora.user.save()
    assert sora("GET", ME).status_code == 401


def test_me_says_who_i_am(sora: Api, people: People) -> None:
    answer = sora("GET", ME).json()
    assert answer["code"] == str(people.sora.code)
    assert (answer["display_name"], answer["locale"]) == ("한소라", "ko")
    assert "id" not in answer


def test_me_can_be_renamed(sora: Api) -> None:
    answer = sora("PATCH", ME, {"display_name": "Sora", "locale": "en"})
    assert answer.status_code == 200
    assert sora("GET", ME).json()["display_name"] == "Sora"


def test_a_bad_language_names_the_field(sora: Api) -> None:
    answer = sora("PATCH", ME, {"locale": "tlh"})
    assert answer.status_code == 400
    assert [e["field"] for e in answer.json()["errors"]] == ["locale"]


def test_what_is_read_only_stays(sora: Api, people: People) -> None:
    sora("PATCH", ME, {"code": str(uuid.uuid4())})
    assert sora("GET", ME).json()["code"] == str(people.sora.code)


def test_contacts_are_mine_alone(sora: Api) -> None:
    values = {c["value"] for c in sora("GET", "contacts").json()["results"]}
    assert values == {"+821000000101", "sora@dalbit.example"}


def test_somebody_elses_contact_is_not_there(sora: Api, people: People) -> None:
    theirs = people.minjun.contacts.first()
    assert theirs is not None
    assert sora("DELETE", f"contacts/{theirs.code}").status_code == 404
    assert people.minjun.contacts.filter(pk=theirs.pk).exists()


def test_a_contact_is_given_up_but_not_the_last(sora: Api, people: People) -> None:
    answers = [sora("DELETE", f"contacts/{contact.code}") for contact in people.sora.contacts.all()]
    assert [a.status_code for a in answers] == [204, 409]
    assert answers[1].json()["type"] == "/problems/last-way-in"


def test_purposes_are_told_in_the_readers_language(nobody: Api) -> None:
    purposes = nobody("GET", "/api/v1/accounts/consent-purposes").json()
    asked = next(p for p in purposes if p["purpose"] == "mobility-profile")
    assert asked["title"] == "Keeping how you move"
    assert asked["version"]


def test_a_profile_needs_consent_and_says_which(people: People) -> None:
    ben = Api(people.ben)
    refused = ben("PUT", "mobility-profile", {"base": "foot"})
    assert refused.status_code == 409
    missing = refused.json()
    assert (missing["type"], missing["purpose"]) == (
        "/problems/consent-missing", "mobility-profile",
    )  # fmt: skip
    words = {"purpose": missing["purpose"], "text_version": missing["text_version"]}
    assert ben("POST", "consents", words).status_code == 201
    assert ben("PUT", "mobility-profile", {"base": "foot"}).status_code == 200


def test_taking_consent_back_takes_the_profile_along(sora: Api) -> None:
    assert sora("DELETE", "consents/mobility-profile").status_code == 204
    assert sora("GET", "mobility-profile").status_code == 404
    record = sora("GET", "consents").json()["results"]
    assert [bool(row["withdrawn_at"]) for row in record] == [True]


def test_consents_are_not_written_by_the_client(sora: Api) -> None:
    words = {"purpose": "mobility-profile", "text_version": "1", "given_at": "2001-01-01T00:00Z"}
    assert sora("POST", "consents", words).status_code == 201
    assert Consent.objects.filter(given_at__year=2001).count() == 0


def test_an_unknown_purpose_is_not_there(sora: Api) -> None:
    assert sora("DELETE", "consents/sell-my-data").status_code == 404
    words = {"purpose": "sell-my-data", "text_version": "1"}
    assert sora("POST", "consents", words).status_code == 404


def test_the_nine_profiles_come_with_their_bounds(nobody: Api) -> None:
    answer = nobody("GET", "/api/v1/accounts/mobility-profiles").json()
    assert set(answer["profiles"]) == set(PROFILE_NAMES)
    assert set(answer["bounds"]) == set(BOUNDS)
    assert answer["bounds"]["max_kerb_up_cm"]["unit"] == "cm"
    assert answer["profiles"]["wheelchair_manual"]["max_steps"] == 0


def test_a_starting_profile_sent_back_is_accepted(sora: Api, nobody: Api) -> None:
    profiles = nobody("GET", "/api/v1/accounts/mobility-profiles").json()["profiles"]
    for base, limits in profiles.items():
        answer = sora("PUT", "mobility-profile", {"base": base, "limits": limits})
        assert answer.status_code == 200, answer.content


def test_own_limits_are_kept(sora: Api) -> None:
    body = {"base": "walker_elderly", "limits": {"max_steps": 4, "max_cross_slope_pct": None}}
    assert sora("PUT", "mobility-profile", body).status_code == 200
    kept = sora("GET", "mobility-profile").json()
    assert (kept["base"], kept["limits"]) == (body["base"], body["limits"])


BAD = [
    ({"base": "hoverboard"}, "base"),
    ({}, "base"),
    ({"base": "foot", "limits": {"speed_mps": 99}}, "limits.speed_mps"),
    ({"base": "foot", "limits": {"speed_mps": "fast"}}, "limits.speed_mps"),
    ({"base": "foot", "limits": {"wings": 2}}, "limits.wings"),
    ({"base": "foot", "limits": {"must_know": ["weather"]}}, "limits.must_know"),
    ({"base": "foot", "limits": [1]}, "limits"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
def test_a_bad_profile_names_the_field_and_changes_nothing(
    sora: Api, people: People, body: dict[str, Any], field: str
) -> None:
    answer = sora("PUT", "mobility-profile", body)
    assert answer.status_code == 400
    assert field in {e["field"].removesuffix(".non_field_errors") for e in answer.json()["errors"]}
    assert MobilityProfile.objects.get(person=people.sora).base == "wheelchair_manual"


def test_a_profile_is_forgotten(sora: Api) -> None:
    assert sora("DELETE", "mobility-profile").status_code == 204
    assert sora("GET", "mobility-profile").status_code == 404


def test_an_export_is_a_download_that_no_cache_keeps(sora: Api) -> None:
    answer = sora("POST", "export")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="citizen.json"'
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["sections"]["person"]["display_name"] == "한소라"


def test_leaving_ends_the_session_and_says_what_became_of_everything(
    sora: Api, people: People
) -> None:
    answer = sora("DELETE", ME, **{"Idempotency-Key": "bye"})
    assert answer.status_code == 200
    assert answer.json()["parts"]["person"]["removed"] > 0
    assert sora("GET", ME).status_code == 401
    assert Person.objects.get(pk=people.sora.pk).erased_at is not None


@pytest.fixture
def _loopback(settings: Any) -> None:
    settings.PHONE_CODES = "loopback"


CODES = "/api/v1/accounts/phone-codes"


def confirm(api: Api, phone: str) -> Any:
    sent = api("POST", CODES, {"phone": phone})
    assert sent.status_code == 202, sent.content
    assert "digits" not in sent.content.decode()
    return api(
        "POST", f"{CODES}/{sent.json()['code']}/confirmation", {"digits": last_digits(phone)}
    )


@pytest.mark.usefixtures("_loopback")
def test_a_phone_code_opens_a_session(nobody: Api, people: People) -> None:
    answer = confirm(nobody, "+821000000101")
    assert answer.status_code == 200, answer.content
    assert answer.json()["complete"] is True
    token = answer.json()["session_token"]
    mine = nobody("GET", ME, **{"X-Session-Token": token})
    assert mine.json()["code"] == str(people.sora.code)
    assert not answer.cookies  # the token is the answer, not a cookie


@pytest.mark.usefixtures("_loopback")
def test_a_phone_code_adds_a_number_to_whoever_is_signed_in(sora: Api, people: People) -> None:
    answer = confirm(sora, "+821055550000")
    assert answer.json()["contact"]["value"] == "+821055550000"
    assert people.sora.contacts.filter(value="+821055550000").exists()


@pytest.mark.usefixtures("_loopback")
def test_a_second_factor_is_not_passed_by(nobody: Api, people: People) -> None:
    assert people.sora.user is not None
    TOTP.activate(people.sora.user, "JBSWY3DPEHPK3PXP")
    answer = confirm(nobody, "+821000000101")
    assert answer.json()["complete"] is False
    token = answer.json()["session_token"]
    assert nobody("GET", ME, **{"X-Session-Token": token}).status_code == 401


@pytest.mark.usefixtures("_loopback")
def test_the_answer_does_not_tell_whether_a_number_is_known(nobody: Api) -> None:
    known, unknown = (
        nobody("POST", CODES, {"phone": phone}) for phone in ("+821000000101", "+821055550000")
    )
    assert known.status_code == unknown.status_code == 202
    assert set(known.json()) == set(unknown.json()) == {"code", "expires_at"}


@pytest.mark.usefixtures("_loopback")
@pytest.mark.parametrize("digits", ["", "12345", "1234567", "12345a", None])
def test_digits_are_six(nobody: Api, digits: Any) -> None:
    answer = nobody("POST", f"{CODES}/{uuid.uuid4()}/confirmation", {"digits": digits})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "digits"


@pytest.mark.usefixtures("_loopback")
def test_asking_for_codes_is_limited_by_address(nobody: Api) -> None:
    answers = [nobody("POST", CODES, {"phone": f"+8210777700{n:02d}"}) for n in range(21)]
    assert [a.status_code for a in answers] == [202] * 20 + [429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_without_a_transport_it_says_so(nobody: Api, settings: Any) -> None:
    settings.PHONE_CODES = ""
    answer = nobody("POST", CODES, {"phone": "+821055550000"})
    assert answer.status_code == 503
    assert answer["Retry-After"]


# One for the session, one for its user and person; then what the page shows.
QUERIES = [
    ("", 2), ("contacts", 3), ("consents", 3), ("mobility-profile", 3),
]  # fmt: skip


@pytest.mark.parametrize(("path", "count"), QUERIES)
def test_it_asks_the_database_no_more_than_needed(
    sora: Api, people: People, path: str, count: int, django_assert_num_queries: Any
) -> None:
    for n in range(20):
        address = services.read_address("phone", f"+8210666600{n:02d}")
        services.add_contact(person=people.sora, address=address)
    with django_assert_num_queries(count):
        assert sora("GET", f"{ME}/{path}".rstrip("/")).status_code == 200


def test_public_pages_ask_nothing(nobody: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        nobody("GET", "/api/v1/accounts/mobility-profiles")
        nobody("GET", "/api/v1/accounts/consent-purposes")
