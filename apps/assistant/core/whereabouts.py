"""Which words of a text name a place, and whether one goes there or comes from there.

The engine marks places; where it marks none (or is away), the small words around them do: 앞, 에서,
까지, "near", "from", "to".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.assistant.core.messages import Entity

MOST_LETTERS = 60


class Role(StrEnum):
    AT = "at"
    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that name a place, and the part it plays; `shorter` without a word that may not
    belong to it."""

    words: str
    role: Role = Role.AT
    shorter: str = ""


HERE = re.compile(
    r"^(?:지금\s*)?(?:여기|이곳|내\s*위치|현재\s*위치|제\s*위치|제가\s*있는\s*곳"
    r"|지금\s*있는\s*곳)(?:요|예요|이요|에요|서|에서|로|입니다)*\W*$"
    r"|^(?:right\s+)?here(?:\s+where\s+i\s+am)?\W*$"
    r"|^(?:at\s+)?my\s+(?:current\s+)?location\W*$|^where\s+i\s+am\W*$",
    re.IGNORECASE,
)
# Said inside of a longer sentence.
HERE_INSIDE = re.compile(
    r"여기(?:서|에서|는|에|가|로|요)?(?:\s|$)|내\s*(?:주변|근처|위치)|\bnear\s+(?:me|here)\b"
    r"|\baround\s+(?:me|here)\b|\bhere\b|\bnearby\b|\bin\s+my\s+area\b",
    re.IGNORECASE,
)
THERE = re.compile(
    r"거기|그곳|그\s*근처|그쪽|같은\s*(?:곳|장소)|아까\s*(?:그|거기|장소)|\bthere(?!\s+(?:is"
    r"|are|was|were|any|a\b|an\b|'s))\b"
    r"|\bsame\s+place\b|\blast\s+(?:time's\s+)?place\b",
    re.IGNORECASE,
)
HOME = re.compile(r"(?:우리\s*)?집(?:에|으로|까지|로|이요|요|$|\s)|\bhome\b", re.IGNORECASE)

_AFTER_KO = {
    Role.FROM: re.compile(r"^\s*(?:에서(?!\s*(?:가까운|제일|가장|조금|요$))|부터|출발)"),
    Role.TO: re.compile(
        r"^\s*(?:까지|으로|로(?=\s|$|요|가|갈)|에\s*(?:가|갈|도착)|가는|가\s|행(?=\s|$))"
    ),
}
_BEFORE_EN = {
    Role.FROM: re.compile(r"\b(?:from|leaving|starting\s+at|pick\s+(?:me|us)\s+up\s+(?:at|in"
                          r"|from))\s+(?:the\s+)?$",
                          re.IGNORECASE),
    Role.TO: re.compile(r"\b(?:to|towards|reach|get\s+to|into)\s+(?:the\s+)?$", re.IGNORECASE),
}  # fmt: skip
# A noun and what follows it: where the engine is silent.
_KO_PLACE = re.compile(
    r"(?P<words>[\w·]+(?:\s?\d+(?:-\d+)?)?)\s*"
    r"(?P<mark>앞|뒤|옆|근처|근방|주변|부근|인근|건너편|맞은편|입구|정문|쪽|에서|까지|부터"
    r"|으로(?=\s|$)|로(?=\s|$)"
    r"|이에요|예요|입니다|이요|에(?=\s)|(?<=\s)가(?:는|려|야|고\s)|(?<=\s)갈\s)"
)
_EN_PLACE = re.compile(
    r"\b(?P<mark>near|at|in\s+front\s+of|next\s+to|opposite|behind|on|by|around|from|to"
    r"|close\s+to)\s+"
    r"(?P<words>(?:the\s+)?[\w'\-. ]+?)(?=\s+(?:to|from|at|by|for|on|near|is|are|has|and"
    r"|please|now|today"
    r"|tomorrow|tonight|without|with|in\s+a)\b|[,.?!;]|$)",
    re.IGNORECASE,
)
_TAILS = re.compile(
    r"(?:\s*(?:바로\s*)?(?:앞쪽|앞|뒤쪽|뒤편|뒤|옆쪽|옆|근처|근방|주변|부근|인근|쪽|건너편"
    r"|맞은편|입구|정문|후문|모퉁이|사이))?"
    r"(?:이라고\s*(?:해요|합니다)|이라는\s*데|이에요|이예요|예요|에요|입니다|이요|이구요"
    r"|인데요?|요|임)?[\s.,!?~]*$"
)
_PARTICLES = re.compile(
    r"(?:에서부터|에서요|에서|으로요|으로|까지요|까지|부터요|부터|에다|에요|에|로요|로|의|을"
    r"|를|은|는|이|가|와|과|하고|랑|도|만)$"
)
_LEAD_EN = re.compile(
    r"^(?:it'?s|it\s+is|the\s+place\s+is|i'?m|i\s+am|in\s+front\s+of|next\s+to|"
    r"close\s+to|the\s+corner\s+of|opposite|behind|around|at|in|on|near|to|from|by)\s+",
    re.IGNORECASE,
)
_LEAD_KO = re.compile(
    r"^(?:위치는|장소는|주소는|위치|장소|주소|출발지는|출발지|목적지는|목적지|도착지는"
    r"|도착지|저는|여기는|여긴)\s*[:은는]?\s*"
)
_NAME_BEFORE = re.compile(
    r"(?<!\w)(?!(?:the|an?|in|at|on|to|of|by|near|from|for|and|or|is|it|i|my|around|behind|front"
    r"|next|opposite|towards|into|inside|outside|between|with)\s)(?P<word>[^\W\d_]+)\s$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def mentions_in(text: str, entities: Iterable[Entity]) -> list[Mention]:
    """The places that a text names: those that the engine marked, else those that words betray."""
    marked = [one for one in entities if one.kind == "place" and one.value.strip()]
    if marked:
        return [_marked(text, one) for one in marked]
    return list(dict.fromkeys(_betrayed(text)))


def _marked(text: str, one: Entity) -> Mention:
    """A place that the engine marked, with the word before it where that may belong to the name
    ("Dalbit" of "Dalbit City Hall")."""
    name = one.value.strip()
    before = _NAME_BEFORE.search(text[: one.start])
    if before is None or name not in text[one.start : one.end]:
        return Mention(name, _role(text, one.start, one.end))
    role = _role(text, before.start("word"), one.end)
    return Mention(f"{before['word']} {name}", role, shorter=name)


def says_only_where(text: str, entities: Iterable[Entity]) -> bool:
    """Whether nothing is said but a place: "near the library", "정발산역 앞이요"."""
    for mention in mentions_in(text, entities):
        for name in (mention.words, mention.shorter):
            left = text.replace(name, " ", 1) if name else text
            bare = _PARTICLES.sub("", _TAILS.sub("", _LEAD_EN.sub("", f"{left.strip()} ")).strip())
            if name in text and name and len(_ARTICLE.sub("", f"{bare} ").strip(" .,!?")) <= 1:
                return True
    return False


def _role(text: str, start: int, end: int) -> Role:
    before, after = text[:start], text[end:]
    for role, pattern in _AFTER_KO.items():
        if pattern.search(after):
            return role
    for role, pattern in _BEFORE_EN.items():
        if pattern.search(before):
            return role
    return Role.AT


def _betrayed(text: str) -> Iterator[Mention]:
    for pattern in (_KO_PLACE, _EN_PLACE):
        for found in pattern.finditer(text):
            words = _ARTICLE.sub("", found["words"].strip())
            if 2 <= len(words) <= MOST_LETTERS:
                yield Mention(words, _role(text, found.start("words"), found.end("words")))


def ways_to_say(words: str) -> list[str]:
    """What to ask the geocoder for: without what hangs on the name, then without its particles.
    "정발산역 앞이에요" is 정발산역; "역전로" keeps its 로 at first, for it is part of the name."""
    plain = words.strip(" .,!?~\"'“”")[:MOST_LETTERS]
    found: list[str] = []
    for _each in range(3):
        bare = _LEAD_KO.sub("", _LEAD_EN.sub("", _ARTICLE.sub("", plain)))
        bare = _TAILS.sub("", bare).strip() or bare
        found.append(bare)
        plain = _PARTICLES.sub("", bare).strip() or bare
        found.append(plain)
    return [one for one in dict.fromkeys(found) if len(one) >= 2]
