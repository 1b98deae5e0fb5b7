"""Signing up and in with codes by e-mail, as an app does at allauth's door."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from apps.accounts.models import Person, User
from tests.support.world import People

DOOR = "/_allauth/app/v1"
SORA = "sora@dalbit.example"


def send(client: Client, path: str, body: dict[str, Any], token: str = "") -> Any:
    headers = {"X-Session-Token": token} if token else {}
    return client.post(f"{DOOR}{path}", body, content_type="application/json", headers=headers)


def code_in_mail() -> str:
    found = re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found.group()


def sign_up(client: Client, email: str) -> str:
    answer = send(client, "/auth/signup", {"email": email})
    assert answer.status_code == 401  # by allauth's design: a step is still to come
    token = answer.json()["meta"]["session_token"]
    done = send(client, "/auth/email/verify", {"key": code_in_mail()}, token)
    assert done.status_code == 200, done.content
    return str(done.json()["meta"].get("session_token", token))


def me(client: Client, token: str) -> Any:
    return client.get("/api/v1/accounts/me", headers={"X-Session-Token": token})


@pytest.mark.django_db
def test_a_newcomer_signs_up_with_a_code_and_is_a_person(client: Client) -> None:
    token = sign_up(client, "New@Dalbit.Example")
    answer = me(client, token)
    assert answer.status_code == 200
    person = Person.objects.get(code=answer.json()["code"])
    assert person.contacts.get().value == "new@dalbit.example"
    assert person.contacts.get().verified_at is not None


@pytest.mark.django_db
def test_without_the_code_there_is_no_person_and_no_way_in(client: Client) -> None:
    answer = send(client, "/auth/signup", {"email": "new@dalbit.example"})
    token = answer.json()["meta"]["session_token"]
    assert me(client, token).status_code == 401
    refused = send(client, "/auth/email/verify", {"key": "000000x"}, token)
    assert refused.status_code == 400
    assert not Person.objects.exists()


def test_somebody_known_signs_in_with_a_code(client: Client, people: People) -> None:
    token = send(client, "/auth/code/request", {"email": SORA}).json()["meta"]["session_token"]
    done = send(client, "/auth/code/confirm", {"code": code_in_mail()}, token)
    assert done.status_code == 200, done.content
    assert done.json()["data"]["user"]["id"] == str(people.sora.code)
    token = done.json()["meta"].get("session_token", token)
    assert me(client, token).json()["display_name"] == "한소라"


def test_no_primary_key_leaves_the_house(client: Client, people: People) -> None:
    token = send(client, "/auth/code/request", {"email": SORA}).json()["meta"]["session_token"]
    done = send(client, "/auth/code/confirm", {"code": code_in_mail()}, token).json()
    assert set(done["data"]["user"]) <= {"id", "display", "email", "has_usable_password"}
    assert people.sora.user is not None
    assert done["data"]["user"]["id"] != people.sora.user.pk


def test_signing_out_ends_the_session(client: Client, people: People) -> None:
    token = sign_up(client, "new@dalbit.example")
    client.delete(f"{DOOR}/auth/session", headers={"X-Session-Token": token})
    assert me(client, token).status_code == 401
    assert not Session.objects.filter(session_key=token).exists()


@pytest.mark.parametrize("path", ["/auth/signup", "/auth/code/request"])
def test_the_answer_does_not_tell_whether_an_address_is_known(
    client: Client, people: People, path: str
) -> None:
    known, unknown = (
        send(client, path, {"email": email}) for email in (SORA, "nobody@dalbit.example")
    )
    assert known.status_code == unknown.status_code

    def shape(answer: Any) -> Any:
        body = answer.json()
        body["meta"].pop("session_token")
        return body

    assert shape(known) == shape(unknown)


def test_a_guessed_sign_up_of_a_known_address_changes_nothing(
    client: Client, people: People
) -> None:
    users = User.objects.count()
    send(client, "/auth/signup", {"email": SORA})
    assert User.objects.count() == users
    assert not re.search(r"\b\d{6}\b", str(mail.outbox[-1].body))  # their mail holds no code


def test_three_codes_a_minute_go_to_an_address(client: Client, people: People) -> None:
    answers = [send(client, "/auth/code/request", {"email": SORA}) for _ in range(4)]
    assert [a.status_code for a in answers] == [401, 401, 401, 400]
    assert answers[-1].json()["errors"][0]["code"] == "too_many_login_attempts"
    assert len(mail.outbox) == 3


def test_three_wrong_codes_end_the_attempt(client: Client, people: People) -> None:
    token = send(client, "/auth/code/request", {"email": SORA}).json()["meta"]["session_token"]
    right = code_in_mail()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _try in range(3):
        send(client, "/auth/code/confirm", {"code": wrong}, token)
    last = send(client, "/auth/code/confirm", {"code": right}, token)
    assert last.status_code in (401, 409, 410)
    assert me(client, token).status_code == 401


def add_email(client: Client, token: str, email: str) -> None:
    added = send(client, "/account/email", {"email": email}, token)
    assert added.status_code == 200, added.content
    done = send(client, "/auth/email/verify", {"key": code_in_mail()}, token)
    assert done.status_code == 200, done.content


@pytest.mark.django_db
def test_a_second_address_becomes_a_contact_once_proven(client: Client) -> None:
    token = sign_up(client, "new@dalbit.example")
    add_email(client, token, "second@dalbit.example")
    person = Person.objects.get(user__email="new@dalbit.example")
    assert {c.value for c in person.contacts.verified()} == {
        "new@dalbit.example", "second@dalbit.example",
    }  # fmt: skip


@pytest.mark.django_db
def test_an_address_given_up_at_allauths_door_is_no_contact_any_more(client: Client) -> None:
    token = sign_up(client, "new@dalbit.example")
    add_email(client, token, "second@dalbit.example")
    gone = client.delete(
        f"{DOOR}/account/email",
        {"email": "second@dalbit.example"},
        content_type="application/json",
        headers={"X-Session-Token": token},
    )
    assert gone.status_code == 200, gone.content
    user = User.objects.get(email="new@dalbit.example")
    assert not EmailAddress.objects.filter(user=user, email="second@dalbit.example").exists()
    assert [c.value for c in user.person.contacts.all()] == ["new@dalbit.example"]
