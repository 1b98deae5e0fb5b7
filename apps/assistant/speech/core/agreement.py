"""Did two decoders hear the same? A grammar alone hears one of its sentences in anything.

The grammar's sentence is compared, sound by sound, with what a decoder not bound by it heard.
Agreement is 1 - (Levenshtein distance / the longer length), over phones.
"""

from collections.abc import Sequence


def agreement(one: Sequence[str], other: Sequence[str]) -> float:
    """0 to 1; two that say nothing agree on nothing."""
    longer = max(len(one), len(other))
    if not one or not other:
        return 0.0
    return 1 - distance(one, other) / longer


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Levenshtein, row by row."""
    row = list(range(len(other) + 1))
    for at, mine in enumerate(one, start=1):
        before, row[0] = row[0], at
        for to, theirs in enumerate(other, start=1):
            before, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, before + (mine != theirs))
    return row[-1]


def word_errors(truth: str, heard: str) -> tuple[int, int]:
    """What a word error rate is made of: the errors (wrong, missing, surplus), and the words."""
    words = truth.split()
    return distance(words, heard.split()), len(words)
