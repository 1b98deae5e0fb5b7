"""Numbers, times and dates as they are said in Korean and English.

Korean has two series of numerals: the Sino-Korean one for digits, dates, minutes and money, the
native one for hours and for counting what has a counter (세 시, 두 명). Two months lose their final
consonant (유월, 시월). Digits on the phone: zero is 공.
"""

from datetime import date, time

_SINO = ("영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
_TENS_KO = ("", "십", "백", "천")
_MYRIADS_KO = ("", "만", "억", "조")
# Before a counter: 한 명, not 하나 명.
_NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_ONES_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS_EN = (
    "-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_SCALES_EN = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_ORDINALS_EN = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_DAYS_EN = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTHS_KO = (
    "일월", "이월", "삼월", "사월", "오월", "유월",
    "칠월", "팔월", "구월", "시월", "십일월", "십이월",
)  # fmt: skip
_DAYS_KO = (
    "월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일",
)  # fmt: skip
LARGEST = 10**12 - 1


def number_words(number: int, language: str) -> str:
    """Raises ValueError beyond a trillion: no such number is said on the phone."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not said in words")
    return _sino(number) if language == "ko" else _english(number)


def counted_words(number: int, language: str) -> str:
    """Before a counter. Korean counts natively up to 99."""
    if language != "ko" or not 1 <= number <= 99:
        return number_words(number, language)
    if number == 20:
        return "스무"  # 스물 only before a further digit
    return _NATIVE_TENS[number // 10] + _NATIVE[number % 10]


def digit_words(digits: str, language: str) -> str:
    """One by one. Groups (anything but a digit between them) are set apart by a pause."""
    names = ("공", *_SINO[1:]) if language == "ko" else tuple(_ONES_EN[:10])
    groups = "".join(char if char.isascii() and char.isdigit() else " " for char in digits).split()
    return ", ".join(" ".join(names[int(digit)] for digit in group) for group in groups)


def date_words(day: date, language: str, *, with_year: bool = False) -> str:
    if language == "ko":
        said = f"{_MONTHS_KO[day.month - 1]} {_sino(day.day)}일 {_DAYS_KO[day.weekday()]}"
        return f"{_sino(day.year)}년 {said}" if with_year else said
    said = f"{_DAYS_EN[day.weekday()]}, {_MONTHS_EN[day.month - 1]} {_ordinal(day.day)}"
    return f"{said}, {_year_en(day.year)}" if with_year else said


def time_words(at: time, language: str) -> str:
    hour = at.hour % 12 or 12
    if language == "ko":
        half = "오전" if at.hour < 12 else "오후"
        said = f"{half} {counted_words(hour, 'ko')} 시"
        return f"{said} {_sino(at.minute)} 분" if at.minute else said
    half = "a m" if at.hour < 12 else "p m"
    minutes = f" {'oh ' if at.minute < 10 else ''}{_english(at.minute)}" if at.minute else ""
    return f"{_english(hour)}{minutes} {half}"


def _sino(number: int) -> str:
    if number == 0:
        return _SINO[0]
    said = ""
    for power, name in reversed(list(enumerate(_MYRIADS_KO))):
        group = number // 10_000**power % 10_000
        if group:
            one_myriad = group == 1 and power == 1 and not said
            said += ("" if one_myriad else _sino_group(group)) + name
    return said


def _sino_group(group: int) -> str:
    """1 to 9999; one ten is 십, not 일십."""
    said = ""
    for power in (3, 2, 1, 0):
        digit = group // 10**power % 10
        if digit:
            said += ("" if digit == 1 and power else _SINO[digit]) + _TENS_KO[power]
    return said


def _english(number: int) -> str:
    for scale, name in _SCALES_EN:
        if number >= scale:
            left = number % scale
            said = f"{_english(number // scale)} {name}"
            return f"{said} {_english(left)}" if left else said
    if number >= 100:
        rest = f" {_english(number % 100)}" if number % 100 else ""
        return f"{_ONES_EN[number // 100]} hundred{rest}"
    if number >= 20:
        ones = f"-{_ONES_EN[number % 10]}" if number % 10 else ""
        return f"{_TENS_EN[number // 10]}{ones}"
    return _ONES_EN[number]


def _ordinal(number: int) -> str:
    head, dash, last = _english(number).rpartition("-")
    if last in _ORDINALS_EN:
        return f"{head}{dash}{_ORDINALS_EN[last]}"
    return f"{head}{dash}{last[:-1]}ieth" if last.endswith("y") else f"{head}{dash}{last}th"


def _year_en(year: int) -> str:
    if 2000 <= year < 2010 or year % 100 == 0:
        return _english(year)
    last = year % 100
    return f"{_english(year // 100)} {'oh ' if last < 10 else ''}{_english(last)}"
