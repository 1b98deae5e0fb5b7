"""Character n-grams within words: the reading of a text that needs no language.

The same n-grams as scikit-learn's `char_wb` analyser takes, one to four letters with the edges of
words, so that a model trained there is read here with a dictionary and a dot product, in a
process that never loads the library.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

SHORTEST, LONGEST = 1, 4
_SPACE = re.compile(r"\s+")
Signature = Mapping[str, float]

# Said in nearly every report, in ours and others': they tell nothing about the place.
_POLITE = re.compile(
    r"안녕하세요|부탁\s*드립니다|부탁합니다|감사합니다|수고하십니다|신고합니다|신고드립니다|해\s*주세요"
    r"|조치|please|hello|thank(s| you)|could you|there is|there are|i would like to report"
)


def composed(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).lower())


def char_ngrams(text: str, shortest: int = SHORTEST, longest: int = LONGEST) -> Counter[str]:
    """How often each n-gram stands in `text`; a word shorter than n counts once, with its edges."""
    counts: Counter[str] = Counter()
    for word in composed(text).split():
        padded = f" {word} "
        for n in range(shortest, longest + 1):
            last = len(padded) - n
            for start in range(max(last, 0) + 1):
                counts[padded[start : start + n]] += 1
            if last <= 0:
                break
    return counts


def signature(text: str) -> Signature:
    """The text as a vector of unit length over its n-grams of two to four, for comparison."""
    counts = char_ngrams(_POLITE.sub(" ", composed(text)), 2, 4)
    weights = {gram: 1 + math.log(count) for gram, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values()))
    return {gram: weight / length for gram, weight in weights.items()} if length else {}


def cosine(one: Signature, other: Signature) -> float:
    if len(one) > len(other):
        one, other = other, one
    return min(1.0, sum(weight * other.get(gram, 0.0) for gram, weight in one.items()))
