"""Short answers in words: one of a list, "I don't know", "without", "anonymously"."""

import re
from collections.abc import Sequence


def _ordinal(number: int, first: str, ko: str, en: str) -> re.Pattern[str]:
    """ "첫 번째", "1번", "the first", "number one"."""
    forms = (
        rf"{first}\s*번?\s*째", rf"^\s*{number}\s*번?\W*$", rf"{ko}\s*번(?!에)",
        rf"\b{en.split()[0]}\b", rf"^\s*{en.split()[1]}\W*$",
        rf"number\s+(?:{en.split()[1]}|{number})\b",
    )  # fmt: skip
    return re.compile("|".join(forms), re.IGNORECASE)


_ORDINALS = (
    _ordinal(1, "첫", "일", "first one"),
    _ordinal(2, "두", "이", "second two"),
    _ordinal(3, "세", "삼", "third three"),
    _ordinal(4, "네", "사", "fourth four"),
)
_LAST = re.compile(r"마지막|\blast\s+one\b", re.IGNORECASE)
_UNSURE = re.compile(
    r"모르겠|모릅니다|몰라|기타|그\s*밖|그\s*외|다른\s*거|해당\s*없|\bdon'?t\s+know\b"
    r"|\bnot\s+sure\b|\bother\b"
    r"|\bsomething\s+else\b|\bnone\b|\bno\s+idea\b",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"없|생략|건너|나중|\blater\b|안\s*(?:보내|올|할)|그냥|\bwithout\b|\bno\s+(?:photo|picture|need)\b"
    r"|\bskip\b|\bdon'?t\s+have\b|\bhave\s+no(?:ne)?\b|\bgo\s+on\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"같(?:은|아|네|습)|맞(?:아|네|습)|\bsame\b|\bthat\s+one\b", re.IGNORECASE)
_OTHER = re.compile(r"다른|달라|다릅|다르|별개|\bdifferent\b|\banother\b|\bnot\s+the\s+same\b",
                    re.IGNORECASE)  # fmt: skip
_ANONYMOUS = re.compile(r"익명|비공개|이름\s*없이|\banonym", re.IGNORECASE)
_NEWS = re.compile(r"알려|연락|소식|알림|문자|\btell\s+me\b|\bnotify\b|\binform\b"
                   r"|\bkeep\s+me\b|\bmy\s+name\b",
                   re.IGNORECASE)  # fmt: skip
_SIGNS = re.compile(r"[\s.,!?·()\-]+")


def one_of(text: str, labels: Sequence[str]) -> int | None:
    """Which of some labels is meant: by its name, or by its place in the row."""
    said = _bare(text)
    for at, label in enumerate(labels):
        parts = [_bare(part) for part in [label, *re.split(r"[·,/]| or ", label)]]
        if any(len(part) >= 2 and part in said for part in parts):
            return at
    for at, pattern in enumerate(_ORDINALS[: len(labels)]):
        if pattern.search(text):
            return at
    return len(labels) - 1 if labels and _LAST.search(text) else None


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).lower()


def is_unsure(text: str) -> bool:
    return bool(_UNSURE.search(text))


def is_without(text: str) -> bool:
    return bool(_WITHOUT.search(text))


def is_same(text: str) -> bool | None:
    """ "같은 거예요", "a different one"; None where neither is said."""
    if _OTHER.search(text):
        return False
    return True if _SAME.search(text) else None


def is_anonymous(text: str) -> bool:
    return bool(_ANONYMOUS.search(text))


def wants_news(text: str) -> bool:
    return bool(_NEWS.search(text))
