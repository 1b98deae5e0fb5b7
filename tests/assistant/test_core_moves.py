"""Short words that are understood without any model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.core.commands import Go
from apps.assistant.core.said_moves import said_move, says_leave

MOVES = {
    Go.BACK: "back|Go back, please.|뒤로|뒤로 가 주세요|이전 질문으로 가 주세요",
    Go.START_OVER: "start again|Let's start over|처음부터 다시 할게요|처음으로",
    Go.PERSON: "a person|I want to talk to a human|상담원 연결해 주세요|사람이랑 통화하고 싶어요",
    Go.REPEAT: "pardon?|뭐라고요?|다시 말씀해 주세요",
    Go.MENU: "menu|메뉴|help",
}
NO_MOVES = (
    "back door of the station|the person fell|뒤로 쓰러진 나무|도와주세요 사람이 쓰러졌어요"
    "|처음 보는 구멍이에요|help me, I am trapped|사람이 다쳤어요|직원이 불친절해요"
)
LEAVING = (
    "cancel|never mind|forget it, please|취소|취소할게요|취소해 주세요|그만할래요|그만|안 할래요"
)
STAYING = "cancel my ride|버스 취소해 주세요|stop sign|민원 취소"


@pytest.mark.parametrize(
    ("text", "move"),
    [(text, move) for move, texts in MOVES.items() for text in texts.split("|")]
    + [(text, None) for text in NO_MOVES.split("|")],
)
def test_short_words_move_about(text: str, move: Go | None) -> None:
    assert said_move(text) is move


def test_it_knows_when_one_leaves() -> None:
    assert all(map(says_leave, LEAVING.split("|")))
    assert not any(map(says_leave, STAYING.split("|")))


@given(st.text(max_size=60))
def test_it_bears_anything(text: str) -> None:
    said_move(text)
    says_leave(text)
