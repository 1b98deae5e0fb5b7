"""The truth table of kerbs: kerb x kerb:height x wheelchair."""

import itertools
import math

import pytest

from apps.navigation.core.kerbs import Kerb, class_of_height, read_kerb

# value of kerb=* -> class without a height, height assumed for it in cm
CLASSES = {
    "flush": (Kerb.FLUSH, 0.0),
    "no": (Kerb.FLUSH, 0.0),
    "none": (Kerb.FLUSH, 0.0),
    "level": (Kerb.FLUSH, 0.0),
    "lowered": (Kerb.LOWERED, 2.0),
    "dropped": (Kerb.LOWERED, 2.0),
    "sloped": (Kerb.LOWERED, 2.0),
    "ramp": (Kerb.LOWERED, 2.0),
    "lowered_and_sloped": (Kerb.LOWERED, 2.0),
    "lowered;no": (Kerb.LOWERED, 2.0),
    "flush;lowered": (Kerb.LOWERED, 2.0),
    "rolled": (Kerb.ROLLED, 5.0),
    "mountable": (Kerb.ROLLED, 5.0),
    "raised": (Kerb.RAISED, 10.0),
    "normal": (Kerb.RAISED, 10.0),
    "regular": (Kerb.RAISED, 10.0),
    "high": (Kerb.RAISED, 10.0),
    "lowered;raised": (Kerb.RAISED, 10.0),
    "raised;mystery": (Kerb.RAISED, 10.0),
}
NOBODY_KNOWS = ("yes", "unknown", "fixme", "mystery", "")


@pytest.mark.parametrize("wheelchair", [None, "yes", "limited", "no", "designated"])
@pytest.mark.parametrize("value", CLASSES)
def test_a_class_beats_what_wheelchair_says(value: str, wheelchair: str | None) -> None:
    tags = {"kerb": value} | ({"wheelchair": wheelchair} if wheelchair else {})
    reading = read_kerb(tags)
    assert reading is not None
    assert (reading.kerb, reading.height_cm) == CLASSES[value]
    assert not reading.is_measured


@pytest.mark.parametrize(
    ("wheelchair", "kerb", "height_cm"),
    [
        ("yes", Kerb.LOWERED, 2.0),
        ("designated", Kerb.LOWERED, 2.0),
        ("limited", Kerb.ROLLED, 5.0),
        ("no", Kerb.RAISED, 10.0),
        (None, Kerb.UNKNOWN, math.nan),
        ("bad", Kerb.UNKNOWN, math.nan),
    ],
)
@pytest.mark.parametrize("value", NOBODY_KNOWS)
def test_without_a_class_wheelchair_is_the_only_word(
    value: str, wheelchair: str | None, kerb: Kerb, height_cm: float
) -> None:
    tags = {"kerb": value} | ({"wheelchair": wheelchair} if wheelchair else {})
    reading = read_kerb(tags)
    assert reading is not None
    assert reading.kerb is kerb
    assert reading.height_cm == pytest.approx(height_cm, nan_ok=True)


HEIGHTS = {"0": 0.0, "0.01": 1.0, "0.03": 3.0, "3 cm": 3.0, "0.05": 5.0, "12cm": 12.0, "0.2": 20.0}


@pytest.mark.parametrize(
    ("value", "height", "wheelchair"),
    list(itertools.product((*CLASSES, *NOBODY_KNOWS), HEIGHTS, (None, "yes", "no"))),
)
def test_a_measured_height_beats_everything(
    value: str, height: str, wheelchair: str | None
) -> None:
    tags = {"kerb": value, "kerb:height": height}
    if wheelchair:
        tags["wheelchair"] = wheelchair
    reading = read_kerb(tags)
    assert reading is not None
    assert reading.height_cm == pytest.approx(HEIGHTS[height])
    assert reading.is_measured


@pytest.mark.parametrize(
    ("value", "height", "shown", "contradicts"),
    [
        ("flush", "0.12", Kerb.RAISED, True),
        ("raised", "0", Kerb.FLUSH, True),
        ("lowered", "3 cm", Kerb.LOWERED, False),
        ("lowered", "0.15", Kerb.RAISED, True),
        ("rolled", "0.08", Kerb.ROLLED, False),
        ("yes", "0.12", Kerb.RAISED, False),
    ],
)
def test_a_class_gives_way_to_a_height_it_cannot_have(
    value: str, height: str, shown: Kerb, contradicts: bool
) -> None:
    reading = read_kerb({"kerb": value, "kerb:height": height})
    assert reading is not None
    assert (reading.kerb, reading.is_contradictory) == (shown, contradicts)


def test_raised_and_wheelchair_yes_contradict_and_stay_raised() -> None:
    reading = read_kerb({"kerb": "raised", "wheelchair": "yes"})
    assert reading is not None
    assert reading.kerb is Kerb.RAISED
    assert reading.is_contradictory


@pytest.mark.parametrize(
    ("tags", "kerb"),
    [
        ({"sloped_curb": "yes"}, Kerb.LOWERED),
        ({"sloped_curb": "at_grade"}, Kerb.FLUSH),
        ({"sloped_curb": "no"}, Kerb.UNKNOWN),
        ({"barrier": "kerb"}, Kerb.UNKNOWN),
        ({"barrier": "kerb", "wheelchair": "yes"}, Kerb.LOWERED),
        ({"kerb:height": "unclear"}, Kerb.UNKNOWN),
    ],
)
def test_it_reads_older_and_barer_tagging(tags: dict[str, str], kerb: Kerb) -> None:
    reading = read_kerb(tags)
    assert reading is not None
    assert reading.kerb is kerb


@pytest.mark.parametrize("tags", [{}, {"barrier": "gate"}, {"highway": "crossing"}])
def test_it_is_silent_where_no_kerb_is_spoken_of(tags: dict[str, str]) -> None:
    assert read_kerb(tags) is None


@pytest.mark.parametrize(
    ("height_cm", "kerb"),
    [(0, Kerb.FLUSH), (1, Kerb.FLUSH), (2, Kerb.LOWERED), (3, Kerb.LOWERED), (3.1, Kerb.RAISED)],
)
def test_heights_have_classes(height_cm: float, kerb: Kerb) -> None:
    assert class_of_height(height_cm) is kerb
