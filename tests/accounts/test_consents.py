"""Consents are given in words of a version, and taken back with all they allowed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import services
from apps.accounts.models import Consent, MobilityProfile
from apps.accounts.selectors.consents import ConsentMissing, has_consent, purposes, require_consent
from apps.accounts.services.mobility import MOBILITY
from apps.base.clock import Hand
from apps.base.problems import Invalid, NotFound
from tests.conftest import NOON
from tests.support.world import People

VERSION = purposes.load(MOBILITY).version


def test_saying_yes_twice_is_one_consent(people: People) -> None:
    given = [
        services.give_consent(person=people.ben, purpose=MOBILITY, text_version=VERSION)
        for _time in range(2)
    ]
    assert given[0] == given[1]
    assert has_consent(people.ben, MOBILITY)


def test_it_refuses_words_that_are_no_longer_in_force(people: People) -> None:
    with pytest.raises(Invalid) as refused:
        services.give_consent(person=people.ben, purpose=MOBILITY, text_version="0")
    assert set(refused.value.errors) == {"text_version"}
    assert not has_consent(people.ben, MOBILITY)


def test_consent_to_older_words_does_not_count(hand: Hand, people: People) -> None:
    old = Consent.objects.create(
        person=people.ben, purpose=MOBILITY, text_version="0", given_at=NOON
    )
    assert not has_consent(people.ben, MOBILITY)
    services.give_consent(person=people.ben, purpose=MOBILITY, text_version=VERSION)
    old.refresh_from_db()
    assert old.withdrawn_at == NOON
    assert has_consent(people.ben, MOBILITY)


def test_it_knows_only_what_is_asked(people: People) -> None:
    for change in (services.withdraw_consent, services.give_consent):
        with pytest.raises(NotFound):
            change(person=people.ben, purpose="sell-my-data", **_words(change))


def _words(change: object) -> dict[str, str]:
    return {"text_version": "1"} if change is services.give_consent else {}


def test_a_missing_consent_is_named(people: People) -> None:
    with pytest.raises(ConsentMissing) as missing:
        require_consent(people.ben, MOBILITY)
    assert missing.value.extra == {"purpose": MOBILITY, "text_version": VERSION}


def test_taking_it_back_forgets_what_it_allowed_and_keeps_the_record(
    hand: Hand, people: People
) -> None:
    hand.move(timedelta(days=1))
    services.withdraw_consent(person=people.sora, purpose=MOBILITY)
    assert not MobilityProfile.objects.filter(person=people.sora).exists()
    record = people.sora.consents.get()
    assert record.withdrawn_at is not None
    assert MobilityProfile.objects.filter(person=people.minjun).exists()


def test_the_database_refuses_a_second_standing_consent(people: People) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            person=people.sora, purpose=MOBILITY, text_version="2", given_at=NOON
        )
