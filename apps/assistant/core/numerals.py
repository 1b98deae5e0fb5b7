"""Small numbers as people say them: digits, English words, Korean ones of both kinds."""

ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "a": 1, "an": 1,
}  # fmt: skip
# 하나, 둘, 셋 … count things and hours.
NATIVE = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9, "열하나": 11, "열한": 11, "열둘": 12, "열두": 12, "열": 10,
}  # fmt: skip
# 일, 이, 삼 … read out minutes.
SINO = {
    "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9, "십": 10,
    "십오": 15, "이십": 20, "이십오": 25, "삼십": 30, "사십": 40, "사십오": 45, "오십": 50,
}  # fmt: skip
_KNOWN = ENGLISH | NATIVE | SINO


def words(*tables: dict[str, int]) -> str:
    """The words of some tables as alternatives of a pattern, the longest first."""
    known = {word for table in tables for word in table}
    return "|".join(sorted(known, key=lambda word: (-len(word), word)))


def number(text: str) -> int | None:
    """The number that a word or some digits say; None if it is neither."""
    plain = text.strip().lower()
    if plain.isascii() and plain.isdecimal() and len(plain) <= 4:
        return int(plain)
    return _KNOWN.get(plain)
