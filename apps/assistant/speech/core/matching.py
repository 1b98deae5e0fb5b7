"""What a free transcript answers, where one of a few things was expected."""

import re
import unicodedata
from dataclasses import replace
from difflib import SequenceMatcher

from apps.assistant.speech.core.grammar import DIGITS
from apps.assistant.speech.core.listening import Heard, Want, Wanted

NEAR = 0.8
CLEARLY = 0.1  # ahead of the runner-up
_DIGITS_KO = {char: str(at) for at, char in enumerate("공일이삼사오육칠팔구")} | {"영": "0"}


def matched(heard: Heard, wanted: Wanted) -> Heard:
    """The phrase or the digits it is; the transcript, no longer sure, where it is none of them."""
    if wanted.want is Want.FREE:
        return heard
    if wanted.digits and (digits := _digits_in(heard.text)):
        return replace(heard, text=digits)
    near = sorted(
        ((_nearness(heard.text, phrase), phrase) for phrase in wanted.words), reverse=True
    )
    if near and near[0][0] >= NEAR and (len(near) == 1 or near[0][0] - near[1][0] >= CLEARLY):
        return replace(heard, text=near[0][1])
    # A yes in the caller's own words, a place by another name, a time: the dialogue reads them.
    own_words = wanted.want in (Want.YES_NO, Want.PLACE, Want.MOMENT)
    return heard if own_words else replace(heard, sure=False)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def _nearness(text: str, phrase: str) -> float:
    return SequenceMatcher(None, _bare(text), _bare(phrase)).ratio()


def _digits_in(text: str) -> str:
    """Digits alone, however they were written down; nothing where other words are among them."""
    words = re.sub(r"[^\w\s]", " ", text.casefold()).split()
    found = ""
    for word in words:
        if word.isascii() and word.isdigit():
            found += word
        elif word in DIGITS:
            found += DIGITS[word]
        elif all(char in _DIGITS_KO for char in word):
            found += "".join(_DIGITS_KO[char] for char in word)
        else:
            return ""
    return found
