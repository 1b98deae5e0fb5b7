"""What the tagger labels in Korean: our words, cut again where a particle or an ending begins, and
what Kiwi says of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.assistant.core.words import Word, words
from apps.assistant.rasa.engine.morphemes import Morpheme, morphemes

# Particles, "to be", endings, and what makes a verb of a noun.
_HANGING = ("J", "VCP", "E", "XSV", "XSA")
_NOUNS = ("NNG", "NNP", "NNB")
NAME = "NNP"
_MOST_KINDS = 4
_AROUND = (-2, -1, 1, 2)


def segments(text: str) -> list[Word]:
    """No name ends within a word: 고양경찰서|는, 백마역|이|에요."""
    cuts = {one.start for one in morphemes(text) if one.kind.startswith(_HANGING)}
    return [part for word in words(text) for part in _cut(word, cuts)]


def _cut(word: Word, cuts: set[int]) -> Iterator[Word]:
    within = sorted(cut for cut in cuts if word.start < cut < word.end)
    for start, end in zip([word.start, *within], [*within, word.end], strict=True):
        yield Word(word.text[start - word.start : end - word.start], start)


def kinds(said: Sequence[Word], text: str) -> list[list[str]]:
    """The features of every word by its morphemes, as CRFsuite takes them."""
    facts = [_facts(word, morphemes(text)) for word in said]
    return [[*_own(facts[at]), *_near(at, facts)] for at in range(len(facts))]


@dataclass(frozen=True, slots=True)
class _Facts:
    """`begins`: a morpheme does where the word does; `noun` is the last one in it."""

    first: str
    last: str
    begins: bool
    named: bool
    kinds: str
    noun: str


def _facts(word: Word, known: Sequence[Morpheme]) -> _Facts:
    here = [one for one in known if one.start < word.end and _reaches(one, word)]
    tags = [one.kind for one in here] or ["-"]
    nouns = [one.form for one in here if one.kind in _NOUNS]
    return _Facts(
        first=tags[0],
        last=tags[-1],
        begins=any(one.start == word.start for one in here),
        named=NAME in tags,
        kinds="+".join(tags[:_MOST_KINDS]),
        noun=nouns[-1] if nouns else "",
    )


def _reaches(one: Morpheme, word: Word) -> bool:
    """Into the word; some have no letters of their own, as the 이 of 학교예요."""
    return one.end > word.start or one.start == one.end == word.start


def _own(one: _Facts) -> Iterator[str]:
    yield f"first={one.first}"
    yield f"last={one.last}"
    yield f"begins={one.begins}"
    yield f"named={one.named}"
    yield f"kinds={one.kinds}"
    yield f"noun={one.noun}"


def _near(at: int, facts: Sequence[_Facts]) -> Iterator[str]:
    one = facts[at]
    for step in _AROUND:
        if 0 <= at + step < len(facts):
            other = facts[at + step]
            yield f"{step}:first={other.first}"
            yield f"{step}:last={other.last}"
            yield f"{step}:named={other.named}"
    if at + 1 < len(facts):
        yield f"last|first={one.last}|{facts[at + 1].first}"
        yield f"noun|first={one.noun}|{facts[at + 1].first}"
    if at:
        yield f"last before|first={facts[at - 1].last}|{one.first}"
