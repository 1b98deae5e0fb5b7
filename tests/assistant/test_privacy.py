"""What is kept of a talk, for how long, and what becomes of it when its person leaves."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Person
from apps.accounts.services.personal_data import erase_person, export_person
from apps.assistant.models import ChannelIdentity, Conversation, InboundEvent, Turn
from apps.assistant.services import retention
from apps.base.clock import Hand
from tests.assistant.conftest import Citizen
from tests.support.world import People


def known(sora: Citizen, person: Person) -> None:
    ChannelIdentity.objects.filter(identity=sora.identity).update(person=person)


def test_one_takes_ones_talks_along_and_then_leaves(sora: Citizen, people: People) -> None:
    sora.say("I lost my umbrella and my heart")
    known(sora, people.sora)
    assert b"my umbrella and my heart" in export_person(person=people.sora).content
    erase_person(person=people.sora)
    assert not Conversation.objects.exists()
    assert not ChannelIdentity.objects.exists()


def test_talks_are_forgotten_in_time(sora: Citizen, hand: Hand) -> None:
    sora.say("hello")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rasa.tracker_event (session, number, event) VALUES (%s, 0, '{}')",
            [sora.conversation.session],
        )
    hand.move(timedelta(days=89))
    assert retention.conversations() == 0
    hand.move(timedelta(days=2))
    assert retention.conversations() > 0
    assert retention.events() > 0
    assert not InboundEvent.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rasa.tracker_event")
        assert cursor.fetchone()[0] == 0
    assert retention.trackers() == 0
    hand.move(timedelta(days=300))
    assert retention.names() == 1


def test_when_somebody_was_seen_is_written_down_to_the_hour(sora: Citizen, hand: Hand) -> None:
    seen = []
    for minutes in (0, 50, 20):
        hand.move(timedelta(minutes=minutes))
        sora.say("hello")
        seen.append(ChannelIdentity.objects.get(identity=sora.identity).seen_at)
    assert seen[0] == seen[1]
    assert seen[2] - seen[0] == timedelta(minutes=70)


def test_another_language_is_remembered_at_once(sora: Citizen) -> None:
    sora.say("hello")
    sora.say("한국어로 말해 주세요")
    assert ChannelIdentity.objects.get(identity=sora.identity).language == "ko"


@pytest.mark.parametrize("change", [{"text": "something else"}, {"intent": "greet"}])
def test_turns_are_never_edited(sora: Citizen, change: dict[str, str]) -> None:
    sora.say("hello")
    with pytest.raises(DatabaseError, match="appended"), transaction.atomic():
        Turn.objects.update(**change)
    Turn.objects.update(text="")
