"""A text as words, by its script; nothing of it is lost.

Korean particles are split from the word they hang on (정발산역·에서), so that a name is the same
name whatever stands behind it. Thai, written without spaces, is cut into character clusters
(Theeramunkong et al., "Character cluster based Thai information retrieval", 2000), which no cut
between words ever divides. All else goes by spaces, signs apart.

Runs in two Pythons: with the product, and inside the engine. It needs nothing but the library.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Word(NamedTuple):
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_HANGUL = r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]"
_THAI = r"[\u0e00-\u0e7f]"
_MARK = r"[\u0300-\u036f\u200d\ufe0f]"
_RUNS = re.compile(
    rf"(?P<hangul>{_HANGUL}+)"
    rf"|(?P<thai>{_THAI}+)"
    rf"|(?P<word>(?:(?!{_HANGUL}|{_THAI})[^\W_]|{_MARK})+"
    rf"(?:['’.,:\-](?:(?!{_HANGUL}|{_THAI})[^\W_]|{_MARK})+)*)"
    r"|(?P<sign>[^\s])"
)
_THAI_CLUSTER = re.compile(
    r"[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e30-\u0e3a\u0e45\u0e47-\u0e4e]*"  # consonant and marks
    r"|[\u0e40-\u0e44]"  # a leading vowel alone
    r"|."
)

_HANGING = (
    "은 는 이 가 을 를 의 에 와 과 도 만 로 랑 요 임 엔 "
    "에서 에게 까지 부터 으로 이나 이랑 하고 한테 보다 처럼 마다 밖에 조차 "
    "에는 에도 에선 에다 로는 로도 "
    "에서는 에서도 에서의 까지는 까지만 부터는 으로는 으로도 에게서 한테서 이라고 라고 이라 "
    "말고 이라는 라는 이야 이여 거든요 이였어요 "
    "이에요 예요 이요 입니다 이고 인데 인데요 이던데 이거든요 이라서 이네요 네요 "
    "입니까 인가요 이죠 이지요 "
    "앞 뒤 옆 밑 근처 부근 쪽 안 밖 입구 정문 후문 건너편 맞은편 사거리"
)
_PARTICLES = sorted(_HANGING.split(), key=len, reverse=True)  # the longest first
MOST_PARTICLES = 3


def words(text: str) -> list[Word]:
    """All words of a text, in order, with their places in it. Every sign but blanks is in one."""
    return [word for match in _RUNS.finditer(text) for word in _words_of(match)]


def _words_of(match: "re.Match[str]") -> Iterator[Word]:
    run, start = match.group(), match.start()
    if match.lastgroup == "hangul":
        yield from _korean(run, start)
    elif match.lastgroup == "thai":
        yield from (Word(part.group(), start + part.start()) for part in _clusters(run))
    else:
        yield Word(run, start)


def _clusters(run: str) -> "Iterator[re.Match[str]]":
    return _THAI_CLUSTER.finditer(run)


def _korean(run: str, start: int) -> Iterator[Word]:
    """The stem, then its particles one by one: 정발산역 · 앞 · 이에요."""
    parts: list[str] = []
    stem = run
    while len(parts) < MOST_PARTICLES and (particle := _particle_of(stem)):
        parts.insert(0, particle)
        stem = stem[: -len(particle)]
    for part in (stem, *parts):
        yield Word(part, start)
        start += len(part)


def _particle_of(stem: str) -> str:
    return next((one for one in _PARTICLES if stem.endswith(one) and _stands(stem, one)), "")


def _stands(stem: str, particle: str) -> bool:
    """Whether a word is left before it. One letter needs two: 도로 is a road, no 도 with 로."""
    return len(stem) - len(particle) >= (2 if len(particle) == 1 else 1)
