"""Sentences written as patterns: a line stands for many ways to say the same thing.

    {spot} = space | bay          a name for alternatives
    ## book_parking               what the lines below mean
    10* <book|reserve> a {spot}   alternatives on the spot; at most ten of this line are drawn

The draws are the same every time. Korean particles are made to agree with what they hang on, and
some sentences are written as hastily as people write.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

DRAWS = 12
TRIES = 3  # for each draw wanted, since alternatives repeat
SEED = 20
_NAMED = re.compile(r"^\{([^}]+)\}\s*=\s*(.*)$")
_COUNTED = re.compile(r"^(\d+)\*\s+(.*)$")
_HOLE = re.compile(r"\{([^{}]+)\}|<([^<>]*)>")
_BLANKS = re.compile(r"\s+")
_BEFORE_SIGN = re.compile(r"\s+([,.!?])")

_PAIRS = (
    "이/가",
    "은/는",
    "을/를",
    "과/와",
    "이랑/랑",
    "으로/로",
    "이에요/예요",
    "이라고/라고",
    "이라는/라는",
)
_AFTER = {form: pair for pair in _PAIRS for form in pair.split("/")}
_HANGING = re.compile(
    r"(?P<last>[가-힣])(?P<mark>\]\(\w+\))?"
    rf"(?:\{{(?P<pair>{'|'.join(_PAIRS)})\}}"
    rf"|(?<=\))(?P<form>{'|'.join(sorted(_AFTER, key=len, reverse=True))})(?=[\s요]|$))"
)
_RIEUL, _FINALS, _FIRST = 8, 28, ord("가")


@dataclass(frozen=True, slots=True)
class Pattern:
    intent: str
    text: str
    draws: int = DRAWS


def read_patterns(texts: Iterable[str]) -> tuple[dict[str, list[str]], list[Pattern]]:
    """The names and the patterns of some files of one language."""
    names: dict[str, list[str]] = {}
    patterns: list[Pattern] = []
    for text in texts:
        intent = ""
        for line in filter(None, map(str.strip, text.splitlines())):
            if line.startswith("## "):
                intent = line.removeprefix("## ")
            elif named := _NAMED.match(line):
                names[named[1]] = [one.strip() for one in named[2].split("|")]
            elif not line.startswith("#"):
                counted = _COUNTED.match(line)
                patterns.append(
                    Pattern(intent, counted[2], int(counted[1]))
                    if counted
                    else Pattern(intent, line)
                )
    return names, patterns


def sentences(texts: Iterable[str]) -> dict[str, list[str]]:
    """What the patterns of one language say, by intent; each sentence once."""
    names, patterns = read_patterns(texts)
    random = Random(SEED)
    found: dict[str, dict[str, None]] = {}
    for pattern in patterns:
        said = found.setdefault(pattern.intent, {})
        said |= dict.fromkeys(_drawn(pattern, names, random))
    return {intent: list(said) for intent, said in found.items()}


def _drawn(pattern: Pattern, names: Mapping[str, list[str]], random: Random) -> Iterator[str]:
    seen: dict[str, None] = {}
    for _each in range(pattern.draws * TRIES):
        seen[_tidy(_filled(pattern.text, names, random))] = None
        if len(seen) == pattern.draws:
            break
    return (_hasty(one, random) for one in seen if one)


def _filled(text: str, names: Mapping[str, list[str]], random: Random) -> str:
    """The innermost alternatives first, until none is left."""

    def chosen(hole: "re.Match[str]") -> str:
        if hole[1] is None:
            return random.choice(str(hole[2]).split("|"))
        return random.choice(names[hole[1]]) if hole[1] in names else f"\0{hole[1]}\1"

    while _HOLE.search(text):
        text = _HOLE.sub(chosen, text)
    return text.replace("\0", "{").replace("\1", "}")


def _tidy(text: str) -> str:
    plain = _BEFORE_SIGN.sub(r"\1", _BLANKS.sub(" ", text)).strip()
    return _HANGING.sub(_agreeing, plain)


def _agreeing(found: "re.Match[str]") -> str:
    """The form of a particle that the syllable before it wants: 역이에요, 공원이에요, 학교예요."""
    pair = found["pair"] or _AFTER[found["form"]]
    closed, open_ = pair.split("/")
    final = (ord(found["last"]) - _FIRST) % _FINALS
    wants_open = final == 0 or (pair == "으로/로" and final == _RIEUL)
    return f"{found['last']}{found['mark'] or ''}{open_ if wants_open else closed}"


def _hasty(text: str, random: Random) -> str:
    """As typed on a telephone: small letters, a blank forgotten, a sign at the end or none."""
    if random.random() < 0.4:
        text = text.replace("'", "") if random.random() < 0.2 else text.lower()
    if random.random() < 0.15 and _is_korean(text):
        text = _squeezed(text, random)
    sign = random.choice(("", "", "", "", "", "", ".", "?", "!", ".."))
    return text + sign if text[-1].isalnum() else text


def _is_korean(text: str) -> bool:
    return any("가" <= letter <= "힣" for letter in text)


def _squeezed(text: str, random: Random) -> str:
    """One blank fewer, but never inside of what is marked."""
    blanks = [at for at, letter in enumerate(text) if letter == " " and _is_outside(text, at)]
    if not blanks:
        return text
    at = random.choice(blanks)
    return text[:at] + text[at + 1 :]


def _is_outside(text: str, at: int) -> bool:
    return text.count("[", 0, at) == text.count("]", 0, at)
