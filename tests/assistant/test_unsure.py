"""What is not understood is not guessed: it is asked back, or said not to be known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from apps.assistant.core.messages import Understood
from apps.assistant.rasa.understanding import understood_from
from apps.assistant.services.engines.registry import engines
from tests.assistant.conftest import Citizen
from tests.assistant.skills import told
from tests.support.registries import registered

STRANGE = Understood(strange=True)
HALF_UNDERSTOOD = Understood(guesses=("lost_umbrella", "ask_weather", "back"))


@pytest.fixture
def ben(sora: Citizen, settings: Any) -> Iterator[Citizen]:
    settings.ASSISTANT_ENGINE = "told"
    with registered(engines, "told", "tests.assistant.skills.told.told"):
        yield sora
    told.understood.clear()


def hears(text: str, understood: Understood) -> None:
    told.understood[text] = understood


def latest(name: str, confidence: float, *others: tuple[str, float]) -> dict[str, Any]:
    ranking = [{"name": n, "confidence": c} for n, c in ((name, confidence), *others)]
    return {"latest_message": {"intent": ranking[0], "intent_ranking": ranking}}


@pytest.mark.parametrize(
    ("tracker", "expected"),
    [
        (latest("find_way", 0.8), Understood(intent="find_way", confidence=0.8)),
        (latest("out_of_scope", 0.9, ("find_way", 0.1)), STRANGE),
        (latest("out_of_scope", 0.5, ("find_way", 0.4)), Understood()),
        (latest("inform", 0.9), Understood()),
        (
            latest("nlu_fallback", 0.3, ("find_way", 0.3), ("inform", 0.2), ("back", 0.15)),
            Understood(guesses=("find_way", "back")),
        ),
        (latest("nlu_fallback", 0.3, ("find_way", 0.3), ("help", 0.05)),
         Understood(guesses=("find_way",))),
        (latest("nlu_fallback", 0.3, ("out_of_scope", 0.3), ("find_way", 0.28)), Understood()),
        ({}, Understood()),
    ],
)  # fmt: skip
def test_what_the_engine_was_unsure_of_is_a_guess(
    tracker: dict[str, Any], expected: Understood
) -> None:
    assert replace(understood_from(tracker), ranking=()) == expected


def test_it_asks_back_and_then_goes_by_the_words_that_were_said(ben: Citizen) -> None:
    hears("red thing left at the library", HALF_UNDERSTOOD)
    assert "Did you mean" in ben.say("red thing left at the library")
    labels = [button.label for button in ben.said[0].buttons]
    assert labels == ["a lost umbrella", "the weather", "Menu", "Talk to a person"]
    assert ben.press("a lost umbrella") == "What happened?"
    assert ben.conversation.slots == {"colour": "red", "place": "the library"}


def test_what_is_none_of_its_business_it_does_not_guess(ben: Citizen) -> None:
    hears("order a pizza", STRANGE)
    assert "do not know" in ben.say("order a pizza")
    assert ben.conversation.skill == ""


def test_a_strange_question_in_a_form_is_owned_up_to_and_the_form_goes_on(ben: Citizen) -> None:
    ben.send(choice="skill:umbrella")
    ben.pin("Lake Park")
    hears("who won the match", STRANGE)
    assert ben.say("who won the match") == (
        "I do not know that, and I do not want to guess. Let us go on:\nWhich colour?"
    )
    assert ben.say("hm") == "I did not understand that.\nWhich colour?"
    assert ben.say("blue") == "What happened?"


def test_an_answer_that_sounds_strange_is_an_answer(ben: Citizen) -> None:
    ben.send(choice="skill:umbrella")
    hears("Moonbase Alpha", STRANGE)
    assert ben.say("Moonbase Alpha") == "Which colour?"


def test_a_place_that_is_none_stays_one_where_the_words_are_not_strange(ben: Citizen) -> None:
    ben.send(choice="skill:umbrella")
    assert ben.say("nowhere") == "There is no such place."
    hears("nowhere", STRANGE)
    assert ben.say("nowhere").startswith("I do not know that")


def test_a_strange_question_before_the_yes_is_owned_up_to(ben: Citizen) -> None:
    ben.send(choice="skill:umbrella")
    ben.pin("Lake Park")
    ben.press("blue")
    ben.say("the wind took it")
    hears("who won the match", STRANGE)
    said = ben.say("who won the match")
    assert said.startswith("I do not know that")
    assert said.endswith("Right?")
    assert ben.press("Yes") == "Noted under U-1."
