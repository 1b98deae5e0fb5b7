"""The embedded recogniser on saved telephone recordings, and the process recognisers work in."""

import numpy as np
import pytest

from apps.assistant.speech.core import mulaw
from apps.assistant.speech.core.agreement import agreement, distance, word_errors
from apps.assistant.speech.core.grammar import grammar_of, meaning_of
from apps.assistant.speech.core.listening import Heard, Want, Wanted
from apps.assistant.speech.core.matching import matched
from apps.assistant.speech.core.pronunciation import phones_of, plain_words
from apps.assistant.speech.kinds.pocketsphinx_grammar import PocketsphinxGrammar
from apps.assistant.speech.listening import NOTHING, Ear
from tests.support.samples import sample_path

ENGINES = "tests.assistant.speech.engines"
MENU = Wanted("en", Want.WORDS, ("where can I park near city hall", "my complaint"), digits=1)
NUMBER = Wanted("en", Want.DIGITS, digits=13)
YES_NO = Wanted("en", Want.YES_NO, digits=1)


def recorded(name: str) -> bytes:
    path = sample_path(f"complaints/callbot_audio_ulaw8k/{name}.ulaw")
    return mulaw.decode(path.read_bytes())


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "wanted", "text"),
    [
        ("awb_11", YES_NO, "no"),
        ("awb_12", NUMBER, "1234"),
        ("awb_13", NUMBER, "20251234"),
        ("rms_17", MENU, "please repeat that"),
        ("awb_16", MENU, "where can I park near city hall"),
        ("rms_14", Wanted("en"), "i want to speak to a person"),
    ],
)
def test_it_hears_what_a_state_expects(file: str, wanted: Wanted, text: str) -> None:
    heard = PocketsphinxGrammar().hear(recorded(file), wanted)
    assert heard is not None
    assert (heard.text, heard.sure) == (text, True)


@pytest.mark.samples
@pytest.mark.parametrize("wanted", [MENU, NUMBER, YES_NO, Wanted("en")])
@pytest.mark.parametrize("file", ["rms_02", "awb_03"])
def test_it_believes_nothing_of_free_speech(file: str, wanted: Wanted) -> None:
    heard = PocketsphinxGrammar().hear(recorded(file), wanted)
    assert heard is not None
    assert not heard.sure


def test_it_does_not_guess_at_another_language() -> None:
    assert PocketsphinxGrammar().hear(bytes(16_000), Wanted("ko")) is None


@pytest.mark.parametrize("wanted", [YES_NO, NUMBER])
def test_it_hears_nothing_in_silence(wanted: Wanted) -> None:
    """Both decoders would: in no sound at all, now and then, the same word."""
    hiss = np.random.default_rng(1).integers(-50, 50, 8_000).astype("<i2").tobytes()
    for silent in (bytes(16_000), hiss, b""):
        heard = PocketsphinxGrammar().hear(silent, wanted)
        assert heard is not None
        assert (heard.text, heard.sure) == ("", False)


# ------------------------------------------------------------ pure parts


def test_a_grammar_has_what_is_expected_and_what_may_always_be_said() -> None:
    street = Wanted("en", Want.WORDS, ("Byeongwon-gil 7", "Café Sóra"), digits=1)
    grammar = grammar_of(street)
    assert "byeongwon gil" in grammar
    assert "cafe sora" in grammar
    assert "please repeat that" in grammar
    assert "<digit> = zero" in grammar
    assert "<number>" not in grammar
    assert meaning_of("byeongwon gil", street) == "Byeongwon-gil 7"
    assert meaning_of("four", street) == "4"
    assert meaning_of("complaint number two zero", NUMBER) == "20"
    assert meaning_of("yes please", YES_NO) == "yes"


@pytest.mark.parametrize(
    ("word", "phones"),
    [("byeongwon", "B Y AH NG W AO N"), ("gil", "K IY L"), ("jungang", "JH UW NG AA NG")],
)
def test_korean_names_have_a_pronunciation(word: str, phones: str) -> None:
    assert " ".join(phones_of(word)) == phones.replace("K IY L", "G IY L")


def test_words_are_spelt_as_a_dictionary_does() -> None:
    assert plain_words("Café №7, O'Hara’s 'x'") == ["cafe", "no", "o'haras", "x"]


def test_agreement_is_one_for_the_same_and_nothing_for_nothing() -> None:
    assert agreement("abcd", "abcd") == 1.0
    assert agreement("abcd", "abxd") == 0.75
    assert agreement("", "") == agreement("a", "") == 0.0
    assert distance("kitten", "sitting") == 3
    assert word_errors("one two three", "one three four") == (2, 3)


@pytest.mark.parametrize(
    ("said", "wanted", "text", "sure"),
    [
        ("병원길이요", Wanted("ko", Want.WORDS, ("병원길", "중앙로")), "병원길이요", False),
        ("병원길.", Wanted("ko", Want.WORDS, ("병원길", "중앙로")), "병원길", True),
        ("Blue!", Wanted("en", Want.WORDS, ("blue", "red")), "blue", True),
        ("green", Wanted("en", Want.WORDS, ("blue", "red")), "green", False),
        ("이 공 이 육", Wanted("ko", Want.DIGITS, digits=13), "2026", True),
        ("2 0, two six", Wanted("en", Want.DIGITS, digits=13), "2026", True),
        ("네 맞아요", Wanted("ko", Want.YES_NO), "네 맞아요", True),
        ("anything at all", Wanted("en"), "anything at all", True),
    ],
)
def test_a_transcript_is_matched_to_what_was_asked(
    said: str, wanted: Wanted, text: str, sure: bool
) -> None:
    heard = matched(Heard(said, 0.9, "x", sure=True), wanted)
    assert (heard.text, heard.sure) == (text, sure)


# ------------------------------------------------------------ the process


async def test_recognition_survives_a_process_that_dies() -> None:
    ear = Ear([(f"{ENGINES}.dying", "")])
    try:
        await ear.warm_up("en")
        assert await ear.hear(b"x", Wanted("en")) == NOTHING
        ear.engines = [
            (f"{ENGINES}.failing", ""), (f"{ENGINES}.unsure", ""), (f"{ENGINES}.echo", ""),
        ]  # fmt: skip
        assert (await ear.hear(b"1234", Wanted("en"))).text == "4 bytes"
        ear.engines.pop()
        assert await ear.hear(b"1234", Wanted("en")) == Heard("perhaps", 0.3, "unsure", sure=False)
    finally:
        ear.close()


async def test_nobody_waits_for_models_that_are_not_there() -> None:
    ear = Ear([(f"{ENGINES}.echo", "")], languages=frozenset({"en"}))
    assert await ear.hear(b"x", Wanted("en")) == NOTHING, "not loaded yet"
    assert await ear.hear(b"x", Wanted("ko")) == NOTHING, "not its language"
