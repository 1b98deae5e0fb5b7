"""Staff pass a second factor before the admin shows anything."""

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    hotp_value,
)
from django.test import Client

from apps.accounts.models import User
from apps.accounts.services.second_factor import PASSED
from apps.base.models import AuditEntry
from tests.support.world import People

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PAGE = "/admin/second-factor/"
PASSWORD = "a-long-enough-pass-phrase"


def digits_for(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture(autouse=True)
def _demanded(settings: Any) -> None:
    settings.STAFF_MFA = True


@pytest.fixture
def park(people: People) -> User:
    assert people.park.user is not None
    people.park.user.set_password(PASSWORD)
    people.park.user.save()
    return people.park.user


def sign_in(client: Client, password: str = PASSWORD) -> Any:
    credentials = {"username": "park@dalbit.example", "password": password, "next": "/admin/"}
    return client.post("/admin/login/", credentials)


def test_a_password_alone_leads_to_the_second_factor(client: Client, park: User) -> None:
    assert sign_in(client).status_code == 302
    for path in ("/admin/", "/admin/accounts/dutyshift/", "/admin/search/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"] == f"{PAGE}?next={path}"


def test_the_first_visit_sets_the_authenticator_up(client: Client, park: User) -> None:
    sign_in(client)
    page = client.get(PAGE)
    assert b"<svg" in page.content
    secret = client.session[SECRET_SESSION_KEY]
    assert secret in page.content.decode()
    done = client.post(PAGE, {"code": digits_for(secret)})
    codes = RecoveryCodes(Authenticator.objects.get(user=park, type="recovery_codes"))
    assert all(code in done.content.decode() for code in codes.generate_codes())
    assert client.get("/admin/").status_code == 200
    assert AuditEntry.objects.filter(action="accounts.user.second_factor_set").exists()


def test_a_wrong_code_sets_nothing_up(client: Client, park: User) -> None:
    sign_in(client)
    client.get(PAGE)
    assert client.post(PAGE, {"code": "000000x"}).status_code == 200
    assert not Authenticator.objects.exists()
    assert client.get("/admin/").status_code == 302


def test_the_right_digits_open_the_page_that_was_asked_for(client: Client, park: User) -> None:
    TOTP.activate(park, SECRET)
    sign_in(client)
    wanted = "/admin/accounts/dutyshift/"
    answer = client.post(PAGE, {"code": digits_for(SECRET), "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", ""])
def test_it_leads_nowhere_else(client: Client, park: User, elsewhere: str) -> None:
    TOTP.activate(park, SECRET)
    sign_in(client)
    answer = client.post(PAGE, {"code": digits_for(SECRET), "next": elsewhere})
    assert answer["Location"] == "/admin/"


def test_the_same_digits_do_not_open_twice(park: User) -> None:
    TOTP.activate(park, SECRET)
    digits = digits_for(SECRET)
    statuses = []
    for client in (Client(), Client()):
        sign_in(client)
        statuses.append(client.post(PAGE, {"code": digits}).status_code)
    assert statuses == [302, 200]


def test_a_recovery_code_opens_once(park: User) -> None:
    TOTP.activate(park, SECRET)
    code = RecoveryCodes.activate(park).generate_codes()[0]
    statuses = []
    for client in (Client(), Client()):
        sign_in(client)
        statuses.append(client.post(PAGE, {"code": code}).status_code)
    assert statuses == [302, 200]


def test_guessing_is_limited(client: Client, park: User) -> None:
    TOTP.activate(park, SECRET)
    sign_in(client)
    for _try in range(6):
        client.post(PAGE, {"code": "000000x"})
    assert client.post(PAGE, {"code": digits_for(SECRET)}).status_code == 200
    assert client.get("/admin/").status_code == 302


def test_guessing_passwords_is_limited(client: Client, park: User) -> None:
    for _try in range(6):
        sign_in(client, "wrong")
    assert sign_in(client).status_code == 200  # the form again, not the door
    assert "_auth_user_id" not in client.session


def test_the_passed_factor_is_one_users_alone(client: Client, park: User, chief: User) -> None:
    """A browser keeps what an anonymous session holds when somebody signs in."""
    session = client.session
    session[PASSED] = chief.pk
    session.save()
    sign_in(client)
    assert client.session[PASSED] == chief.pk
    assert client.get("/admin/").status_code == 302


def test_a_citizen_has_no_business_there(client: Client, people: People) -> None:
    assert people.sora.user is not None
    client.force_login(people.sora.user)
    assert client.get(PAGE)["Location"] == "/admin/login/"
    assert client.get("/admin/").status_code == 302


def test_nobody_is_sent_to_sign_in(client: Client, people: People) -> None:
    assert client.get(PAGE)["Location"].startswith("/admin/login/")


def test_staff_may_leave_before_passing(client: Client, park: User) -> None:
    sign_in(client)
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


def test_it_is_not_asked_where_the_operator_says_so(
    client: Client, park: User, settings: Any
) -> None:
    settings.STAFF_MFA = False
    sign_in(client)
    assert client.get("/admin/").status_code == 200


def test_the_seed_is_kept_encrypted_and_survives_a_changed_key(park: User, settings: Any) -> None:
    authenticator = TOTP.activate(park, SECRET).instance
    assert SECRET not in str(authenticator.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-next-key"
    assert TOTP(authenticator).validate_code(digits_for(SECRET))


def test_a_staff_session_ends_within_half_a_day(client: Client, park: User, people: People) -> None:
    sign_in(client)
    assert client.session.get_expiry_age() <= 12 * 3600
    citizen = Client()
    assert people.sora.user is not None
    citizen.force_login(people.sora.user)
    assert citizen.session.get_expiry_age() > 24 * 3600
