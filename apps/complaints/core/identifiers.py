"""Finds what identifies a person in free text, and puts `[kind]` in its place.

What has a checksum is checked: Korean resident numbers, payment cards (Luhn, ISO/IEC 7812). The
rest goes by form: telephone numbers as seven countries write them, e-mail, number plates, bank
accounts where the words around say so, flats of a block.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    start: int
    end: int


def is_resident_number(digits: str) -> bool:
    """Thirteen digits with a birthday; numbers given out before October 2020 carry a checksum, and
    later ones are random behind the seventh digit, so that one that fails may still be real if
    its owner was born since."""
    if len(digits) != 13 or digits[6] not in "12345678":
        return False
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900}.get(digits[6], 2000)
    try:
        born_on = date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return _resident_sum_holds(digits) or born_on >= date(2020, 10, 1)


def _resident_sum_holds(digits: str) -> bool:
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))
    base = 13 if digits[6] in "5678" else 11  # foreigners' numbers
    return (base - total % 11) % 10 == int(digits[12])


def is_card(digits: str) -> bool:
    """Luhn's sum over 13 to 19 digits that begin as cards do."""
    if not 13 <= len(digits) <= 19 or digits[0] not in "23456" or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + (place % 2)) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _no_check(_digits: str) -> bool:
    return True


_GAP = r"[ .\-–‑]?"
_EDGE, _END = r"(?<![\w.+\-])", r"(?![\w]|[.\-]\d)"
# After a number Korean goes on without a space: particles are letters, too.
_KO_END = r"(?!\d|[.\-]\d)"
_KO_EDGE = r"(?<![\d.+\-A-Za-z])"

_PHONES = (
    # Korea: mobiles, personal numbers, area codes, +82.
    rf"{_KO_EDGE}(?:\+?82{_GAP}\(?0?\)?{_GAP}|\(?0)1[016789]\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}{_KO_END}",
    rf"{_KO_EDGE}(?:\+?82{_GAP}\(?0?\)?{_GAP}|\(?0)(?:2|[3-6][1-5]|70|50\d)\)?{_GAP}\d{{3,4}}{_GAP}\d{{4}}{_KO_END}",
    # Vietnam, Thailand, the Philippines, Malaysia, Italy, Spain; with their country codes.
    rf"{_EDGE}(?:\+84{_GAP}|0)[35789]\d{_GAP}\d{{3}}{_GAP}\d{{4}}{_KO_END}",
    rf"{_EDGE}\+84{_GAP}\d{{2,3}}{_GAP}\d{{3}}{_GAP}\d{{3,4}}{_KO_END}",
    rf"{_EDGE}0[35789]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_KO_END}",
    rf"{_EDGE}(?:\+66{_GAP}|0)[689]\d{_GAP}\d{{3}}{_GAP}\d{{4}}{_KO_END}",
    rf"{_EDGE}\+66{_GAP}\d{{1,2}}{_GAP}\d{{3}}{_GAP}\d{{3,4}}{_KO_END}",
    rf"{_EDGE}(?:\+63{_GAP}|0)9\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}{_KO_END}",
    rf"{_EDGE}(?:\+60{_GAP}|0)1\d{_GAP}\d{{3,4}}{_GAP}\d{{4}}{_KO_END}",
    rf"{_EDGE}(?:\+39{_GAP})?3[2-9]\d{_GAP}\d{{3}}{_GAP}\d{{3,4}}{_KO_END}",
    rf"{_EDGE}\+39{_GAP}0\d{{1,3}}{_GAP}\d{{5,8}}{_KO_END}",
    rf"{_EDGE}(?:\+34{_GAP})?[67]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_KO_END}",
    rf"{_EDGE}(?:\+34{_GAP})?[67]\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_KO_END}",
    # Britain and any other with a country code.
    rf"{_EDGE}(?:\+44{_GAP}\(?0?\)?{_GAP}|0)7\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_KO_END}",
    rf"{_EDGE}\+[1-9]\d{{0,2}}(?:{_GAP}\(?\d{{2,4}}\)?){{2,4}}{_KO_END}",
)
_USAGE = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호"
_REGIONS = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_PLATES = (
    rf"(?<!\d)(?:(?:{_REGIONS})\s?)?\d{{2,3}}\s?[{_USAGE}]\s?\d{{4}}{_KO_END}",
    rf"(?:{_REGIONS})\s?\d{{1,2}}\s?[{_USAGE}]\s?\d{{4}}{_KO_END}",
)
_BANKS = ("계좌|국민|신한|우리|하나|농협|기업|카카오뱅크|토스뱅크|새마을금고|우체국|수협|신협|은행|"
          "account|acct|bank|iban|tài khoản|cuenta|conto")  # fmt: skip
_DIGITS = r"(?P<it>\d{2,6}(?:-\d{1,8}){1,4}|\d{10,16})"
_ACCOUNTS = (
    rf"(?i)\b(?:{_BANKS})[^\d\n]{{0,20}}?{_DIGITS}{_KO_END}",
    r"(?<![A-Z0-9])(?P<it>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)(?![A-Z0-9])",
)
_FLATS = (rf"(?<!\d)\d{{1,4}}\s?동\s?\d{{1,4}}\s?호{_KO_END}",)
_EMAIL = (
    r"[A-Za-z0-9](?:[\w.+\-]{0,62}\w)?\s?(?:@|\(at\)|\[at\])\s?"
    r"[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}"
)
_PASSPORTS = (
    r"(?i)(?:여권|passport)[^\n]{0,15}?(?P<it>\b[A-Z]{1,2}\d{7,8}\b|\b[A-Z]\d{3}[A-Z]\d{4}\b)",
)
_LICENCES = (rf"{_KO_EDGE}(?:1[1-9]|2[0-8])-\d{{2}}-\d{{6}}-\d{{2}}{_KO_END}",)

_FORMS: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    ("email", re.compile(_EMAIL), _no_check),
    ("rrn", re.compile(r"(?<![\d\-])\d{6}\s?[-–‑]?\s?[1-8]\d{6}(?![\d\-])"), is_resident_number),
    # Half a resident number with its hyphen is one that somebody meant to hide, badly.
    ("rrn", re.compile(r"(?<![\d\-])\d{6}\s?[-–‑]\s?[1-8][*●xX]{6}"), _no_check),
    ("card", re.compile(r"(?<![\d\-])(?:\d[ \-–‑]?){12,18}\d(?![\d]|-\d)"), is_card),
    *(("account", re.compile(form), _no_check) for form in _ACCOUNTS),
    *(("passport", re.compile(form), _no_check) for form in _PASSPORTS),
    *(("licence", re.compile(form), _no_check) for form in _LICENCES),
    *(("phone", re.compile(form), _no_check) for form in _PHONES),
    *(("plate", re.compile(form), _no_check) for form in _PLATES),
    *(("flat", re.compile(form), _no_check) for form in _FLATS),
)  # fmt: skip

_NOT_DIGIT = re.compile(r"\D")


def find_identifiers(text: str) -> list[Finding]:
    """What identifies a person, in the order of the text; longer kinds go before their parts."""
    readable = _folded(text)
    found: list[Finding] = []
    for kind, form, holds in _FORMS:
        for start, end in _matches(form, readable, holds):
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Finding(kind, start, end))
    return sorted(found, key=lambda finding: finding.start)


def _matches(form: re.Pattern[str], text: str, holds: Check) -> Iterator[tuple[int, int]]:
    for match in form.finditer(text):
        group = "it" if "it" in form.groupindex else 0
        if holds(_NOT_DIGIT.sub("", match.group(group))):
            yield match.span(group)


def _folded(text: str) -> str:
    """Full-width digits and letters as plain ones; each sign stays one sign, so places hold."""
    return "".join(
        folded if len(folded := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text
    )


def mask_identifiers(text: str, findings: Iterable[Finding] | None = None) -> str:
    """The text with `[kind]` for everything found."""
    parts, at = [], 0
    for finding in find_identifiers(text) if findings is None else findings:
        parts += [text[at : finding.start], f"[{finding.kind}]"]
        at = finding.end
    return "".join([*parts, text[at:]])
