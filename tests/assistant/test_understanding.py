"""What the engine learns from: words weighed, places told by what stands around them."""

import json
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.assistant.core.words import words
from apps.assistant.rasa.engine.e5 import FILE, Unigrams, e5
from apps.assistant.rasa.engine.e5 import PACKAGE as E5
from apps.assistant.rasa.engine.judge import Judge, Taste
from apps.assistant.rasa.engine.marks import marks
from apps.assistant.rasa.engine.minilm import minilm
from apps.assistant.rasa.engine.weighing import ANALYSERS, Weighing, in_letters, in_words
from apps.assistant.rasa.training.model import engine_environment, engine_python
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
    for name, cut in ANALYSERS.items():
        assert name == "stems" or all(cut(text))  # Kiwi is with the engine alone


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


class Encoder:
    """Buses one way, parking the other; it remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vectors(self, texts: Sequence[str]) -> "np.ndarray[Any, Any]":
        self.asked += texts
        ways = [(1.0, 0.1) if "bus" in text or "coach" in text else (0.1, 1.0) for text in texts]
        return np.array(ways, np.float32)


def test_only_where_words_do_not_tell_the_encoder_is_asked(tmp_path: Path) -> None:
    taste = Taste(("words", "pieces"))
    intents = ["find_parking", "find_parking", "book_ride", "book_ride"]
    judge = Judge.learnt([*KNOWN, *KNOWN], [*intents, *intents], taste, Encoder())
    judge.save(tmp_path, "latin")
    with pytest.raises(ValueError, match="encoder"):
        Judge.load(tmp_path, "latin", taste, None)
    later = Encoder()
    again = Judge.load(tmp_path, "latin", taste, later)
    known, strange = again.rankings(["a bus to the park", "coach"])
    assert later.asked == ["coach"]
    assert known[0][0] == strange[0][0] == "book_ride"
    by_words = Judge.learnt([*KNOWN, *KNOWN], [*intents, *intents], taste, None)
    [guess] = by_words.rankings(["coach"])
    assert strange[0][1] > guess[0][1]


def test_pieces_lie_end_to_end_as_is_likeliest() -> None:
    likely = {"\u2581query:": -1.0, "\u2581": -4.0, "\u2581가로": -3.0, "가로등": -5.0, "등": -3.0}
    numbers = {piece: at for at, piece in enumerate(likely)}
    pieces = Unigrams(numbers, likely, {ord("Ａ"): "A"}, first=10, last=11, unknown=12)
    assert pieces.of("가로등") == [10, 0, 2, 4, 11]  # -6 is likelier than -9
    assert pieces.of(" 등  Ａ") == [10, 0, 1, 4, 1, 12, 11]


E5_FILE = engine_python().parent.parent / "lib/python3.11/site-packages" / E5 / FILE
with_the_engine = pytest.mark.skipif(
    not E5_FILE.exists(), reason="the engine's packages are not installed"
)


@with_the_engine
def test_korean_vectors_are_those_of_the_reference() -> None:
    """The first numbers as the package's own program gives them for the same sentence."""
    vectors = e5(E5_FILE).vectors(
        ["가로등이 고장났어요", "가로등이 안 켜져요", "김치찌개 끓이는 법"]
    )
    reference = [0.04169129, -0.02687255, -0.02560678, -0.04172498, 0.07946503]
    assert vectors[0, :5] == pytest.approx(reference, abs=2e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05


_CUT = """
import json, sys
from apps.assistant.rasa.engine.segments import kinds, segments
from apps.assistant.rasa.engine.weighing import in_stems
text = sys.argv[1]
said = segments(text)
print(json.dumps([[word.text for word in said], kinds(said, text), list(in_stems(text))]))
"""


@with_the_engine
def test_a_name_ends_where_its_particle_begins() -> None:
    """In the engine's own Python: Kiwi is there alone."""
    done = subprocess.run(
        [engine_python(), "-c", _CUT, "고양경찰서는 어디예요?"],
        env=engine_environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    said, features, stems = json.loads(done.stdout)
    assert said[:2] == ["고양경찰서", "는"]
    assert "".join(said) == "고양경찰서는어디예요?"
    assert "-1:last=NNG" in features[1]
    assert "first=JX" in features[1]
    assert "고양/N" in stems
    assert not any("?" in stem for stem in stems)


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
    vectors = minilm(folder).vectors(
        ["where can I park near the library", "any parking by the library?", "recipe for lasagne"]
    )
    reference = [0.08122345, -0.04699586, 0.01025053, -0.01122622, 0.06034366]
    assert vectors[0, :5] == pytest.approx(reference, abs=1e-5)
    assert vectors[0] @ vectors[1] > 0.8 > 0.1 > vectors[0] @ vectors[2]
