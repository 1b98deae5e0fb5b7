"""Finding the article that answers a question, and knowing when there is none.

BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over words and over
pieces of words, so that Korean endings and typing errors do no harm. An article is as good as the
best of the ways it can be asked. The score is the share of the question's weight that the best way
covers, between 0 and 1, so that one bar holds for short and for long questions.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

K1, B = 1.2, 0.4
PIECES = (2, 3)
SHORT = 3
_WORD = re.compile(r"[\w]+", re.UNICODE)
# Words that every question has; they say nothing of what is asked.
_EMPTY = frozenset(
    {
        "a", "an", "the", "is", "are", "am", "was", "do", "does", "did", "i", "you", "we", "it",
        "my", "your", "of", "to", "in", "on", "at", "for", "with", "and", "or", "how", "what",
        "when", "where", "which", "who", "why", "can", "could", "would", "should", "will",
        "there", "any", "have", "has", "need", "want", "get", "please", "tell", "me", "about",
        "know", "like", "long", "much", "many", "be", "by", "from", "this", "that", "if", "so",
        "어떻게", "어디", "어디서", "어디에", "언제", "언제까지", "뭐", "무엇", "무슨", "어느",
        "얼마", "얼마나", "하나요", "해요", "되나요", "돼요", "인가요", "알려", "알려줘",
        "알려주세요", "주세요", "싶어요", "싶은데요", "있나요", "있어요", "해야", "하나",
        "합니까", "방법", "좀", "제가", "저는", "그", "이", "저", "것", "거", "수",
    }
)  # fmt: skip
_ENDINGS = re.compile(
    r"(이에요|예요|인가요|입니까|습니까|나요|까요|세요|어요|아요|해요|하나요|되나요|하려면|하면|려면|으로|에서|까지|부터|에게|한테"
    r"|은|는|이|가|을|를|에|의|로|도|만|요|죠|지)$"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article as it is found: every way to ask, and the answer's own words as a help."""

    key: int
    ways: tuple[str, ...]
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    key: int
    score: float
    way: str


class Index:
    """Articles of one language, ready to be asked."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._ways: list[tuple[int, str, Mapping[str, int], int]] = []
        for entry in entries:
            for way in entry.ways:
                terms = Counter(_terms(way))
                self._ways.append((entry.key, way, terms, sum(terms.values())))
        self._weights = _weights([terms for _key, _way, terms, _n in self._ways])
        lengths = [length for *_rest, length in self._ways]
        self._mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._rare = math.log(1 + len(self._ways)) + 0.7

    def ask(self, question: str, limit: int = 3) -> list[Hit]:
        """The articles that fit best, each once."""
        asked = Counter(_terms(question))
        if _says_too_little(asked):
            return []
        whole = sum(self._weight(term) for term in asked)
        if not whole:
            return []
        best: dict[int, Hit] = {}
        for key, way, terms, length in self._ways:
            score = self._covered(asked, terms, length) / whole
            if score > 0 and (key not in best or score > best[key].score):
                best[key] = Hit(key, min(score, 1.0), way)
        return sorted(best.values(), key=lambda hit: -hit.score)[:limit]

    def _weight(self, term: str) -> float:
        """What is said nowhere weighs most: it is what the question has and no article."""
        return self._weights.get(term, self._rare) * _share(term)

    def _covered(self, asked: Mapping[str, int], terms: Mapping[str, int], length: int) -> float:
        norm = K1 * (1 - B + B * length / self._mean)
        best_norm = K1 * (1 - B)
        return sum(
            self._weight(term)
            * (terms[term] * (K1 + 1) / (terms[term] + norm))
            / ((K1 + 1) / (1 + best_norm))
            for term in asked
            if term in terms
        )


def _says_too_little(asked: Mapping[str, int]) -> bool:
    """One short word ("how old are you") asks nothing."""
    words = [term for term in asked if not term.startswith("~")]
    return len(words) == 1 and words[0].isascii() and len(words[0]) <= SHORT


def _weights(documents: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """Inverse document frequency."""
    held = Counter(term for terms in documents for term in terms)
    total = len(documents)
    return {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in held.items()}


def _terms(text: str) -> list[str]:
    """Words without their endings, and their pieces (marked `~`)."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if word in _EMPTY:
            continue
        bare = _ENDINGS.sub("", word) if len(word) > 2 and not word.isascii() else _stem(word)
        if not bare or bare in _EMPTY:
            continue
        found.append(bare)
        marked = f"<{bare}>"
        found += [f"~{piece}" for n in PIECES for piece in _pieces(marked, n)]
    return found


def _stem(word: str) -> str:
    """English plurals and the commonest endings; no more, the pieces do the rest."""
    for ending in ("ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word


def _pieces(word: str, n: int) -> list[str]:
    return [word[at : at + n] for at in range(len(word) - n + 1)]


def _share(term: str) -> float:
    """A word weighs as much as all its pieces together, roughly."""
    return 0.2 if term.startswith("~") else 1.0
