"""Words of the SensorThings query language, read into trees."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.protocols.sensorthings.options import read_options, split
from devices.protocols.sensorthings.paths import Segment, read_path
from devices.protocols.sensorthings.syntax import (
    Binary,
    Call,
    Geography,
    Literal,
    Not,
    Path,
    Unsound,
    parse,
)

A, B, C = Path(("a",)), Path(("b",)), Path(("c",))
ONE, TWO = Literal(1), Literal(2)
TREES: list[tuple[str, object]] = [
    ("a eq 1", Binary("eq", A, ONE)),
    ("a eq 1 and b eq 2 or c", Binary("or", Binary("and", Binary("eq", A, ONE),
                                                   Binary("eq", B, TWO)), C)),
    ("a or b and c", Binary("or", A, Binary("and", B, C))),
    ("not a eq 1 and b", Binary("and", Not(Binary("eq", A, ONE)), B)),
    ("not (a or b)", Not(Binary("or", A, B))),
    ("a sub 1 sub 2", Binary("sub", Binary("sub", A, ONE), TWO)),
    ("a add 1 mul 2 gt b", Binary("gt", Binary("add", A, Binary("mul", ONE, TWO)), B)),
    ("-a lt -1.5", Binary("lt", Binary("sub", Literal(0), A), Literal(-1.5))),
    ("Datastream/Thing/name eq 'O''Hara'", Binary("eq", Path(("Datastream", "Thing", "name")),
                                                  Literal("O'Hara"))),
    ("substringof('x',name)", Call("substringof", (Literal("x"), Path(("name",))))),
    ("now() sub duration'PT60s'", Binary("sub", Call("now", ()), Literal(timedelta(minutes=1)))),
    ("a ge 2026-11-22T03:00:00Z", Binary("ge", A, Literal(datetime(2026, 11, 22, 3, tzinfo=UTC)))),
    ("geo.distance(location, geography'POINT (1 2)') lt 1e3",
     Binary("lt", Call("geo.distance", (Path(("location",)), Geography("POINT (1 2)"))),
            Literal(1000.0))),
    ("a eq null or b eq true", Binary("or", Binary("eq", A, Literal(None)),
                                      Binary("eq", B, Literal(True)))),
    ("@iot.id eq 5", Binary("eq", Path(("@iot.id",)), Literal(5))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_expressions_are_read_with_their_precedence(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    ["", "a eq", "eq 1", "(a", "a)", "a b", "f(a", "a eq 'x", "a # b", "f(,)",
     "a eq 2026-13-01T00:00:00Z", "duration'ten'", "(" * 100 + "a" + ")" * 100, "a" * 5000],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(Unsound):
        parse(text)


@given(st.text(alphabet="ab1'(),-/ eqandornot$.", max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    for read in (parse, read_path, lambda t: read_options({"$expand": t, "$orderby": t})):
        try:
            read(text)
        except Unsound:
            continue


def test_expansions_carry_options_of_their_own() -> None:
    given = {"$expand": "Datastreams($top=3;$expand=Sensor($select=name);$filter=name eq 'a;b'),"
                        "Locations"}  # fmt: skip
    (streams, inner), (locations, _) = read_options(given).expand

    assert (streams, locations, inner.top) == ("Datastreams", "Locations", 3)
    assert inner.filter == Binary("eq", Path(("name",)), Literal("a;b"))
    assert inner.expand[0][1].select == ("name",)


def test_expansions_by_path_meet() -> None:
    ((name, inner),) = read_options({"$expand": "Datastreams/Sensor,Datastreams/Thing"}).expand

    assert name == "Datastreams"
    assert [inner_name for inner_name, _ in inner.expand] == ["Sensor", "Thing"]


@pytest.mark.parametrize(
    "given",
    [{"$top": "-1"}, {"$top": "many"}, {"$skip": "1.5"}, {"$count": "yes"}, {"$order": "a"},
     {"$expand": "A(b)"}, {"$expand": "A/B/C/D/E"}, {"$expand": "A($top=1"}],
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(Unsound):
        read_options(given)


def test_a_page_is_never_endless() -> None:
    assert read_options({"$top": "999999"}).top == 1000


def test_paths_are_read_with_their_keys() -> None:
    assert read_path("/Datastreams(5)/Observations('5-1')/result/$value") == (
        Segment("Datastreams", "5"),
        Segment("Observations", "5-1"),
        Segment("result"),
        Segment("$value"),
    )
    assert split("a,(b,c),'d,e'", ",") == ["a", "(b,c)", "'d,e'"]
