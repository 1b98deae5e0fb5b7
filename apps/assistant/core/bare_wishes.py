"""Whether a text says more than that one wishes to report something, or to ask something."""

import re

_WORD = re.compile(r"[\w'’]+")
_BARE = frozenset(
    {
        "i", "i'd", "i'll", "want", "wanna", "would", "like", "need", "wish", "to", "a", "an",
        "the", "please", "file", "report", "make", "lodge", "submit", "register", "send", "my",
        "another", "second", "one", "more", "new", "complaint", "complaints", "problem",
        "something", "issue", "about", "hello", "hi", "can", "could", "you", "let", "me", "have",
        "there's", "is", "there", "and", "also", "too", "it", "us", "here", "question", "ask",
        "know", "tell", "help",
    }
)  # fmt: skip
_BARE_KO = re.compile(
    r"^(?:안녕(?:하세요)?|저기요?|제가|저|그리고|또|다른|새|새로운|하나|더|민원|신고|불편"
    r"|불편사항|불편신고|접수"
    r"|질문|문의|뭐|좀|것|거|게|건|넣|내|하|할|싶|있)?"
    r"(?:을|를|도|이|가|은|는|고|어|어요|습니다|하고|하려고요?|하려고|해요|해|할게요?|할|하실|드릴"
    r"|할래요?|하겠습니다|합니다|싶어요|싶습니다|싶은데요?"
    r"|싶은|접수|있어요|있습니다|있는데요?|주세요|사항|사항이|넣고|넣을게요?|넣으려고요?|게"
    r"|거|것|건)*$"
)


def says_nothing(text: str) -> bool:
    """True for "I want to file a complaint" and "민원 넣고 싶어요": the matter is still to come."""
    words = [word.lower() for word in _WORD.findall(text)]
    return all(word in _BARE or _BARE_KO.match(word) for word in words)
