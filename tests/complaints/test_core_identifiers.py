"""What identifies a person is found; what only looks like it is left alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.complaints.core.identifiers import find_identifiers, is_card, mask_identifiers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("주민번호는 900101-1234568입니다", "주민번호는 [rrn]입니다"),
        ("9001011234568", "[rrn]"), ("900101-1******", "[rrn]"),
        ("211001-3123456", "[rrn]"), ("010-1234-5678로 전화", "[phone]로 전화"),
        ("01012345678", "[phone]"), ("02)123-4567", "[phone]"), ("+82 10 1234 5678", "[phone]"),
        ("gọi 0912 345 678 nhé", "gọi [phone] nhé"), ("+84 91 234 5678", "[phone]"),
        ("โทร 081 234 5678", "โทร [phone]"), ("+63 917 123 4567", "[phone]"),
        ("012-345 6789", "[phone]"), ("+60 12 345 6789", "[phone]"),
        ("+39 347 123 4567", "[phone]"), ("612 34 56 78", "[phone]"),
        ("+34 612 345 678", "[phone]"), ("a.b+c@dalbit.example.kr로", "[email]로"),
        ("hong (at) dalbit.example", "[email]"), ("카드 4111-1111-1111-1111", "카드 [card]"),
        ("12가 3456 차", "[plate] 차"), ("서울 123나4567", "[plate]"),
        ("농협 302-1234-5678-91", "농협 [account]"),
        ("계좌번호 110123456789", "계좌번호 [account]"),
        ("DE89370400440532013000", "[account]"), ("우리집은 101동 1203호", "우리집은 [flat]"),
        ("면허 11-12-345678-90", "면허 [licence]"), ("여권 M12345678", "여권 [passport]"),
        ("０１０－１２３４－５６７８", "[phone]"),
    ],
)  # fmt: skip
def test_identifiers_are_masked(text: str, masked: str) -> None:
    assert mask_identifiers(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25 14:30에 발생", "가로등 번호 12-345-6789", "접수번호 2026-0001234-6",
        "수위 1.25 m, 강수 80.5 mm", "주민 3,000명", "900199-1234567", "4111 1111 1111 1112",
        "37번 버스", "A동 앞 도로 30m", "위도 37.430012 경도 127.260034", "1588 상담",
        "112에 신고", "3가 12길 34", "시속 100 km", "예산 1,234,567,890원", "5m x 10m",
    ],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert mask_identifiers(text) == text


@given(st.text(max_size=200))
def test_nothing_else_changes(text: str) -> None:
    """What is left between the findings is the text as it was."""
    rest, at = "", 0
    for finding in find_identifiers(text):
        assert at <= finding.start < finding.end
        rest, at = rest + text[at : finding.start], finding.end
    rest += text[at:]
    assert rest.replace("[", "") in mask_identifiers(text).replace("[", "") or find_identifiers(
        text
    )


@given(st.text(max_size=120))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask_identifiers(text)
    assert mask_identifiers(once) == once


def test_lengthy_text_is_read_in_time() -> None:
    """Linear: a text of a hundred thousand signs built to confuse is done with at once."""
    nasty = "010-" * 12_000 + "a@" * 12_000 + "1 " * 12_000
    find_identifiers(nasty)


def test_luhn_finds_every_wrong_digit() -> None:
    chance = random.Random(1)
    card = "4111111111111111"
    for place in range(1, 16):
        wrong = str((int(card[place]) + chance.randint(1, 9)) % 10)
        assert not is_card(card[:place] + wrong + card[place + 1 :])
