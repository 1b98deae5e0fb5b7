"""Addresses are proven, move to whoever proves them last, and are given up."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from apps.accounts import services
from apps.accounts.core.contacts import Address
from apps.accounts.models import Contact
from apps.accounts.selectors.persons import address_of, person_at
from apps.accounts.services.contacts import LastWayIn
from apps.base.problems import Invalid
from tests.support.world import People

PHONE = Address("phone", "+821099990000")


def test_an_address_given_without_proof_belongs_to_nobody(people: People) -> None:
    services.add_contact(person=people.sora, address=PHONE)
    assert person_at(PHONE) is None
    services.add_contact(person=people.ben, address=PHONE)
    assert Contact.objects.at(PHONE).count() == 2


def test_the_fresh_proof_wins(people: People) -> None:
    services.confirm_contact(person=people.sora, address=PHONE)
    services.confirm_contact(person=people.ben, address=PHONE)
    assert person_at(PHONE) == people.ben
    assert not people.sora.contacts.at(PHONE).exists()


def test_somebody_elses_unproven_note_stays(people: People) -> None:
    services.add_contact(person=people.sora, address=PHONE)
    services.confirm_contact(person=people.ben, address=PHONE)
    assert people.sora.contacts.at(PHONE).get().verified_at is None


def test_the_database_itself_refuses_two_owners(people: People) -> None:
    theirs = services.confirm_contact(person=people.sora, address=PHONE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.create(
            person=people.ben, kind="phone", value=PHONE.value, verified_at=theirs.verified_at
        )


def test_a_channel_contact_names_its_channel(people: People) -> None:
    for kind, channel in (("channel", ""), ("phone", "kakao")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.create(person=people.ben, kind=kind, channel=channel, value="x")


@pytest.mark.parametrize(("kind", "value"), [("email", "no"), ("phone", "no"), ("fax", "031")])
def test_it_refuses_what_it_cannot_read(kind: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.read_address(kind, value)
    assert set(refused.value.errors) <= {"value", "kind"}


def test_the_last_way_in_stays(people: People) -> None:
    by_kind = {contact.kind: contact for contact in people.sora.contacts.all()}
    services.remove_contact(person=people.sora, contact=by_kind["phone"])
    with pytest.raises(LastWayIn):
        services.remove_contact(person=people.sora, contact=by_kind["email"])


def test_giving_up_the_login_email_closes_that_door(people: People) -> None:
    services.remove_contact(person=people.sora, contact=people.sora.contacts.get(kind="email"))
    user = people.sora.user
    assert user is not None
    assert user.email is None
    assert not EmailAddress.objects.filter(user=user).exists()


def test_giving_up_one_of_two_emails_moves_the_login(people: People) -> None:
    user = people.sora.user
    assert user is not None
    EmailAddress.objects.create(user=user, email="two@dalbit.example", verified=True)
    second = Address("email", "two@dalbit.example")
    services.confirm_contact(person=people.sora, address=second)
    first = people.sora.contacts.get(value="sora@dalbit.example")
    services.remove_contact(person=people.sora, contact=first)
    user.refresh_from_db()
    assert user.email == "two@dalbit.example"
    assert EmailAddress.objects.get(user=user).primary


def test_a_person_without_login_may_give_up_everything(people: People) -> None:
    services.remove_contact(person=people.halmeoni, contact=people.halmeoni.contacts.get())
    assert address_of(people.halmeoni, "phone") is None
