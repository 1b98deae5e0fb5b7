"""Expressions of `$filter` and `$orderby` (OGC 18-088, 9.3.3; OData 4 URL conventions, 5.1.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_CHARACTERS = 4_000
MOST_DEPTH = 60


class Unsound(ValueError):
    """An expression or option that cannot be understood; the message says what."""


@dataclass(frozen=True, slots=True)
class Literal:
    value: "str | int | float | bool | datetime | timedelta | None"


@dataclass(frozen=True, slots=True)
class Geography:
    """A WKT geometry in degrees."""

    wkt: str


@dataclass(frozen=True, slots=True)
class Path:
    """`Datastream/Thing/name` → its parts."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Expression"


Expression = Literal | Geography | Path | Call | Binary | Not

# Looser first. `not` takes everything up to the next `and` or `or`.
_PRECEDENCE = {
    "or": 1, "and": 2,
    "eq": 3, "ne": 3, "gt": 4, "ge": 4, "lt": 4, "le": 4,
    "add": 5, "sub": 5, "mul": 6, "div": 6, "mod": 6,
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<geography>geo(?:graphy|metry)'(?:[^']|'')*')
    | (?P<duration>duration'[^']*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<instant>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<name>@?[A-Za-z_][\w.]*(?:/@?[A-Za-z_][\w.\-:]*)*)
    | (?P<mark>[(),\-])
    )""",
    re.VERBOSE,
)
_DURATION = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE
)

Token = tuple[str, str]
_END: Token = ("end", "")


def tokens(text: str) -> Iterator[Token]:
    if len(text) > MOST_CHARACTERS:
        raise Unsound(f"An expression may have {MOST_CHARACTERS} characters.")
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unsound(f"Not understood at character {at + 1}: {text[at : at + 20]!r}.")
        assert found.lastgroup is not None
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()
    yield _END


def parse(text: str) -> Expression:
    """The expression of `text`. Raises Unsound."""
    parser = _Parser(list(tokens(text)))
    expression = parser.expression(0, MOST_DEPTH)
    parser.expect("end", "")
    return expression


class _Parser:
    """Precedence climbing (Clarke 1986)."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def expression(self, loosest: int, depth: int) -> Expression:
        if depth <= 0:
            raise Unsound("The expression is nested too deeply.")
        left = self._operand(depth)
        while (strength := _PRECEDENCE.get(self._operator(), 0)) > loosest:
            operator = self._next()[1]
            left = Binary(operator, left, self.expression(strength, depth - 1))
        return left

    def expect(self, kind: str, text: str) -> None:
        token = self._next()
        if token != (kind, text):
            raise Unsound(f"{text or 'The end'} was expected before {token[1] or 'the end'!r}.")

    def _operator(self) -> str:
        kind, text = self._tokens[self._at]
        return text if kind == "name" else ""

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _operand(self, depth: int) -> Expression:
        kind, text = self._next()
        if (kind, text) == ("mark", "("):
            inner = self.expression(0, depth - 1)
            self.expect("mark", ")")
            return inner
        if (kind, text) == ("mark", "-"):
            return Binary("sub", Literal(0), self._operand(depth - 1))
        if kind == "name":
            return self._named(text, depth)
        return _literal(kind, text)

    def _named(self, text: str, depth: int) -> Expression:
        if text == "not":
            return Not(self.expression(_PRECEDENCE["and"], depth - 1))
        if self._tokens[self._at] == ("mark", "("):
            self._next()
            return Call(text, self._arguments(depth))
        if text in ("true", "false"):
            return Literal(text == "true")
        return Literal(None) if text == "null" else Path(tuple(text.split("/")))

    def _arguments(self, depth: int) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while self._tokens[self._at] != ("mark", ")"):
            if found:
                self.expect("mark", ",")
            found.append(self.expression(0, depth - 1))
        self._next()
        return tuple(found)


def _literal(kind: str, text: str) -> Expression:
    match kind:
        case "string":
            return Literal(_unquoted(text))
        case "number":
            return Literal(float(text) if any(c in text for c in ".eE") else int(text))
        case "instant":
            return Literal(_instant(text))
        case "duration":
            return Literal(duration(text[len("duration") :].strip("'")))
        case "geography":
            return Geography(_unquoted(text[text.index("'") :]))
    raise Unsound(f"{text or 'The end'!r} was not expected here.")


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Unsound(f"{text!r} is no instant.") from error


def duration(text: str) -> timedelta:
    """An ISO 8601 duration of days and less."""
    found = _DURATION.fullmatch(text)
    if found is None:
        raise Unsound(f"{text!r} is no duration.")
    sign, days, hours, minutes, seconds = found.groups()
    span = timedelta(
        days=int(days or 0),
        hours=int(hours or 0),
        minutes=int(minutes or 0),
        seconds=float(seconds or 0),
    )
    return -span if sign else span
