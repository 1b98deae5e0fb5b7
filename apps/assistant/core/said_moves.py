"""What moves about the conversation, in so few words that nobody can mean anything else.

Read before any model and without one. Whole sentences are the engine's to understand.
"""

import re

from apps.assistant.core.commands import Go

# Politeness before and behind; it changes nothing.
_BEFORE = (
    r"(?:please|just|can\s+(?:we|i|you)|could\s+(?:we|i|you)|i\s+(?:want|would\s+like)\s+to"
    r"|i'd\s+like\s+to|let'?s|let\s+me|아니|아뇨|아니요|잠깐만?요?|저기요|그냥|제발)"
)
_AFTER = (
    r"(?:[\s,]*(?:please|now|again|then|요|해|줘|주세요|해\s*(?:줘요?|주세요|주십시오)|할게요"
    r"|할래요|하고\s*싶어요|부탁(?:해요|드려요|드립니다)?|가\s*(?:줘요?|주세요)|갈게요|가기"
    r"|이요))*"
)


def _whole(*ways: str) -> re.Pattern[str]:
    """A text that says one of these and nothing more."""
    said = "|".join(ways)
    return re.compile(rf"^\W*(?:{_BEFORE}\W+)?(?:{said}){_AFTER}\W*$", re.IGNORECASE)


_MOVES = {
    Go.BACK: _whole(
        r"(?:go\s+|step\s+)?back(?:\s+one(?:\s+step)?)?",
        r"(?:the\s+)?previous(?:\s+question)?",
        r"뒤로",
        r"이전(?:으로|\s*질문(?:으로)?|\s*단계(?:로)?)?",
        r"전\s*단계로?",
        r"되돌려",
    ),
    Go.START_OVER: _whole(
        r"(?:start|begin)\s+(?:over|again|from\s+the\s+(?:start|beginning))",
        r"restart",
        r"처음(?:으로|부터(?:\s*다시)?)(?:\s*시작)?",
        r"다시\s*시작",
    ),
    Go.PERSON: _whole(
        r"(?:(?:talk|speak)\s+(?:to|with)\s+)?(?:an?\s+)?(?:real\s+|live\s+)?"
        r"(?:person|human(?:\s+being)?|agent|operator)",
        r"(?:상담원|상담사|사람|담당자|직원)(?:\s*(?:과|하고|이랑|을|를|한테))?"
        r"(?:\s*(?:연결|통화|상담|바꿔))?",
    ),
    Go.REPEAT: _whole(
        r"pardon(?:\s+me)?",
        r"repeat(?:\s+that)?",
        r"say\s+(?:that|it)",
        r"what\s+did\s+you\s+say",
        r"come\s+again",
        r"(?:네\?\s*)?뭐라고",
        r"다시\s*(?:한\s*번\s*)?말(?:씀)?해",
        r"못\s*들었어",
    ),
    Go.MENU: _whole(r"(?:the\s+)?menu", r"help", r"메뉴(?:로)?", r"도움말"),
}
_LEAVING = _whole(
    r"cancel(?:\s+(?:it|that|this))?",
    r"never\s*mind",
    r"forget\s+(?:it|that)",
    r"stop(?:\s+it)?",
    r"quit",
    r"leave\s+it",
    r"취소",
    r"그만(?:둘래|할래|둘게|할게)?",
    r"안\s*(?:할래|할게|해)",
    r"관둘?(?:래|게)",
    r"됐어",
)


def said_move(text: str) -> Go | None:
    """The move that a short text plainly asks for."""
    return next((where for where, pattern in _MOVES.items() if pattern.match(text)), None)


def says_leave(text: str) -> bool:
    """ "Never mind": what is open shall not be done. With nothing open it says nothing."""
    return bool(_LEAVING.match(text))
