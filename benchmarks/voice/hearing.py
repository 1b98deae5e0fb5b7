"""What the embedded recogniser hears on the saved telephone recordings: 54 sentences of three
synthetic voices through mu-law, none of which it was trained on.

In grammar: 8 commands a voice. Out of grammar: 10 free reports a voice, which must not be believed.
The bound on agreement was chosen with all of these recordings in view: the figures are no
promise for other voices.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.report import Metric
from benchmarks.samples import sample_path

FOLDER = "complaints/callbot_audio_ulaw8k"
ONE_VOICE = "awb"


@dataclass(frozen=True, slots=True)
class Case:
    voice: str
    said: str
    in_grammar: bool
    heard: str
    sure: bool


def measure() -> Iterator[Metric]:
    cases = list(_cases())
    for name, some in (("all voices", cases), (f"{ONE_VOICE} alone", _of(cases, ONE_VOICE))):
        yield from _figures(name, some)


def _of(cases: Sequence[Case], voice: str) -> list[Case]:
    return [case for case in cases if case.voice == voice]


def _figures(name: str, cases: Sequence[Case]) -> Iterator[Metric]:
    from apps.assistant.speech.core.agreement import word_errors

    spoken = [case for case in cases if case.in_grammar]
    others = [case for case in cases if not case.in_grammar]
    kept = [case for case in spoken if case.sure]
    counts = [word_errors(case.said, case.heard) for case in kept]
    raw = [word_errors(case.said, case.heard) for case in spoken]
    wer = sum(wrong for wrong, _ in counts) / max(1, sum(words for _, words in counts))
    unchecked = sum(wrong for wrong, _ in raw) / sum(words for _, words in raw)
    accepted = sum(case.sure for case in others) / len(others)
    yield Metric("grammar_wer", name, wer, "", "limit", 0.05)
    yield Metric("grammar_wer_unchecked", name, unchecked, "", "limit", 0.05)
    yield Metric("out_of_grammar_accepted", name, accepted, "", "limit", 0.05)
    yield Metric(
        "grammar_kept", name, len(kept) / len(spoken), "", "19 of 24 by words, as tried before",
        19 / 24,
    )  # fmt: skip


def _cases() -> Iterator[Case]:
    from apps.assistant.speech.core import mulaw
    from apps.assistant.speech.core.listening import Want, Wanted
    from apps.assistant.speech.kinds.pocketsphinx_grammar import AGREES, PocketsphinxGrammar

    rows = list(csv.DictReader(sample_path(f"{FOLDER}/transcripts.csv").open()))
    commands = tuple(dict.fromkeys(row["transcript"] for row in rows if row["kind"] == "command"))
    wanted = Wanted("en", Want.WORDS, tuple(_without_digits(commands)), digits=12)
    engine = PocketsphinxGrammar()
    for row in rows:
        audio = mulaw.decode(sample_path(f"{FOLDER}/{row['file']}").read_bytes())
        said, agrees = engine.listen(audio, wanted)
        command = row["kind"] == "command"
        yield Case(row["voice"], row["transcript"], command, said, agrees >= AGREES)


def _without_digits(commands: Sequence[str]) -> list[str]:
    """The sentences without a number in them; numbers are the grammar's own."""
    from apps.assistant.speech.core.grammar import DIGITS

    return [one for one in commands if not any(word in DIGITS for word in one.split())]
