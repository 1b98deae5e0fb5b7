"""Staff sign in at the city's own OpenID provider."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from apps.accounts.models import User
from tests.accounts.openid_provider import CLIENT_ID, SECRET, Provider, running
from tests.support.world import People

LOGIN, CALLBACK = "/admin/provider/", "/accounts/oidc/staff/login/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    settings.STAFF_MFA = True
    with running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": "staff", "name": "Dalbit", "client_id": CLIENT_ID,
                        "secret": SECRET,
                        "settings": {"server_url": provider.url, "verified_email": False},
                    }
                ],
            }
        }  # fmt: skip
        yield provider


ENGLISH = {"Accept-Language": "en"}


def come_back(client: Client, provider: Provider, code: str = "good", **claims: Any) -> Any:
    """Leave for the provider, be told who one is, come back."""
    provider.claims = {"sub": "u1", "email": "park@dalbit.example", "email_verified": True}
    provider.claims |= claims
    leaving = client.post(f"{LOGIN}?next=/admin/", headers=ENGLISH)
    assert leaving.status_code == 302, leaving.content
    query = parse_qs(urlsplit(leaving["Location"]).query)
    provider.challenge = query["code_challenge"][0]
    return client.get(CALLBACK, {"code": code, "state": query["state"][0]}, headers=ENGLISH)


def signed_in(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


@pytest.mark.django_db
def test_the_login_page_offers_the_provider(client: Client, provider: Provider) -> None:
    page = client.get("/admin/login/", headers=ENGLISH).content.decode()
    assert "Sign in with Dalbit" in page
    assert LOGIN in page


@pytest.mark.django_db
def test_without_a_provider_there_is_no_way_to_one(client: Client) -> None:
    assert LOGIN not in client.get("/admin/login/").content.decode()
    assert client.post(LOGIN).status_code == 404


def test_staff_with_a_strong_sign_in_there_are_let_in(
    client: Client, provider: Provider, people: People
) -> None:
    answer = come_back(client, provider, amr=["pwd", "otp"])
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert signed_in(client) == people.park.user
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("claims", [{}, {"amr": ["pwd"]}, {"amr": None}])
def test_staff_with_only_a_password_there_pass_our_second_factor(
    client: Client, provider: Provider, people: People, claims: dict[str, Any]
) -> None:
    come_back(client, provider, **claims)
    assert signed_in(client) == people.park.user
    assert client.get("/admin/")["Location"].startswith("/admin/second-factor/")


def test_staff_with_an_authenticator_here_come_in_too(
    client: Client, provider: Provider, people: People
) -> None:
    assert people.park.user is not None
    TOTP.activate(people.park.user, "JBSWY3DPEHPK3PXP")
    assert come_back(client, provider).status_code == 302
    assert client.get("/admin/")["Location"].startswith("/admin/second-factor/")


def test_the_second_time_the_subject_decides_not_the_address(
    client: Client, provider: Provider, people: People
) -> None:
    come_back(client, provider)
    again = Client()
    come_back(again, provider, email="renamed@dalbit.example")
    assert signed_in(again) == people.park.user


REFUSED = {
    "a citizen": {"email": "sora@dalbit.example"},
    "a stranger": {"email": "mallory@evil.example"},
    "an address nobody checked": {"email_verified": False},
    "no address": {"email": None},
}


@pytest.mark.parametrize("claims", REFUSED.values(), ids=list(REFUSED))
def test_nobody_else_is_let_in_or_made(
    client: Client, provider: Provider, people: People, claims: dict[str, Any]
) -> None:
    users = User.objects.count()
    answer = come_back(client, provider, amr=["mfa"], **claims)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert signed_in(client) is None
    assert User.objects.count() == users
    assert "no staff login" in client.get(
        "/admin/login/", headers=ENGLISH
    ).content.decode()  # fmt: skip


def test_a_refused_citizen_keeps_no_tie_to_the_provider(
    client: Client, provider: Provider, people: People
) -> None:
    come_back(client, provider, email="sora@dalbit.example")
    assert not SocialAccount.objects.filter(user=people.sora.user).exists()


def test_closed_staff_are_not_let_in(client: Client, provider: Provider, people: People) -> None:
    User.objects.filter(person=people.park).update(is_active=False)
    come_back(client, provider, amr=["mfa"])
    assert signed_in(client) is None


def test_a_stolen_code_opens_nothing(client: Client, provider: Provider, people: People) -> None:
    answer = come_back(client, provider, code="stolen")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert signed_in(client) is None


def test_a_made_up_state_opens_nothing(client: Client, provider: Provider, people: People) -> None:
    answer = client.get(CALLBACK, {"code": "good", "state": "made-up"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/")
    assert "/token" not in provider.asked
    assert signed_in(client) is None
