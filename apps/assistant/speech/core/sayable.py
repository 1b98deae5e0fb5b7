"""A text as it is said: what the eye reads at once and the ear can't.

Numbers of complaints and telephones go digit by digit; dates, times, money, measures, counts and
house numbers become words; links and marks are left out. What a rule does not know stays as it is.
"""

import re
from collections.abc import Callable
from datetime import date, time

from apps.assistant.speech.core.number_words import (
    LARGEST,
    counted_words,
    date_words,
    digit_words,
    number_words,
    time_words,
)

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], str], str]]

# Counters that go with native numerals; the rest goes with Sino-Korean ones.
_COUNTERS = "개|명|분(?!\\s*(?:후|뒤|전|이내|정도|거리|안))|대|곳|시간|번째|마리|살|자리|면|건|시"
_UNITS_KO = {
    "km": "킬로미터", "m": "미터", "cm": "센티미터", "%": "퍼센트", "℃": "도", "°C": "도",
    "km/h": "킬로미터 매 시", "mm": "밀리미터", "kWh": "킬로와트시",
}  # fmt: skip
_UNITS_EN = {
    "km": "kilometres", "m": "metres", "cm": "centimetres", "%": "percent", "℃": "degrees",
    "°C": "degrees", "km/h": "kilometres an hour", "mm": "millimetres", "kWh": "kilowatt hours",
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS_KO), key=len, reverse=True))
_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d+)"


def sayable(text: str, language: str) -> str:
    """How `text` is spoken in Korean ("ko") or English; other languages keep their digits, which
    their voices read."""
    said = _without_marks(text)
    if language not in ("ko", "en"):
        return _closed_up(said)
    for pattern, say in _RULES:
        said = pattern.sub(lambda found, say=say: _told(found, say, language), said)  # type: ignore[misc]
    return _closed_up(said)


def _told(found: re.Match[str], say: Callable[[re.Match[str], str], str], language: str) -> str:
    try:
        return say(found, language)
    except ValueError:  # the thirtieth of February, or a number beyond words
        return digit_words(found[0], language)


def _without_marks(text: str) -> str:
    text = re.sub(r"https?://\S+", "", text)
    text = re.sub(r"[*_#>`•·|☎]+", " ", text)
    return text.replace("→", ", ").replace("~", "-").replace("–", "-").replace("—", ", ")


def _closed_up(text: str) -> str:
    return re.sub(r"\s+([,.!?])", r"\1", re.sub(r"\s+", " ", text)).strip()


def _int(text: str) -> int:
    number = int(text.replace(",", ""))
    if number > LARGEST:
        raise ValueError("too large for words")
    return number


def _date(found: re.Match[str], language: str) -> str:
    return date_words(date(*map(int, found.groups())), language)


def _korean_date(found: re.Match[str], language: str) -> str:
    """`11월 25일` is said the Korean way in any sentence that writes it so."""
    month, day = int(found[1]), int(found[2])
    return date_words(date(2024, month, day), "ko").rpartition(" ")[0]


def _korean_month(found: re.Match[str], language: str) -> str:
    return date_words(date(2024, int(found[1]), 1), "ko").split(" ")[0]


def _time(found: re.Match[str], language: str) -> str:
    return time_words(time(int(found[1]), int(found[2])), language)


def _money(found: re.Match[str], language: str) -> str:
    amount = number_words(_int(found[1] or found[2]), language)
    return f"{amount} 원" if language == "ko" else f"{amount} won"


def _measure(found: re.Match[str], language: str) -> str:
    name = (_UNITS_KO if language == "ko" else _UNITS_EN)[found[2]]
    if language == "en" and found[1] == "1" and name.endswith("s"):
        name = name.removesuffix("s")
    return f"{_decimal(found[1], language)} {name}"


def _decimal(text: str, language: str) -> str:
    whole, point, part = text.partition(".")
    said = number_words(_int(whole), language)
    if not point:
        return said
    return f"{said} {'점' if language == 'ko' else 'point'} {digit_words(part, language)}"


def _house(found: re.Match[str], language: str) -> str:
    """`병원길 7-3`: the branch number is said after 다시."""
    street, main, branch = found.groups()
    said = f"{street} {number_words(int(main), language)}"
    dash = "다시" if language == "ko" else "dash"
    return f"{said} {dash} {number_words(int(branch), language)}" if branch else said


def _count(found: re.Match[str], language: str) -> str:
    return f"{counted_words(_int(found[1]), language)} {found[2]}"


def _digits(found: re.Match[str], language: str) -> str:
    return digit_words(found[0], language)


def _spelled(found: re.Match[str], language: str) -> str:
    """Digits that were set apart to be read one by one."""
    groups = found[0].split(",")
    return ", ".join(digit_words(group.replace(" ", ""), language) for group in groups)


def _number(found: re.Match[str], language: str) -> str:
    digits = found[0]
    if digits.startswith("0") and len(digits) > 1:
        return digit_words(digits, language)
    return _decimal(digits, language)


_RULES: tuple[Rule, ...] = (
    # Complaint numbers, and telephone numbers with their dashes.
    (re.compile(r"(?<![\d-])\d{4}-\d{7,}-\d(?![\d-])"), _digits),
    (re.compile(r"(?<![\d-])\+?\d{2,4}-\d{3,4}-\d{4}(?![\d-])"), _digits),
    (re.compile(r"(?<![\d.,])\d(?:,? \d(?!\d)){2,}(?![.,]?\d)"), _spelled),
    (re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?![\d-])"), _date),
    (re.compile(r"(?<!\d)(\d{1,2})월\s*(\d{1,2})일"), _korean_date),
    (re.compile(r"(?<!\d)(\d{1,2})월"), _korean_month),
    (re.compile(r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?!\d|:\d)"), _time),
    (re.compile(rf"₩\s*{_AMOUNT}|{_AMOUNT}\s*원"), _money),
    (re.compile(rf"(?<![\d.])(\d+(?:\.\d+)?)\s*({_UNIT})(?![A-Za-z가-힣/])"), _measure),
    (re.compile(r"(\S*[가-힣](?:로|길))\s+(\d{1,5})(?:-(\d{1,4}))?(?![\d-])"), _house),
    (re.compile(rf"(?<![\d.]){_AMOUNT}\s*({_COUNTERS})"), _count),
    # What is still longer than a count is a number to be noted down.
    (re.compile(r"(?<![\d.,])\d{5,}(?![\d.,]*\d)"), _digits),
    (re.compile(rf"(?<![\d.])(?:{_AMOUNT})(?:\.\d+)?"), _number),
    # Whatever is left, such as the end of a version number.
    (re.compile(r"[0-9]+"), _digits),
)
