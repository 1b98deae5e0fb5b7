"""How many: people, points, digits of a number."""

import re

from apps.assistant.core.numerals import ENGLISH, NATIVE, SINO, number, words

MOST_PEOPLE = 50
_EN, _KO = words(ENGLISH), words(NATIVE, SINO)
_PEOPLE = re.compile(
    rf"(?<![\w-])(\d{{1,2}}|{_EN})\s+(?:\w+\s+)?(?:people|persons?|passengers?|adults?"
    rf"|of\s+us|seats?|"
    rf"riders?)\b|(\d{{1,2}}|{_KO})\s*(?:명|사람|인(?!\w)|분이?(?:서|요|이|\s*타|\s*예약))",
    re.IGNORECASE,
)
_FOR = re.compile(rf"\b(?:for|party\s+of|we\s+are)\s+(\d{{1,2}}|{_EN})\b(?!\s*(?:h|min|o'|am"
                  rf"|pm|:))",
                  re.IGNORECASE)  # fmt: skip
_ALONE = re.compile(
    r"혼자|\b(?:just|only)\s+(?:me|myself|one)\b|\balone\b|\bby\s+myself\b", re.IGNORECASE
)
_BARE = re.compile(
    rf"^\W*(\d{{1,2}}|{_EN}|{_KO})\W*(?:요|이요|입니다|이에요|예요)?\W*$", re.IGNORECASE
)
_POINTS = re.compile(
    rf"(?<!\d)([1-5]|{_EN}|{_KO})\s*(?:점|개|stars?|points?|out\s+of|/\s*5)", re.IGNORECASE
)
_FULL_MARKS = re.compile(
    r"만점|매우\s*만족|아주\s*만족|very\s+satisfied|excellent|perfect", re.IGNORECASE
)
_WORST = re.compile(r"매우\s*불만|아주\s*불만|very\s+(?:dis|un)satisfied|useless|terrible|엉망",
                    re.IGNORECASE)  # fmt: skip
_BAD = re.compile(
    r"불만족|별로|not\s+(?:satisfied|happy)|dissatisfied|unsatisfied|badly|poor", re.IGNORECASE
)
_GOOD = re.compile(r"만족|satisfied|happy|good|well", re.IGNORECASE)
_COMPLAINT = re.compile(r"(?<!\d)\d{4}[\s.\-–]*\d{7}[\s.\-–]*\d(?!\d)")


def people_in(text: str, *, asked: bool = False) -> int | None:
    """How many people a text speaks of; a bare number counts only where it was asked for."""
    if found := _PEOPLE.search(text):
        return _few(found[1] or found[2])
    if _ALONE.search(text):
        return 1
    if found := _FOR.search(text):
        return _few(found[1])
    bare = _BARE.match(text) if asked else None
    return _few(bare[1]) if bare else None


def _few(word: str) -> int | None:
    count = number(word)
    return count if count and count <= MOST_PEOPLE else None


def points_in(text: str, *, asked: bool = False) -> int | None:
    """One to five, as a number or as a judgement."""
    if found := _POINTS.search(text):
        return _one_to_five(found[1])
    if asked and (found := _BARE.match(text)):
        return _one_to_five(found[1])
    for pattern, points in ((_WORST, 1), (_BAD, 2), (_FULL_MARKS, 5), (_GOOD, 4)):
        if pattern.search(text):
            return points
    return None


def _one_to_five(word: str) -> int | None:
    points = number(word)
    return points if points and points <= 5 else None


def complaint_number_in(text: str) -> str:
    """What looks like a complaint's number, as it was written; whether it is one, others check."""
    found = _COMPLAINT.search(text)
    return found.group() if found else ""
