"""Which language a message is in, and when a conversation changes to it.

Scripts decide where they can; among Latin scripts the small words that every sentence needs. A
conversation keeps its language: "ok", "si" and a street's name don't change it, a whole sentence or
a plain wish does.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

SURE = 0.9
WORDS_OF_A_SENTENCE = 4
SYLLABLES_OF_A_SENTENCE = 5  # Korean says in two words what takes English five

_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("vi", re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)),
)
_SMALL: dict[str, str] = {
    "en": "the a an is are am was were do does did i you he she it we they my your to of in on at "
    "for with and or not can could would will what where when how why there this that have has "
    "please me be from need want near here about",
    "es": "el la los las un una es está son en de del que no se por para con mi me hay quiero "
    "dónde cómo cuándo puedo al lo su y",
    "it": "il lo la gli le un una è sono in di del della che non si per con mi c'è voglio dove "
    "come quando posso al alla mio vicino e",
    "ms": "saya awak anda yang di ke dari dan ini itu tidak ada boleh nak mahu untuk dengan mana "
    "bagaimana bila kenapa tolong lampu jalan",
    "tl": "ang ng sa mga na ay ako ikaw siya ito iyan hindi may saan paano kailan gusto ko mo po "
    "ba dito nasa wala",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}
_WISHES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("en", re.compile(r"\b(in\s+english|english,?\s+please|speak\s+english|switch\s+to\s+english"
                      r"|change\s+to\s+english)\b|^\s*english\s*[.!]?\s*$"
                      r"|(영어|잉글리시)(로|\s*(부탁|가능|되나|돼))", re.IGNORECASE)),
    ("ko", re.compile(r"\b(in\s+korean|korean,?\s+please|speak\s+korean|switch\s+to\s+korean"
                      r"|change\s+to\s+korean)\b|^\s*korean\s*[.!]?\s*$"
                      r"|(한국어|한국말|우리말)(로|\s*(부탁|가능|되나|돼))|^\s*한국어\s*$",
                      re.IGNORECASE)),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Detected:
    """The likeliest language (empty: no telling), how sure, and how much was said in it."""

    language: str
    confidence: float
    words: int
    syllables: int = 0

    @property
    def is_sentence(self) -> bool:
        return self.words >= WORDS_OF_A_SENTENCE or self.syllables >= SYLLABLES_OF_A_SENTENCE


def detect(text: str) -> Detected:
    """The language of a text."""
    letters = sum(sign.isalpha() for sign in text)
    words = [word.lower() for word in _WORD.findall(text)]
    for language, script in _SCRIPTS:
        found = len(script.findall(text))
        enough = found >= 2 if language == "vi" else letters and found / letters >= 0.3
        if enough:
            share = 1.0 if language == "vi" else min(1.0, found / letters + 0.4)
            return Detected(language, share, len(words), 0 if language == "vi" else found)
    return _by_small_words(words)


def _by_small_words(words: list[str]) -> Detected:
    counts = {
        language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    if not counts[best]:
        return Detected("", 0.0, len(words))
    # Words that several languages share speak for each of them.
    rest = max(count for language, count in counts.items() if language != best)
    return Detected(best, counts[best] / (counts[best] + rest), len(words))


def wished_language(text: str, available: Collection[str]) -> str:
    """The language that a text plainly asks for, or nothing."""
    if len(text) > 60:
        return ""
    found = (language for language, wish in _WISHES if wish.search(text))
    return next((language for language in found if language in available), "")


def language_after(current: str, text: str, available: Collection[str]) -> str:
    """Which language the conversation goes on in after `text`."""
    found = detect(text)
    if found.language not in available or found.language == current:
        return current
    return found.language if found.is_sentence and found.confidence >= SURE else current
