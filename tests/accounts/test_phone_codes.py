"""Six digits by phone: five tries, five minutes, and no more messages than needed."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from apps.accounts import services
from apps.accounts.kinds.loopback import last_digits
from apps.accounts.models import PhoneCode, User
from apps.accounts.selectors.persons import person_at
from apps.accounts.services.phone_codes import confirm_phone_code
from apps.base.clock import Hand
from apps.base.problems import Invalid, NotAllowed, NotFound, TooMany, Unavailable
from tests.support.world import People

PHONE = "+821055550000"


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.PHONE_CODES = "loopback"


def ask(phone: str = PHONE) -> tuple[uuid.UUID, str]:
    code = services.request_phone_code(phone=phone, locale="ko").code
    digits = last_digits(phone)
    assert digits is not None
    return code, digits


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 1_000_000:06d}"


@pytest.mark.django_db
def test_the_right_digits_prove_the_number(hand: Hand) -> None:
    code, digits = ask()
    assert confirm_phone_code(code=code, digits=digits).value == PHONE


@pytest.mark.django_db
def test_a_code_opens_once(hand: Hand) -> None:
    code, digits = ask()
    confirm_phone_code(code=code, digits=digits)
    with pytest.raises(NotFound):
        confirm_phone_code(code=code, digits=digits)


@pytest.mark.django_db
def test_five_wrong_tries_close_it_for_the_right_one_too(hand: Hand) -> None:
    code, digits = ask()
    left = []
    for _try in range(5):
        with pytest.raises(Invalid) as refused:
            confirm_phone_code(code=code, digits=wrong(digits))
        left.append(refused.value.extra["tries_left"])
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(NotFound):
        confirm_phone_code(code=code, digits=digits)


@pytest.mark.django_db
def test_it_lasts_five_minutes(hand: Hand) -> None:
    code, digits = ask()
    hand.move(timedelta(minutes=5))
    with pytest.raises(NotFound):
        confirm_phone_code(code=code, digits=digits)


@pytest.mark.django_db
def test_only_a_hash_of_the_digits_is_kept(hand: Hand) -> None:
    code, digits = ask()
    row = PhoneCode.objects.get(code=code)
    assert digits not in str(vars(row))
    assert row.hash_of(digits) == row.digits_hash


@pytest.mark.django_db
def test_the_same_digits_hash_differently_for_every_code(hand: Hand) -> None:
    rows = [PhoneCode(), PhoneCode()]
    assert rows[0].hash_of("000000") != rows[1].hash_of("000000")


@pytest.mark.django_db
def test_it_waits_thirty_seconds_between_two_codes_for_a_number(hand: Hand) -> None:
    ask()
    with pytest.raises(TooMany) as refused:
        ask()
    assert refused.value.retry_after_s == 31
    ask("+821055550001")  # another number is another matter
    hand.move(timedelta(seconds=31))
    ask()


@pytest.mark.django_db
def test_it_sends_five_codes_an_hour_to_a_number(hand: Hand) -> None:
    for _code in range(5):
        ask()
        hand.move(timedelta(minutes=1))
    with pytest.raises(TooMany) as refused:
        ask()
    assert refused.value.retry_after_s == 55 * 60 + 1
    hand.move(timedelta(minutes=56))
    ask()


@pytest.mark.django_db
def test_it_says_so_where_no_transport_is_set_up(settings: Settings) -> None:
    settings.PHONE_CODES = ""
    with pytest.raises(Unavailable):
        services.request_phone_code(phone=PHONE, locale="ko")
    assert not PhoneCode.objects.exists()


@pytest.mark.django_db
def test_it_refuses_what_is_no_phone_and_sends_nothing() -> None:
    with pytest.raises(Invalid) as refused:
        services.request_phone_code(phone="119", locale="ko")
    assert set(refused.value.errors) == {"phone"}
    assert not PhoneCode.objects.exists()


@pytest.mark.django_db
def test_a_new_number_makes_a_new_person_with_a_login() -> None:
    code, digits = ask()
    user = services.user_by_phone(code=code, digits=digits)
    assert user.email is None
    assert user.person.contacts.get().value == PHONE


def test_a_known_number_signs_in_as_its_person(people: People) -> None:
    contact = people.sora.contacts.get(kind="phone")
    code, digits = ask(contact.value)
    assert services.user_by_phone(code=code, digits=digits) == people.sora.user


def test_somebody_known_by_phone_only_gets_their_login(people: People) -> None:
    contact = people.halmeoni.contacts.get(kind="phone")
    code, digits = ask(contact.value)
    assert services.user_by_phone(code=code, digits=digits).person == people.halmeoni


def test_a_closed_login_stays_closed(people: People) -> None:
    User.objects.filter(person=people.sora).update(is_active=False)
    code, digits = ask(people.sora.contacts.get(kind="phone").value)
    with pytest.raises(NotAllowed):
        services.user_by_phone(code=code, digits=digits)


def test_a_signed_in_person_adds_a_number(people: People) -> None:
    code, digits = ask()
    contact = services.add_phone(person=people.sora, code=code, digits=digits)
    assert person_at(contact.address) == people.sora


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_cost_a_try_each() -> None:
    code, digits = ask()
    barrier = threading.Barrier(6)
    answers: list[str] = []

    def guess() -> None:
        barrier.wait()
        try:
            confirm_phone_code(code=code, digits=wrong(digits))
        except (Invalid, NotFound) as refused:
            answers.append(type(refused).__name__)
        connection.close()

    guessers = [threading.Thread(target=guess) for _ in range(6)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert sorted(answers) == ["Invalid"] * 5 + ["NotFound"]
