"""What the embedded recogniser hears on the saved telephone recordings: 54 sentences of three
synthetic voices through mu-law, none of which it was trained on.

In grammar: 8 commands a voice. Out of grammar: 10 free reports a voice, which must not be believed.
The bound on agreement is chosen anew on two of the voices, and judged on the third, which had no
say in it; each voice is the third once.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.report import Metric
from benchmarks.samples import sample_path

FOLDER = "complaints/callbot_audio_ulaw8k"
WER, ACCEPTED = 0.05, 0.05
BOUNDS = tuple(bound / 100 for bound in range(20, 71))


@dataclass(frozen=True, slots=True)
class Case:
    """`agrees` is how far the second decoder heard the same."""

    voice: str
    said: str
    in_grammar: bool
    heard: str
    agrees: float


@dataclass(frozen=True, slots=True)
class Judged:
    wer: float
    accepted: float
    kept: float


def measure() -> Iterator[Metric]:
    from apps.assistant.speech.kinds.pocketsphinx_grammar import AGREES

    cases = list(_cases())
    held_out = [(case, bound) for bound, others in _folds(cases) for case in others]
    shipped = [(case, AGREES) for case in cases]
    yield from _figures("bound from the other voices", held_out)
    yield from _figures(f"bound as shipped, {AGREES}", shipped)
    yield Metric("grammar_wer_unchecked", "all voices", _judged([(c, 0.0) for c in cases]).wer, "")
    yield from _bounds(cases)


def _folds(cases: Sequence[Case]) -> Iterator[tuple[float, list[Case]]]:
    for voice in sorted({case.voice for case in cases}):
        seen = [case for case in cases if case.voice != voice]
        yield chosen_bound(seen), [case for case in cases if case.voice == voice]


def chosen_bound(cases: Sequence[Case]) -> float:
    """The middle of the bounds that keep most of what may be kept within both limits."""
    tried = {bound: _judged([(case, bound) for case in cases]) for bound in BOUNDS}
    fine = {b: one for b, one in tried.items() if one.wer <= WER and one.accepted <= ACCEPTED}
    most = max(one.kept for one in fine.values())
    best = [bound for bound, one in fine.items() if one.kept == most]
    return best[len(best) // 2]


def _bounds(cases: Sequence[Case]) -> Iterator[Metric]:
    for voice, (bound, _others) in zip(
        sorted({case.voice for case in cases}), _folds(cases), strict=True
    ):
        yield Metric("grammar_bound", f"chosen without {voice}", bound, "")


def _figures(name: str, cases: Sequence[tuple[Case, float]]) -> Iterator[Metric]:
    judged = _judged(cases)
    yield Metric("grammar_wer", name, judged.wer, "", "limit", WER)
    yield Metric("out_of_grammar_accepted", name, judged.accepted, "", "limit", ACCEPTED)
    yield Metric(
        "grammar_kept", name, judged.kept, "", "19 of 24 by words, as tried before", 19 / 24
    )


def _judged(cases: Sequence[tuple[Case, float]]) -> Judged:
    """Each case with its bound. Errors are counted in what is believed, kept in what was meant."""
    from apps.assistant.speech.core.agreement import word_errors

    spoken = [(case, case.agrees >= bound) for case, bound in cases if case.in_grammar]
    others = [case.agrees >= bound for case, bound in cases if not case.in_grammar]
    counts = [word_errors(case.said, case.heard) for case, sure in spoken if sure]
    wrong, words = sum(one for one, _ in counts), sum(each for _, each in counts)
    return Judged(
        wer=wrong / max(1, words),
        accepted=sum(others) / len(others),
        kept=len(counts) / len(spoken),
    )


def _cases() -> Iterator[Case]:
    from apps.assistant.speech.core import mulaw
    from apps.assistant.speech.core.listening import Want, Wanted
    from apps.assistant.speech.kinds.pocketsphinx_grammar import PocketsphinxGrammar

    rows = list(csv.DictReader(sample_path(f"{FOLDER}/transcripts.csv").open()))
    commands = tuple(dict.fromkeys(row["transcript"] for row in rows if row["kind"] == "command"))
    wanted = Wanted("en", Want.WORDS, tuple(_without_digits(commands)), digits=12)
    engine = PocketsphinxGrammar()
    for row in rows:
        audio = mulaw.decode(sample_path(f"{FOLDER}/{row['file']}").read_bytes())
        said, agrees = engine.listen(audio, wanted)
        yield Case(row["voice"], row["transcript"], row["kind"] == "command", said, agrees)


def _without_digits(commands: Sequence[str]) -> list[str]:
    """The sentences without a number in them; numbers are the grammar's own."""
    from apps.assistant.speech.core.grammar import DIGITS

    return [one for one in commands if not any(word in DIGITS for word in one.split())]
