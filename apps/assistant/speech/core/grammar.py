"""A grammar for what may be said in one state (JSGF), and what a sentence of it means.

Every grammar knows the few things that may be said at any time.
"""

from apps.assistant.speech.core.listening import Want, Wanted
from apps.assistant.speech.core.pronunciation import plain_words

DIGITS = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
YES = ("yes", "yes please", "that is right", "correct")
NO = ("no", "no thank you", "that is wrong")
ALWAYS = (
    "please repeat that", "repeat", "go back", "start again", "help",
    "i want to speak to a person",
)  # fmt: skip
REFERENCE = "complaint number"
MOST_PHRASES = 400


def grammar_of(wanted: Wanted) -> str:
    """JSGF of everything that may be said. A free text has none: only what may be said always."""
    rules = [" | ".join(phrases_of(wanted))]
    digits = ""
    if wanted.digits:
        rules += ["<number>", f"{REFERENCE} <number>"] if wanted.digits > 1 else ["<digit>"]
        digits = _digit_rules(wanted.digits)
    return f"#JSGF V1.0;\ngrammar state;\npublic <said> = {' | '.join(rules)};\n{digits}"


def _digit_rules(most: int) -> str:
    return f"<digit> = {' | '.join(DIGITS)};\n" + ("<number> = <digit>+;\n" if most > 1 else "")


def phrases_of(wanted: Wanted) -> list[str]:
    """All fixed phrases, spelt as a dictionary does, each once."""
    given = (*_answers(wanted), *ALWAYS)
    spelt = [" ".join(plain_words(phrase)) for phrase in given]
    return list(dict.fromkeys(phrase for phrase in spelt if phrase))


def _answers(wanted: Wanted) -> tuple[str, ...]:
    match wanted.want:
        case Want.YES_NO:
            return (*YES, *NO, *wanted.words[:MOST_PHRASES])
        case Want.FREE:
            return ()
    return wanted.words[:MOST_PHRASES]


def meaning_of(said: str, wanted: Wanted) -> str:
    """What was said, as it was offered: the phrase with its own spelling, digits as digits."""
    words = said.removeprefix(REFERENCE).split() if wanted.digits > 1 else said.split()
    if words and all(word in DIGITS for word in words) and wanted.digits:
        return "".join(DIGITS[word] for word in words)
    for phrase in wanted.words:
        if plain_words(phrase) == said.split():
            return phrase
    if wanted.want is Want.YES_NO and said in (*YES, *NO):
        return "yes" if said in YES else "no"
    return said
