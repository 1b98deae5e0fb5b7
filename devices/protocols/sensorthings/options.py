"""Query options (OGC 18-088, 9.3): `$filter $orderby $top $skip $count $select $expand`, and those
of expanded entities in parentheses."""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.protocols.sensorthings.syntax import Expression, Unsound, parse

DEFAULT_TOP, MOST_TOP = 100, 1_000
MOST_EXPANSIONS = 4  # deep
KNOWN = frozenset(
    {"$filter", "$orderby", "$top", "$skip", "$count", "$select", "$expand", "$resultFormat"}
)


@dataclass(frozen=True)
class Order:
    expression: Expression
    descending: bool


@dataclass(frozen=True)
class Options:
    filter: Expression | None = None
    order: tuple[Order, ...] = ()
    top: int = DEFAULT_TOP
    skip: int = 0
    count: bool = False
    select: tuple[str, ...] = ()
    expand: "tuple[tuple[str, Options], ...]" = ()
    as_data_array: bool = False


def read_options(given: Mapping[str, str], *, depth: int = MOST_EXPANSIONS) -> Options:
    """Raises Unsound for an unknown option or a value that makes no sense."""
    unknown = [name for name in given if name.startswith("$") and name not in KNOWN]
    if unknown:
        raise Unsound(f"The option {unknown[0]} is not known.")
    return Options(
        filter=parse(given["$filter"]) if given.get("$filter") else None,
        order=tuple(_order(part) for part in split(given.get("$orderby", ""), ",")),
        top=min(_natural(given, "$top", DEFAULT_TOP), MOST_TOP),
        skip=_natural(given, "$skip", 0),
        count=_boolean(given.get("$count", "false")),
        select=tuple(split(given.get("$select", ""), ",")),
        expand=_merged([_expansion(part, depth) for part in split(given.get("$expand", ""), ",")]),
        as_data_array=given.get("$resultFormat") == "dataArray",
    )


def split(text: str, separator: str) -> list[str]:
    """The parts between separators that stand outside of parentheses and quotes."""
    parts, start, deep, quoted = [], 0, 0, False
    for at, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "()":
            deep += 1 if letter == "(" else -1
        elif letter == separator and not quoted and deep == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _order(text: str) -> Order:
    body, _, direction = text.rpartition(" ")
    if direction in ("asc", "desc") and body:
        return Order(parse(body), direction == "desc")
    return Order(parse(text), descending=False)


def _natural(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, str(default))
    if not text.isdecimal() or len(text) > 9:
        raise Unsound(f"{name} must be a natural number.")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise Unsound("$count is true or false.")
    return text == "true"


def _expansion(text: str, depth: int) -> tuple[str, Options]:
    """`Datastreams($top=3;$expand=Sensor)`, or `Datastreams/Sensor` for short."""
    if depth <= 0:
        raise Unsound(f"Expand at most {MOST_EXPANSIONS} deep.")
    name, _, inner = text.partition("(")
    if inner and not inner.endswith(")"):
        raise Unsound(f"A parenthesis of {name} is not closed.")
    given = dict(_pair(part) for part in split(inner[:-1], ";")) if inner else {}
    name, _, further = name.strip().partition("/")
    if further:
        nested = f"{further}({inner}" if inner else further
        return name, Options(expand=(_expansion(nested, depth - 1),))
    return name, read_options(given, depth=depth - 1)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Unsound(f"{text!r} has no value.")
    return name.strip(), value.strip()


def _merged(found: list[tuple[str, Options]]) -> tuple[tuple[str, Options], ...]:
    """`Datastreams/Sensor,Datastreams/Thing` asks for one expansion with two inside."""
    by_name: dict[str, Options] = {}
    for name, options in found:
        held = by_name.get(name)
        if held is not None:
            options = Options(**{**vars(options), "expand": held.expand + options.expand})
        by_name[name] = options
    return tuple(by_name.items())
