"""What a search text may mean: a name, a house number, a corner of two streets, something near.

A text is often several at once ("Elephant and Castle" is a name and might be two streets), so all
readings are returned and the better answers win.
"""

import re
from dataclasses import dataclass

MAX_LENGTH = 120

# "여기", "me": the place where the asker is.
HERE = re.compile(r"^(me|here|내|나|여기|이 ?근처)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    text: str


@dataclass(frozen=True, slots=True)
class Numbered:
    """A house number on a street or in a quarter."""

    area: str
    number: str


@dataclass(frozen=True, slots=True)
class Corner:
    """Where two streets meet; without a second any corner of the first."""

    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """`what` (anything if empty) near `anchor` (the asker if empty)."""

    anchor: str
    what: str = ""


Reading = Named | Numbered | Corner | Near

_NEAR_KO = re.compile(
    r"^(?P<anchor>.+?)(?:에서)?\s*(?:근처|근방|주변|부근|인근|옆|가까운)"
    r"(?:에\s*있는|에서|에|의)?\s*(?P<what>.*)$"
)
_NEAR_EN = re.compile(
    r"^(?:(?P<what>.+?)\s+)?(?:near|nearby|close\s+to|around|next\s+to)\s+(?:the\s+|a\s+|an\s+)?"
    r"(?P<anchor>.+)$",
    re.IGNORECASE,
)
_CORNER_SIGN = re.compile(r"^(?P<first>.+?)\s*(?:&|×|@|/|\+)\s*(?P<second>.+)$")
_CORNER_EN = re.compile(
    r"^(?:(?:the\s+)?(?:corner|junction|intersection)\s+of\s+)?"
    r"(?P<first>.+?)\s+(?:and|x|at)\s+(?P<second>.+)$",
    re.IGNORECASE,
)
_CORNER_KO = re.compile(
    r"^(?P<first>\S+?)(?:와|과|,)?\s+(?P<second>\S+)\s*(?:교차로|교차점|사거리|삼거리)$"
)
_CORNER_ONE = re.compile(
    r"^(?P<first>.+?)\s*(?:교차로|교차점|사거리|삼거리|junction|intersection|crossroads)$",
    re.IGNORECASE,
)
_NUMBER = r"\d{1,5}(?:\s?-\s?\d{1,4})?\s?[a-zA-Z]?"
_NUMBER_LAST = re.compile(rf"^(?P<area>.*[^\d\s,-]),?\s*(?P<number>{_NUMBER})\s*(?:번지|번|호)?$")
_NUMBER_FIRST = re.compile(rf"^(?P<number>{_NUMBER}),?\s+(?P<area>\D.*)$")


def readings(text: str) -> list[Reading]:
    """All readings of a search text; the plain name is always the last."""
    text = " ".join(text.split())
    found: list[Reading] = []
    if near := _NEAR_KO.match(text) or _NEAR_EN.match(text):
        found.append(_near(near))
    for pattern in (_CORNER_SIGN, _CORNER_EN, _CORNER_KO):
        if corner := pattern.match(text):
            found.append(Corner(_bare(corner["first"]), _bare(corner["second"])))
            break
    else:
        if corner := _CORNER_ONE.match(text):
            found.append(Corner(_bare(corner["first"])))
    if numbered := _NUMBER_LAST.match(text) or _NUMBER_FIRST.match(text):
        number = numbered["number"].replace(" ", "")
        found.append(Numbered(_bare(numbered["area"]), number))
    return [*found, Named(text)]


def _near(match: re.Match[str]) -> Near:
    anchor = _bare(match["anchor"])
    return Near("" if HERE.match(anchor) else anchor, _bare(match["what"] or ""))


def _bare(text: str) -> str:
    """Without the article and punctuation around."""
    return re.sub(r"^(the|a|an)\s+", "", text.strip(" ,.?!"), flags=re.IGNORECASE)
