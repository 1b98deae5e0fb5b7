"""Text as it may go on: composed, of one piece, short enough, and no order to the engine."""

import re
import unicodedata

from apps.assistant.core.messages import MAX_TEXT

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")
# The engine takes what begins with a stroke for an intent of its own.
_ORDER = re.compile(r"^[\s/\\]+")


def tidied(text: str) -> str:
    """What a citizen wrote, as it may be kept and understood: at most MAX_TEXT letters."""
    cut = text[: 4 * MAX_TEXT]
    plain = _CONTROL.sub(" ", unicodedata.normalize("NFC", cut))
    return _ORDER.sub("", _BLANKS.sub(" ", plain)).strip()[:MAX_TEXT]
