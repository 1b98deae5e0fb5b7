"""Words by script: nothing is lost, and names stand apart from their particles."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.core.words import words
from tests.support.samples import sample_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("정발산역 앞이에요", "정발산역 앞 이에요"),
        ("정발산역앞이에요", "정발산역 앞 이에요"),
        ("정발산역에서 가까운", "정발산역 에서 가까운"),
        ("가로등이 고장났어요", "가로등 이 고장났어 요"),
        ("중앙도서관까지는", "중앙도서관 까지는"),
        ("도로가 파였어요", "도로 가 파였어 요"),
        ("병원길 7", "병원길 7"),
        ("호수공원으로 가요", "호수공원 으로 가요"),
        ("정발산역이라는 데요", "정발산역 이라는 데요"),
        ("달빛역 정문이요", "달빛역 정문 이요"),
        ("Lake Park에 주차", "Lake Park 에 주차"),
        ("don't park at 3.5 km", "don't park at 3.5 km"),
        ("đèn đường bị hỏng", "đèn đường bị hỏng"),
        ("ไฟถนน", "ไ ฟ ถ น น"),
        ("😀 안녕 !!", "😀 안녕 ! !"),
    ],
)
def test_a_text_falls_into_words(text: str, expected: str) -> None:
    if "ไ" in text:  # clusters, whatever their cut
        assert "".join(word.text for word in words(text)) == text
        return
    assert [word.text for word in words(text)] == expected.split()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_sign_is_lost_and_every_word_knows_its_place(text: str) -> None:
    found = words(text)
    assert "".join(word.text for word in found) == re.sub(r"\s", "", text)
    assert all(text[word.start : word.end] == word.text for word in found)


@given(st.text(alphabet="가나다라마바사에서이는을를로까지 정발산역앞", max_size=60))
def test_hangul_is_never_deleted(text: str) -> None:
    assert "".join(word.text for word in words(text)) == re.sub(r"\s", "", text)


def test_real_sentences_of_eight_languages_lose_nothing() -> None:
    folder = sample_path("complaints/langid/sentences")
    texts = [
        unicodedata.normalize("NFC", path.read_text(errors="replace"))
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]
    assert texts
    for text in texts:
        assert "".join(word.text for word in words(text)) == re.sub(r"\s", "", text)
