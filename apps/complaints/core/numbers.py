"""Numbers of requests that can be read out on the phone: `2026-0001234-5`.

The last digit is Damm's check digit (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): it
finds every wrong digit and every pair of neighbours swapped. A digit, not a letter, so that it
has a name in every language and a key on every telephone.
"""

import re

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_WRITTEN = re.compile(r"(\d{4})(\d{7,})(\d)")
_BETWEEN = re.compile(r"[\s.\-–—_/]+")


def check_digit(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def write_number(year: int, serial: int) -> str:
    body = f"{year:04}{serial:07}"
    return f"{body[:4]}-{body[4:]}-{check_digit(body)}"


def read_number(text: str) -> str | None:
    """The number as we write it, however people wrote it; None if it cannot be one of ours."""
    bare = _BETWEEN.sub("", text.strip())
    found = _WRITTEN.fullmatch(bare)
    if not found or not bare.isascii() or check_digit(bare) != 0:
        return None
    year, serial, check = found.groups()
    return f"{year}-{serial}-{check}"
