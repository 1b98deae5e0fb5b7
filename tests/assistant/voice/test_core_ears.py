"""When speech begins and ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.assistant.speech.core.audio import FRAME_MS
from apps.assistant.voice.core.ears import Began, Ears, Ended, Patience, Paused


def heard(verdicts: str, patience: Patience | None = None) -> list[tuple[int, str]]:
    """`-` is a quiet frame, `+` a voiced one; what was noticed, and at which millisecond."""
    ears, noticed = Ears(patience), []
    for at, verdict in enumerate(verdicts):
        event = ears.hear(b"%c" % at, voiced=verdict == "+")
        if event is not None:
            noticed.append(((at + 1) * FRAME_MS, type(event).__name__))
    return noticed


@pytest.mark.parametrize(
    ("verdicts", "noticed"),
    [
        ("-" * 100, []),
        ("-" * 20 + "+" * 5 + "-" * 40, []),  # a click is no speech
        ("-" * 20 + "+" * 6 + "-" * 40, [(520, "Began"), (760, "Paused"), (1020, "Ended")]),
        (
            "+" * 50 + "-" * 24 + "+" * 10 + "-" * 30,
            [(120, "Began"), (1240, "Paused"), (1920, "Paused"), (2180, "Ended")],
        ),
        ("+-" * 40, []),
        ("++-" * 20 + "-" * 30, [(160, "Began"), (1420, "Paused"), (1680, "Ended")]),
    ],
)
def test_it_notices_speech(verdicts: str, noticed: list[tuple[int, str]]) -> None:
    assert heard(verdicts) == noticed


def test_the_quiet_beginning_belongs_to_it() -> None:
    ears = Ears(Patience(before_ms=200))
    events = [ears.hear(bytes([at]), voiced=at >= 8) for at in range(14)]
    assert events[-1] == Began(bytes(range(4, 14)))


def test_one_who_never_stops_is_cut() -> None:
    ears = Ears(Patience(longest_ms=2000))
    events = [ears.hear(b"x", voiced=True) for _ in range(120)]
    assert Ended(too_long=True) in events


@pytest.mark.parametrize(
    "wrong",
    [{"voiced_ms": 0}, {"voiced_ms": 200}, {"quiet_ms": 0}, {"before_ms": 100}, {"pause_ms": 250}],
)
def test_patience_that_makes_no_sense_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="_ms"):
        Patience(**wrong)


@given(st.lists(st.booleans(), max_size=400))
def test_beginnings_and_ends_alternate(verdicts: list[bool]) -> None:
    ears = Ears()
    found = [ears.hear(b"x", voiced=verdict) for verdict in verdicts]
    kinds = [type(event) for event in found if event is not None and event != Paused()]
    assert kinds == [Began, Ended] * (len(kinds) // 2) + [Began] * (len(kinds) % 2)
    assert ears.speaking is bool(len(kinds) % 2)
