"""The embedded default: English, by a grammar of what may be said, checked by a second decoder.

A grammar hears one of its sentences in anything, so a decoder with the general language model
listens, too (alone it is of no use for free speech on the telephone). Only where both heard much
the same sounds is the grammar's sentence believed; where they don't, nothing is.

Runs in a process of its own: decoding holds the interpreter's lock.
"""

from collections import OrderedDict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from apps.assistant.speech.core.agreement import agreement
from apps.assistant.speech.core.audio import RATE_HZ, is_audible, samples_of, seconds_of
from apps.assistant.speech.core.grammar import grammar_of, meaning_of, phrases_of
from apps.assistant.speech.core.listening import Heard, Want, Wanted
from apps.assistant.speech.core.pronunciation import phones_of

NAME = "pocketsphinx"
MODEL_RATE_HZ = 16_000
# Between what must and what must not be believed of saved recordings; each voice, left out of the
# choice, was judged as well by it (benchmarks/voice).
AGREES = 0.31
HYPOTHESES_A_FRAME = 1_000
GRAMMARS_KEPT = 60
# What may be said at any time is short: a longer free speech is none of it.
LONGEST_COMMAND_S = 2.5
# How people say what the grammar spells one way.
SAID_AS = {"yes": ("yes", "yeah", "yep"), "no": ("no", "nope")}


class PocketsphinxGrammar:
    languages = frozenset({"en"})

    def hear(self, audio: bytes, wanted: Wanted) -> Heard | None:
        """None where it can't help: another language."""
        if wanted.language not in self.languages:
            return None
        is_report = wanted.want is Want.FREE and seconds_of(audio) > LONGEST_COMMAND_S
        if is_report or not is_audible(audio):
            return Heard("", 0.0, NAME, sure=False)
        said, agrees = self.listen(audio, wanted)
        if said and agrees >= AGREES:
            return Heard(meaning_of(said, wanted), round(agrees, 3), NAME, sure=True)
        if wanted.want is Want.FREE:
            return Heard("", 0.0, NAME, sure=False)  # a draft this bad helps nobody
        return Heard(meaning_of(said, wanted), round(agrees, 3), NAME, sure=False)

    def listen(self, audio: bytes, wanted: Wanted) -> tuple[str, float]:
        """The grammar's sentence, word by word, and how far the other decoder agrees."""
        sound = _upsampled(audio)
        said = _by_grammar(sound, wanted)
        return said, _agreement(said, _decode(_free_decoder(), sound))


def _upsampled(audio: bytes) -> bytes:
    from scipy.signal import resample_poly

    samples = samples_of(audio)
    if not len(samples):
        return b""
    made = resample_poly(samples.astype(np.float32), MODEL_RATE_HZ // RATE_HZ, 1)
    return bytes(np.clip(made, -32_768, 32_767).astype("<i2").tobytes())


def _agreement(said: str, free: str) -> float:
    heard = _phones(free)
    return max(agreement(_phones(form), heard) for form in SAID_AS.get(said, (said,)))


# ------------------------------------------------------------ decoders, one set a process


def _models() -> Path:
    import pocketsphinx

    return Path(pocketsphinx.get_model_path()) / "en-us"


def _decoder(**settings: Any) -> Any:
    from pocketsphinx import Config, Decoder

    models = _models()
    return Decoder(
        Config(
            hmm=str(models / "en-us"),
            dict=str(models / "cmudict-en-us.dict"),
            samprate=MODEL_RATE_HZ,
            loglevel="FATAL",
            **settings,
        )
    )


@cache
def _free_decoder() -> Any:
    """Later passes and more hypotheses a frame would cost four times the time, and are not missed
    for a comparison."""
    return _decoder(
        lm=str(_models() / "en-us.lm.bin"), fwdflat=False, bestpath=False,
        maxhmmpf=HYPOTHESES_A_FRAME,
    )  # fmt: skip


@cache
def _grammar_decoder() -> Any:
    return _decoder()


_known: OrderedDict[str, str] = OrderedDict()


def _by_grammar(sound: bytes, wanted: Wanted) -> str:
    decoder = _grammar_decoder()
    decoder.activate_search(_loaded(decoder, wanted))
    return _decode(decoder, sound)


def _loaded(decoder: Any, wanted: Wanted) -> str:
    """The name of this state's grammar in the decoder; those not used for long are forgotten."""
    grammar = grammar_of(wanted)
    if grammar not in _known:
        _teach(decoder, wanted)
        name = f"state{abs(hash(grammar))}"
        decoder.add_jsgf_string(name, grammar)
        _known[grammar] = name
        if len(_known) > GRAMMARS_KEPT:
            decoder.remove_search(_known.popitem(last=False)[1])
    _known.move_to_end(grammar)
    return _known[grammar]


def _teach(decoder: Any, wanted: Wanted) -> None:
    """Words that the dictionary lacks: names of streets and places."""
    for word in {word for phrase in phrases_of(wanted) for word in phrase.split()}:
        if decoder.lookup_word(word) is None:
            decoder.add_word(word, " ".join(phones_of(word) or ["AH"]), update=False)


def _decode(decoder: Any, sound: bytes) -> str:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return str(hypothesis.hypstr) if hypothesis is not None else ""


def _phones(said: str) -> list[str]:
    decoder = _grammar_decoder()
    found = [decoder.lookup_word(word.partition("(")[0]) for word in said.split()]
    return [phone for phones in found if phones for phone in phones.split()]


def make(_models_dir: str) -> PocketsphinxGrammar:
    return PocketsphinxGrammar()
