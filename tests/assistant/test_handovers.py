"""A person of the city takes a conversation over, and gives it back."""

import pytest

from apps.accounts.models import User
from apps.assistant.services.handovers import (
    NotYours,
    TakenAlready,
    give_back,
    say_as_staff,
    take_over,
)
from apps.base.models import AuditEntry
from apps.base.problems import Invalid
from tests.assistant.conftest import Citizen
from tests.support.world import People


@pytest.fixture
def park(people: People) -> User:
    assert people.park.user is not None
    return people.park.user


@pytest.fixture
def lee(db: None) -> User:
    return User.objects.create_superuser("lee@dalbit.example")


def test_it_is_taken_over_answered_and_given_back(sora: Citizen, park: User) -> None:
    sora.say("hello")
    assert "called a person" in sora.press("Talk to a person")
    code = str(sora.conversation.code)
    assert sora.conversation.state == "waiting"
    take_over(conversation=code, user=park)
    assert sora.say("is anybody there?") == ""
    say_as_staff(conversation=code, user=park, text="I am. What is it?")
    assert sora.say("my umbrella is gone") == ""
    give_back(conversation=code, user=park)
    assert sora.conversation.state == "assistant"
    assert "can't read free text" in sora.say("and now to something else")
    sides = list(sora.conversation.turns.values_list("side", flat=True))
    assert sides.count("staff") == 1
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"assistant.taken", "assistant.given back"} <= actions


def test_only_one_may_have_it(sora: Citizen, park: User, lee: User) -> None:
    sora.say("hello")
    sora.press("Talk to a person")
    code = str(sora.conversation.code)
    take_over(conversation=code, user=park)
    take_over(conversation=code, user=park)  # twice is once
    with pytest.raises(TakenAlready):
        take_over(conversation=code, user=lee)
    with pytest.raises(NotYours):
        say_as_staff(conversation=code, user=lee, text="hello")
    with pytest.raises(NotYours):
        give_back(conversation=code, user=lee)


@pytest.mark.parametrize("text", ["", "  ", "a" * 1001])
def test_staff_write_something_and_not_too_much(sora: Citizen, park: User, text: str) -> None:
    sora.say("hello")
    take_over(conversation=str(sora.conversation.code), user=park)
    with pytest.raises(Invalid):
        say_as_staff(conversation=str(sora.conversation.code), user=park, text=text)


def test_who_waits_may_go_back_to_the_assistant(sora: Citizen) -> None:
    sora.say("hello")
    sora.press("Talk to a person")
    assert "keep this" in sora.say("hurry up please, good people")
    assert "start again" in sora.press("Menu")
    assert sora.conversation.state == "assistant"
    assert sora.conversation.handovers.get().ended_because == "citizen"


def test_danger_is_heard_even_while_staff_have_it(sora: Citizen, park: User) -> None:
    sora.say("hello")
    take_over(conversation=str(sora.conversation.code), user=park)
    assert "119" in sora.say("the kitchen is on fire")
