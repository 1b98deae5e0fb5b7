"""Persons come into being once, however they come."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import translation

from apps.accounts import services
from apps.accounts.core.contacts import Address
from apps.accounts.models import Contact, Person, User
from apps.accounts.selectors.persons import address_of, find_person, person_at, person_of
from apps.base.problems import Invalid, NotFound, NotSignedIn
from tests.support.world import People

KAKAO = Address("channel", "u-31", "kakao")


@pytest.mark.django_db
def test_a_person_speaks_the_language_of_the_request_that_made_them() -> None:
    with translation.override("en-gb"):
        assert services.register_person().locale == "en"


@pytest.mark.django_db
def test_a_person_speaks_the_citys_language_where_the_requests_is_not_ours() -> None:
    with translation.override("fr"):
        assert services.register_person().locale == "ko"


def test_it_tidies_a_name(people: People) -> None:
    services.update_person(person=people.sora, display_name="  한  소라 ")
    people.sora.refresh_from_db()
    assert people.sora.display_name == "한 소라"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"display_name": "x" * 81}, "display_name"),
        ({"display_name": "so\x00ra"}, "display_name"),
        ({"locale": "tlh"}, "locale"),
    ],
)
def test_it_refuses_a_name_or_language_it_cannot_keep(
    people: People, given: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.update_person(person=people.sora, **given)
    assert set(refused.value.errors) == {field}
    assert Person.objects.get(pk=people.sora.pk).display_name == "한소라"


@pytest.mark.django_db
def test_a_channel_meets_its_user_once() -> None:
    first = services.recognise_person(address=KAKAO, locale="ko")
    assert services.recognise_person(address=KAKAO) == first
    assert person_at(KAKAO) == first


def test_whoever_the_city_knew_by_phone_stays_the_same_person_with_a_login(people: People) -> None:
    user = User.objects.create_user()
    address = address_of(people.halmeoni, "phone")
    assert address is not None
    assert services.welcome_user(user=user, address=address) == people.halmeoni
    assert Person.objects.get(pk=people.halmeoni.pk).user == user


def test_a_person_with_a_login_is_not_taken_over_by_another(people: People) -> None:
    address = address_of(people.sora, "phone")
    assert address is not None
    newcomer = services.welcome_user(user=User.objects.create_user("x@y.example"), address=address)
    assert newcomer != people.sora
    assert person_at(address) == newcomer  # the fresh proof wins


def at_once(meet: Callable[[], Person], times: int = 4) -> list[int]:
    """Do it in so many threads at the same moment; whom each of them met."""
    barrier = threading.Barrier(times)
    met: list[int] = []

    def enter() -> None:
        barrier.wait()
        met.append(meet().pk)
        connection.close()

    doors = [threading.Thread(target=enter) for _door in range(times)]
    for door in doors:
        door.start()
    for door in doors:
        door.join()
    assert len(met) == times
    return met


@pytest.mark.django_db(transaction=True)
def test_sign_ins_at_once_make_one_person() -> None:
    user = User.objects.create_user("both@dalbit.example")
    assert len(set(at_once(lambda: services.ensure_person(user=user)))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_first_message_delivered_four_times_meets_one_person() -> None:
    assert len(set(at_once(lambda: services.recognise_person(address=KAKAO)))) == 1
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_proofs_sent_at_once_one_holds() -> None:
    persons = iter([services.register_person() for _ in range(4)])

    def prove() -> Person:
        return services.confirm_contact(person=next(persons), address=KAKAO).person

    assert len(set(at_once(prove))) == 4
    assert Contact.objects.at(KAKAO).count() == 1


@pytest.mark.django_db
def test_nobody_stands_behind_a_stranger() -> None:
    for stranger in (None, User.objects.create_user("new@dalbit.example")):
        with pytest.raises(NotSignedIn):
            person_of(stranger)


def test_a_person_is_found_by_code_until_erased(people: People) -> None:
    assert find_person(people.sora.code) == people.sora
    services.erase_person(person=people.sora)
    with pytest.raises(NotFound):
        find_person(people.sora.code)
