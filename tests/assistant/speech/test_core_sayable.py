"""How things are said on the phone, as somebody who speaks the language would check it."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core.number_words import (
    counted_words,
    date_words,
    digit_words,
    number_words,
    time_words,
)
from apps.assistant.speech.core.sayable import sayable


@pytest.mark.parametrize(
    ("number", "ko", "en"),
    [
        (0, "영", "zero"),
        (7, "칠", "seven"),
        (10, "십", "ten"),
        (16, "십육", "sixteen"),
        (21, "이십일", "twenty-one"),
        (100, "백", "one hundred"),
        (101, "백일", "one hundred one"),
        (1_200, "천이백", "one thousand two hundred"),
        (10_000, "만", "ten thousand"),
        (15_500, "만오천오백", "fifteen thousand five hundred"),
        (210_000, "이십일만", "two hundred ten thousand"),
        (100_000_000, "일억", "one hundred million"),
        (110_010_000, "일억천일만", "one hundred ten million ten thousand"),
    ],
)
def test_it_says_numbers(number: int, ko: str, en: str) -> None:
    assert (number_words(number, "ko"), number_words(number, "en")) == (ko, en)


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "한"), (2, "두"), (3, "세"), (4, "네"), (11, "열한"), (20, "스무"), (21, "스물한"),
     (99, "아흔아홉"), (100, "백"), (120, "백이십")],
)  # fmt: skip
def test_it_counts_natively_in_korean(number: int, said: str) -> None:
    assert counted_words(number, "ko") == said


@pytest.mark.parametrize(
    ("day", "ko", "en"),
    [
        (date(2026, 6, 6), "유월 육일 토요일", "Saturday, June sixth"),
        (date(2026, 10, 20), "시월 이십일 화요일", "Tuesday, October twentieth"),
        (date(2026, 11, 25), "십일월 이십오일 수요일", "Wednesday, November twenty-fifth"),
        (date(2026, 12, 12), "십이월 십이일 토요일", "Saturday, December twelfth"),
        (date(2026, 1, 3), "일월 삼일 토요일", "Saturday, January third"),
    ],
)
def test_it_says_dates(day: date, ko: str, en: str) -> None:
    assert (date_words(day, "ko"), date_words(day, "en")) == (ko, en)


def test_it_says_a_year_only_when_asked() -> None:
    assert date_words(date(2026, 3, 1), "ko", with_year=True).startswith("이천이십육년 ")
    assert date_words(date(2026, 3, 1), "en", with_year=True).endswith(", twenty twenty-six")


@pytest.mark.parametrize(
    ("at", "ko", "en"),
    [
        (time(0, 0), "오전 열두 시", "twelve a m"),
        (time(9, 5), "오전 아홉 시 오 분", "nine oh five a m"),
        (time(15, 15), "오후 세 시 십오 분", "three fifteen p m"),
    ],
)
def test_it_says_times(at: time, ko: str, en: str) -> None:
    assert (time_words(at, "ko"), time_words(at, "en")) == (ko, en)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "접수번호는 2026-0001234-5 입니다.",
            "접수번호는 이 공 이 육, 공 공 공 일 이 삼 사, 오 입니다.",
        ),
        ("번호는 2 0 2 6, 0 0 1, 5 입니다", "번호는 이 공 이 육, 공 공 일, 오 입니다"),
        ("2026-11-25까지 답변합니다.", "십일월 이십오일 수요일까지 답변합니다."),
        ("11월 3일에", "십일월 삼일에"),
        ("6월에", "유월에"),
        ("15:30에 만나요", "오후 세 시 삼십 분에 만나요"),
        ("오늘 14:00: 확인됨.", "오늘 오후 두 시: 확인됨."),
        (".0", ".공"),
        ("요금은 1,200원입니다.", "요금은 천이백 원입니다."),
        ("빈자리 3면", "빈자리 세 면"),
        ("2명이 3시에", "두 명이 세 시에"),
        ("5분 뒤", "오분 뒤"),
        ("350 m 앞", "삼백오십 미터 앞"),
        ("병원길 7-3", "병원길 칠 다시 삼"),
        ("중앙로 12 앞", "중앙로 십이 앞"),
        ("02-120-1234로", "02-120-1234로"),
        ("031-900-1234로", "공 삼 일, 구 공 공, 일 이 삼 사로"),
        ("자세히: https://city.example/a?b=1 참고", "자세히: 참고"),
    ],
)
def test_it_makes_korean_sayable(written: str, said: str) -> None:
    if written == said:
        assert "-" not in sayable(written, "ko")
    else:
        assert sayable(written, "ko") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "Your number is 2026-0001234-5.",
            "Your number is two zero two six, zero zero zero one two three four, five.",
        ),
        ("by 2026-11-25", "by Wednesday, November twenty-fifth"),
        ("at 15:30", "at three thirty p m"),
        ("It costs ₩1,200.", "It costs one thousand two hundred won."),
        ("1.5 km away", "one point five kilometres away"),
        ("1 km away", "one kilometre away"),
        ("3 bays free", "three bays free"),
        ("call 031-900-1234", "call zero three one, nine zero zero, one two three four"),
        ("code 000123", "code zero zero zero one two three"),
        ("on 2026-02-30", "on two zero two six, zero two, three zero"),
    ],
)
def test_it_makes_english_sayable(written: str, said: str) -> None:
    assert sayable(written, "en") == said


def test_it_leaves_other_languages_their_digits() -> None:
    assert sayable("Số 12 • phố", "vi") == "Số 12 phố"


@given(st.text(max_size=80), st.sampled_from(["ko", "en"]))
def test_it_leaves_no_digit_unsaid(text: str, language: str) -> None:
    assert not any(char in "0123456789" for char in sayable(text, language))


@given(st.integers(0, 10**12 - 1))
def test_it_says_every_number_in_both_languages(number: int) -> None:
    assert number_words(number, "ko")
    assert number_words(number, "en")


@given(st.text("0123456789", min_size=1, max_size=20))
def test_it_says_every_digit_once(digits: str) -> None:
    assert len(digit_words(digits, "ko").split()) == len(digits)
    assert len(digit_words(digits, "en").split()) == len(digits)
