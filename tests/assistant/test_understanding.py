"""What the engine learns from: words weighed, places told by what stands around them."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from apps.assistant.core.words import words
from apps.assistant.rasa.engine.judge import Judge, Taste
from apps.assistant.rasa.engine.marks import marks
from apps.assistant.rasa.engine.sentences import Sentences
from apps.assistant.rasa.engine.weighing import ANALYSERS, Weighing, in_letters, in_words
from apps.complaints.services.sentences import PACKAGE, sentence_folder

KNOWN = ["park near the hall", "park near the station", "a bus to the hall", "a bus to the park"]


def length_of(weighing: Weighing, text: str) -> float:
    return float(np.linalg.norm(weighing.vectors([text]).toarray()))


def test_a_known_sentence_has_length_one_and_a_strange_one_less() -> None:
    weighing = Weighing.learnt("words", [*KNOWN, *KNOWN])
    assert length_of(weighing, "park near the hall") == pytest.approx(1.0)
    half_known = length_of(weighing, "park near my quantum toaster")
    assert 0 < half_known < 0.7
    assert length_of(weighing, "quantum toaster") == 0


def test_what_was_seen_once_is_strange() -> None:
    weighing = Weighing.learnt("words", ["bus stop", "bus lane"])
    assert list(weighing.numbers) == ["bus"]


@pytest.mark.parametrize("text", ["", " ", "가로등 이 꺼졌어 요", "😀", "a"])
def test_any_text_can_be_cut(text: str) -> None:
    for cut in ANALYSERS.values():
        assert all(cut(text))


def test_words_come_alone_and_in_pairs() -> None:
    assert list(in_words("where to park")) == ["where", "to", "park", "where to", "to park"]


def test_endings_of_another_politeness_share_letters() -> None:
    plain, polite = set(in_letters("고장났어")), set(in_letters("고장났습니다"))
    assert len(plain & polite) > len(plain) / 2


def test_a_judge_knows_what_it_learnt_and_survives_its_file(tmp_path: Path) -> None:
    taste = Taste(("words", "pieces"))
    intents = ["find_parking", "find_parking", "book_ride", "book_ride"]
    judge = Judge.learnt([*KNOWN, *KNOWN], [*intents, *intents], taste, None)
    [ranking] = judge.rankings(["a bus to the station"])
    assert ranking[0][0] == "book_ride"
    assert sum(chance for _name, chance in ranking) == pytest.approx(1.0)
    [strange] = judge.rankings(["quantum toaster"])
    assert strange[0][1] < 0.6
    judge.save(tmp_path, "latin")
    again = Judge.load(tmp_path, "latin", taste, None)
    [loaded] = again.rankings(["a bus to the station"])
    assert [name for name, _chance in loaded] == [name for name, _chance in ranking]
    assert loaded[0][1] == pytest.approx(ranking[0][1], abs=1e-3)


def test_a_word_knows_its_ending_and_what_hangs_on_it() -> None:
    text = "정발산역에서 만나요"
    [station, _at, *_rest] = marks(words(text), text)
    assert "kind=역" in station
    assert "tail=에서" in station
    assert "kind|next=역|에서|True" in station


def test_what_stands_beside_a_place_is_no_kind_of_place() -> None:
    text = "달빛역 정문 앞"
    [_name, gate, front] = marks(words(text), text)
    assert "kind=beside" in gate
    assert "kind=beside" in front


@pytest.mark.skipif(find_spec(PACKAGE) is None, reason="the sentence model is not installed")
def test_sentence_vectors_are_those_of_the_reference() -> None:
    """The first numbers as torch and transformers give them for the same sentence."""
    folder = sentence_folder()
    assert folder is not None
    vectors = Sentences(folder).vectors(
        ["where can I park near the library", "any parking by the library?", "recipe for lasagne"]
    )
    reference = [0.08122345, -0.04699586, 0.01025053, -0.01122622, 0.06034366]
    assert vectors[0, :5] == pytest.approx(reference, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.8 > 0.1 > vectors[0] @ vectors[2]
