"""A text cut into sentences, each with a name of its own, so that each may be a file or be kept."""

import hashlib
import re

_ENDS = re.compile(r"(?<=[.!?。！？])\s+(?=\S)|\n+")


def sentences_of(text: str) -> list[str]:
    return [part.strip() for part in _ENDS.split(text) if part.strip()]


def prompt_name(sentence: str) -> str:
    """Stable, whatever the spacing: sixteen hexadecimal digits."""
    bare = " ".join(sentence.split())
    return hashlib.sha256(bare.encode()).hexdigest()[:16]
