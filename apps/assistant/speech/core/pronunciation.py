"""How names that no English dictionary knows are pronounced: Korean ones in the Revised
Romanization (2000), which spells by sound. The phones are ARPAbet's, as English models use them.
"""

import re
import unicodedata

_VOWELS = {
    "yae": "Y AE", "yeo": "Y AH", "wae": "W EH", "eui": "IY",
    "ae": "AE", "eo": "AH", "eu": "UH", "oe": "W EH", "ui": "IY", "wa": "W AA", "wo": "W AO",
    "we": "W EH", "wi": "W IY", "ya": "Y AA", "ye": "Y EH", "yo": "Y OW", "yu": "Y UW",
    "a": "AA", "e": "EH", "i": "IY", "o": "OW", "u": "UW", "y": "IY",
}  # fmt: skip
_CONSONANTS = {
    "kk": "K", "tt": "T", "pp": "P", "ss": "S", "jj": "JH", "ch": "CH", "ng": "NG", "sh": "SH",
    "g": "G", "n": "N", "d": "D", "r": "R", "l": "L", "m": "M", "b": "B", "s": "S", "j": "JH",
    "k": "K", "t": "T", "p": "P", "h": "HH", "c": "K", "f": "F", "v": "V", "w": "W", "z": "Z",
    "q": "K", "x": "K S",
}  # fmt: skip
_SOUNDS = _VOWELS | _CONSONANTS
_PIECE = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
LETTERS = re.compile(r"[a-z']+")


def plain_words(phrase: str) -> list[str]:
    """A phrase as a dictionary spells it: lower case, letters only, accents gone."""
    bare = unicodedata.normalize("NFKD", phrase).encode("ascii", "ignore").decode().lower()
    return [word.strip("'") for word in LETTERS.findall(bare) if word.strip("'")]


def phones_of(word: str) -> list[str]:
    """By the spelling. A `g` before a consonant or at the end is not released: K."""
    found = [match[0] for match in _PIECE.finditer(word)]
    phones: list[str] = []
    for at, piece in enumerate(found):
        at_the_end = at + 1 == len(found) or found[at + 1] not in _VOWELS
        hard = {"g": "K", "d": "T", "b": "P"}.get(piece) if at_the_end else None
        phones += (hard or _SOUNDS[piece]).split()
    return phones
