"""Reading numbers out of tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.navigation.core.measures import (
    count,
    date_number,
    incline_pct,
    incline_sign,
    kerb_height_cm,
    length_m,
    levels,
)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("2", 2.0),
        ("1.5 m", 1.5),
        ("1,5", 1.5),
        ("90cm", 0.9),
        ("900 mm", 0.9),
        ("6'", 1.8288),
        ("4'6\"", 1.3716),
        ("3 ft", 0.9144),
        ("~2", 2.0),
        ("narrow", None),
        ("2;3", None),
        ("-1", None),
        ("", None),
        (None, None),
    ],
)
def test_it_reads_lengths(text: str | None, metres: float | None) -> None:
    assert length_m(text) == (None if metres is None else pytest.approx(metres))


@pytest.mark.parametrize(
    ("text", "cm"),
    [
        ("0.03", 3.0),
        ("3 cm", 3.0),
        ("3cm", 3.0),
        ("3", 3.0),  # a bare number no kerb can have in metres
        ("0", 0.0),
        ("0.15 m", 15.0),
        ("15", 15.0),
        ("30", 30.0),
        ("120", None),
        ("5 m", None),
        ("low", None),
    ],
)
def test_it_reads_kerb_heights(text: str, cm: float | None) -> None:
    assert kerb_height_cm(text) == (None if cm is None else pytest.approx(cm))


@pytest.mark.parametrize(
    ("text", "percent", "sign"),
    [
        ("10%", 10.0, 1),
        ("-10 %", -10.0, -1),
        ("+4%", 4.0, 1),
        ("2.5%", 2.5, 1),
        ("8", 8.0, 1),
        ("0%", 0.0, 0),
        ("45°", 100.0, 1),
        ("-5°", -8.7489, -1),
        ("1:12", 8.3333, 1),
        ("-1:20", -5.0, -1),
        ("up", None, 1),
        ("down", None, -1),
        ("yes", None, 0),
        ("89°", None, 0),
        ("500%", None, 0),
        (None, None, 0),
    ],
)
def test_it_reads_inclines_with_their_direction(
    text: str | None, percent: float | None, sign: int
) -> None:
    assert incline_pct(text) == (None if percent is None else pytest.approx(percent, rel=1e-3))
    assert incline_sign(text) == sign


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0", (0.0,)),
        ("0;1", (0.0, 1.0)),
        ("-1-2", (-1.0, 2.0)),
        ("0.5", (0.5,)),
        ("G", ()),
        (None, ()),
    ],
)
def test_it_reads_levels(text: str | None, found: tuple[float, ...]) -> None:
    assert levels(text) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2026-03-14", 20260314),
        ("2026-03", 20260300),
        ("2026", 20260000),
        ("last week", 0),
        (None, 0),
    ],
)
def test_it_reads_dates_as_far_as_they_go(text: str | None, number: int) -> None:
    assert date_number(text) == number


@pytest.mark.parametrize(("text", "n"), [("12", 12), (" 4 ", 4), ("4-6", None), ("", None)])
def test_it_counts(text: str, n: int | None) -> None:
    assert count(text) == n


@given(st.text(max_size=20))
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (length_m, kerb_height_cm, incline_pct, levels, date_number):
        read(text)
    assert incline_sign(text) in (-1, 0, 1)


@given(st.floats(min_value=-100, max_value=100).map(lambda v: round(v, 2)))
def test_a_percentage_survives_being_written_and_read(value: float) -> None:
    assert incline_pct(f"{value}%") == pytest.approx(value)
