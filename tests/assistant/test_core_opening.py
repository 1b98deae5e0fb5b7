"""What opens a talk, and what in it is only a place."""

import pytest

from apps.assistant.core.messages import Entity, Understood
from apps.assistant.core.opening import as_opening
from apps.assistant.core.whereabouts import Mention, Role, mentions_in, says_only_where

SKILLS = {"file_complaint", "find_parking"}


def place(text: str, words: str) -> list[Entity]:
    at = text.index(words)
    return [Entity("place", words, at, at + len(words))]


@pytest.mark.parametrize(
    ("ranking", "intent"),
    [
        ({"inform": 0.54, "file_complaint": 0.24, "find_way": 0.1}, "file_complaint"),
        ({"inform": 0.85, "file_complaint": 0.07}, "file_complaint"),
        ({"inform": 0.54, "file_complaint": 0.10, "find_way": 0.1}, ""),
        ({"inform": 0.30, "out_of_scope": 0.40, "file_complaint": 0.30}, ""),
        ({"inform": 0.54, "thank": 0.40}, ""),  # opens nothing
        ({"nlu_fallback": 0.25, "find_parking": 0.42, "book_parking": 0.4}, "find_parking"),
        ({"nlu_fallback": 0.25, "find_parking": 0.2, "book_parking": 0.19}, ""),
        ({}, ""),
    ],
)
def test_an_answer_opens_nothing(ranking: dict[str, float], intent: str) -> None:
    heard = Understood(ranking=tuple(ranking.items()))
    assert as_opening(heard, SKILLS.__contains__).intent == intent


def test_what_was_understood_stays() -> None:
    heard = Understood(intent="greet", confidence=0.5, ranking=(("file_complaint", 0.45),))
    assert as_opening(heard, SKILLS.__contains__) is heard


@pytest.mark.parametrize(
    ("text", "words", "only"),
    [
        ("near Dalbit General Hospital", "General Hospital", True),
        ("in front of the Dalbit Station.", "Dalbit Station", True),
        ("달빛역 앞이에요", "달빛역", True),
        ("달빛병원 근처", "달빛병원", True),
        ("noise at Dalbit General Hospital", "General Hospital", False),
        ("가스 냄새가 나요 달빛역 앞이에요", "달빛역", False),
    ],
)
def test_it_knows_a_place_and_nothing_more(text: str, words: str, only: bool) -> None:
    assert says_only_where(text, place(text, words)) is only


def test_a_name_may_begin_a_word_earlier() -> None:
    text = "from Dalbit City Hall to the library"
    assert mentions_in(text, place(text, "City Hall")) == [
        Mention("Dalbit City Hall", Role.FROM, shorter="City Hall")
    ]
    assert mentions_in(text, place(text, "library")) == [Mention("library", Role.TO)]
