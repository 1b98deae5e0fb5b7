"""The same session token at WebSockets and lean handlers."""

from importlib import import_module
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.test import Client

from apps.accounts.models import Person, User
from apps.accounts.selectors.sessions import person_for_scope, token_in
from tests.support.world import People


def scope(*, header: str = "", offered: tuple[str, ...] = ()) -> dict[str, Any]:
    headers = [(b"x-session-token", header.encode())] if header else []
    return {"type": "websocket", "headers": headers, "subprotocols": list(offered)}


def token_of(person: Person) -> str:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return str(client.session.session_key)


def person_in(scope_: dict[str, Any]) -> Person | None:
    found: Person | None = async_to_sync(person_for_scope)(scope_)
    return found


@pytest.mark.parametrize(
    ("scope_", "token"),
    [
        (scope(header="abc"), "abc"),
        (scope(offered=("citizen", "session.abc")), "abc"),
        (scope(header="abc", offered=("session.other",)), "abc"),
        (scope(offered=("citizen", "session.")), ""),
        (scope(offered=("graphql-ws",)), ""),
        (scope(), ""),
        ({"type": "http", "headers": []}, ""),
    ],
)
def test_a_token_comes_in_a_header_or_as_a_subprotocol(scope_: dict[str, Any], token: str) -> None:
    assert token_in(scope_) == token


@pytest.mark.django_db(transaction=True)
def test_a_socket_knows_its_person(people: People) -> None:
    token = token_of(people.sora)
    assert person_in(scope(header=token)) == people.sora
    assert person_in(scope(offered=("citizen", f"session.{token}"))) == people.sora


@pytest.mark.django_db(transaction=True)
def test_a_socket_without_a_session_is_nobodys(people: People) -> None:
    token = token_of(people.sora)
    store = import_module(django_settings.SESSION_ENGINE).SessionStore
    store(session_key=token).delete()
    for scope_ in (scope(), scope(header="made-up"), scope(header=token)):
        assert person_in(scope_) is None


@pytest.mark.django_db(transaction=True)
def test_a_closed_login_opens_no_socket(people: People) -> None:
    token = token_of(people.sora)
    User.objects.filter(person=people.sora).update(is_active=False)
    assert person_in(scope(header=token)) is None
