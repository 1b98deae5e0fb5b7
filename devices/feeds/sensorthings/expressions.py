"""Query expressions into Django's, so that PostgreSQL filters and sorts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSException, GEOSGeometry
from django.db.models import (
    BooleanField,
    DateTimeField,
    DurationField,
    Expression,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    TextField,
    Value,
)
from django.db.models import functions as db
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from apps.base import clock
from devices.feeds.sensorthings.entities import ENTITIES, Entity
from devices.protocols.sensorthings.syntax import (
    Binary,
    Call,
    Geography,
    Literal,
    Not,
    Path,
    Unsound,
)
from devices.protocols.sensorthings.syntax import Expression as Tree

Sql = Any  # what Django takes for an expression

_COMPARISONS: dict[str, Callable[[Sql, Sql], Sql]] = {
    "eq": Exact, "gt": GreaterThan, "ge": GreaterThanOrEqual, "lt": LessThan,
    "le": LessThanOrEqual,
}  # fmt: skip
_ARITHMETIC: dict[str, Callable[[Sql, Sql], Sql]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b,
    "div": lambda a, b: a / db.NullIf(b, Value(0.0)),
    "mod": lambda a, b: db.Mod(a, db.NullIf(b, Value(0.0))),
}  # fmt: skip


def condition(tree: Tree, entity: Entity) -> Q:
    """A filter. Raises Unsound where it is not about truth, or about something unknown."""
    match tree:
        case Binary("and", left, right):
            return condition(left, entity) & condition(right, entity)
        case Binary("or", left, right):
            return condition(left, entity) | condition(right, entity)
        case Not(inner):
            return ~condition(inner, entity)
        case Binary("ne", left, right):
            return ~_compared("eq", left, right, entity)
        case Binary(operator, left, right) if operator in _COMPARISONS:
            return _compared(operator, left, right, entity)
        case Call(name, arguments) if name in _PREDICATES:
            return Q(_called(_PREDICATES, name, arguments, entity))
    raise Unsound("A filter must compare something, or ask a question such as startswith.")


def _compared(operator: str, left: Tree, right: Tree, entity: Entity) -> Q:
    if Literal(None) in (left, right):
        if operator != "eq":
            raise Unsound("Nothing is greater or less than null.")
        other = left if right == Literal(None) else right
        return Q(IsNull(value(other, entity), True))
    return Q(_COMPARISONS[operator](value(left, entity), value(right, entity)))


def value(tree: Tree, entity: Entity) -> Sql:
    """A value to compare or sort by. Raises Unsound."""
    match tree:
        case Literal(constant):
            return _constant(constant)
        case Geography(wkt):
            return _geometry(wkt)
        case Path(parts):
            return _property(parts, entity)
        case Call(name, arguments):
            return _called(_FUNCTIONS, name, arguments, entity)
        case Binary(operator, left, right) if operator in _ARITHMETIC:
            return _ARITHMETIC[operator](value(left, entity), value(right, entity))
    raise Unsound("A value was expected where a question stands.")


def _constant(constant: Any) -> Value:
    match constant:
        case bool():
            return Value(float(constant), output_field=FloatField())
        case int() | float():
            return Value(float(constant), output_field=FloatField())
        case datetime():
            if constant.tzinfo is None:
                raise Unsound("An instant needs its time zone.")
            return Value(constant, output_field=DateTimeField())
        case timedelta():
            return Value(constant, output_field=DurationField())
        case str():
            return Value(constant.replace("\0", ""), output_field=TextField())
    raise Unsound("null can only be compared for equality.")


def _geometry(wkt: str) -> Value:
    try:
        geometry = GEOSGeometry(wkt, srid=4326)
    except (GEOSException, ValueError, TypeError) as error:
        raise Unsound(f"{wkt[:60]!r} is no geometry.") from error
    return Value(geometry, output_field=GeometryField(srid=4326))


def _property(parts: tuple[str, ...], entity: Entity) -> Expression | F:
    """Follow neighbours as far as the path does, then take the property."""
    prefix = ""
    while len(parts) > 1 and parts[0] in entity.neighbours:
        neighbour = entity.neighbours[parts[0]]
        prefix += neighbour.path
        entity, parts = ENTITIES[neighbour.target], parts[1:]
    if parts in (("id",), ("@iot.id",)) and entity.plural != "Observations":
        return db.Cast(F(f"{prefix}pk"), FloatField())
    found = entity.properties.get("/".join(parts))
    if found is None or found.expression is None:
        raise Unsound(f"{entity.plural} cannot be filtered or sorted by {'/'.join(parts)}.")
    return found.expression(prefix)


# ---------------------------------------------------------------- functions


def _called(
    known: dict[str, tuple[int, Callable[..., Sql]]],
    name: str,
    arguments: tuple[Tree, ...],
    entity: Entity,
) -> Sql:
    if name not in known:
        raise Unsound(f"The function {name} is not known here.")
    count, make = known[name]
    if len(arguments) != count:
        raise Unsound(f"{name} takes {count} arguments.")
    return make(*(value(argument, entity) for argument in arguments))


def _asks(function: str, a: Sql, b: Sql) -> Func:
    return Func(a, b, function=function, output_field=BooleanField())


def _spatial(function: str) -> Callable[[Sql, Sql], Func]:
    return lambda a, b: _asks(function, a, b)


def _part(function: str) -> Callable[[Sql], Sql]:
    return lambda at: db.Cast(
        Func(Value(function), at, function="date_part", output_field=FloatField()), FloatField()
    )


def _distance(a: Sql, b: Sql) -> Func:
    """Metres on the sphere."""
    return Func(a, b, function="ST_DistanceSphere", output_field=FloatField())


_PREDICATES: dict[str, tuple[int, Callable[..., Sql]]] = {
    "substringof": (2, lambda part, text: GreaterThan(db.StrIndex(text, part), 0)),
    "contains": (2, lambda text, part: GreaterThan(db.StrIndex(text, part), 0)),
    "startswith": (2, lambda text, part: _asks("starts_with", text, part)),
    "endswith": (
        2,
        lambda text, part: Exact(
            db.Right(text, db.Length(part)), part
        ),
    ),
    "geo.intersects": (2, _spatial("ST_Intersects")),
    **{
        f"st_{name}": (2, _spatial(f"ST_{name}"))
        for name in ("equals", "disjoint", "touches", "within", "overlaps", "crosses",
                     "intersects", "contains")
    },
}  # fmt: skip
_FUNCTIONS: dict[str, tuple[int, Callable[..., Sql]]] = {
    "length": (1, lambda text: db.Cast(db.Length(text), FloatField())),
    "tolower": (1, db.Lower),
    "toupper": (1, db.Upper),
    "trim": (1, db.Trim),
    "concat": (2, lambda a, b: db.Concat(a, b, output_field=TextField())),
    "indexof": (2, lambda text, part: db.Cast(db.StrIndex(text, part) - 1, FloatField())),
    "substring": (
        2,
        lambda text, start: db.Substr(text, db.Cast(start + 1, IntegerField())),
    ),
    "round": (1, db.Round),
    "floor": (1, db.Floor),
    "ceiling": (1, db.Ceil),
    "now": (0, lambda: Value(clock.now(), output_field=DateTimeField())),
    "year": (1, _part("year")),
    "month": (1, _part("month")),
    "day": (1, _part("day")),
    "hour": (1, _part("hour")),
    "minute": (1, _part("minute")),
    "second": (1, _part("second")),
    "geo.distance": (2, _distance),
}
