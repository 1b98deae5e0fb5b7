"""A Korean text as morphemes, by Kiwi (Lee 2024): what it is made of, what each part is, and where.

Kiwi is loaded when it is first asked. It has dictionaries of names, too; they cost memory
and tell us nothing, and stay closed.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

REMEMBERED = 4096
# Signs, and what only says how something is typed.
_UNSAID = ("S", "Z", "W")


class Morpheme(NamedTuple):
    """`kind` is the tag of the Sejong corpus: NNP is a name, JKB a particle, EF an ending."""

    form: str
    kind: str
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def morphemes(text: str) -> Sequence[Morpheme]:
    return tuple(
        Morpheme(one.form, str(one.tag).partition("-")[0], one.start, one.start + one.len)
        for one in _kiwi().tokenize(text)
    )


def in_morphemes(text: str) -> list[str]:
    """What is said, without signs, each with the first letter of its kind: 가로등/N 이/J 나가/V."""
    said = (one for one in morphemes(text) if not one.kind.startswith(_UNSAID))
    return [f"{one.form}/{one.kind[0]}" for one in said]


@lru_cache(maxsize=1)
def _kiwi() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1, load_default_dict=False, load_typo_dict=False, load_multi_dict=False)
