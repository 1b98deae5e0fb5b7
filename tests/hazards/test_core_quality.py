"""What a reading is worth: tables a hydrologist could check."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.hazards.core.clocks import clock_offset, datum_jump
from apps.hazards.core.corroboration import Sounding, agree
from apps.hazards.core.decision import Decision, decide
from apps.hazards.core.quality import (
    Flag,
    Heartbeat,
    Limits,
    judge,
    silence,
    wrong_rate,
    wrong_unit,
)
from apps.hazards.core.watching import LEVELS, Sight, verdict

TEN_MIN_US = 600_000_000
LIMITS = Limits(low=0, high=10, step_per_10_min=1.0, flat_readings=5)


def judged(*values: float, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    told = judge(np.arange(len(values)) * TEN_MIN_US, np.array(values), limits)
    return list(zip(told.flags.tolist(), told.causes.tolist(), strict=True))


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ((1.0, 1.1), ("good", "")),
        ((1.0, -0.1), ("bad", "range")),
        ((1.0, 10.1), ("bad", "range")),
        ((1.0, float("nan")), ("bad", "range")),
        ((1.0, 2.5), ("suspect", "step")),
        ((1.0, 99.0, 1.1), ("good", "")),
        ((1.0, 5.0, 5.1), ("good", "")),
        ((1.0, 2.0, 2.0, 2.0, 2.0, 2.0), ("suspect", "flat")),
    ],
)
def test_the_newest_reading_is_judged(values: tuple[float, ...], last: tuple[str, str]) -> None:
    assert judged(*values)[-1] == last


def test_a_gauge_may_stand_still_while_it_is_dry() -> None:
    dry = Limits(low=0, high=10, flat_readings=5, still_below=0.02)

    assert judged(*[0.0] * 9, limits=dry)[-1] == ("good", "")
    assert judged(*[0.4] * 9, limits=dry)[-1] == ("suspect", "flat")


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=60))
def test_what_is_out_of_range_is_never_usable(values: list[float]) -> None:
    told = judge(np.arange(len(values)) * TEN_MIN_US, np.array(values), LIMITS)

    assert not told.usable[(np.array(values) < 0) | (np.array(values) > 10)].any()


def test_silence_is_missing_and_a_line_can_speak_for_a_gauge_that_is_dry() -> None:
    minute = 60_000_000

    assert silence(0, 2 * minute, Heartbeat(60)) is Flag.GOOD
    assert silence(0, 4 * minute, Heartbeat(60)) is Flag.MISSING
    assert silence(None, 0, Heartbeat(60)) is Flag.MISSING
    alive = Heartbeat(60, speaks_only_when_wet=True, line_heard_us=4 * minute)
    assert silence(0, 5 * minute, alive) is Flag.GOOD


@pytest.mark.parametrize(
    ("told", "unit"), [(2.0, None), (250.0, "cm"), (1500.0, "mm"), (1e6, None)]
)
def test_a_wrong_unit_is_named(told: float, unit: str | None) -> None:
    assert wrong_unit(np.full(8, told), typical=0.9, highest=4.4) == unit


def test_a_stream_at_another_rate_is_noticed() -> None:
    assert wrong_rate(np.arange(20) * TEN_MIN_US, 600) is None
    assert wrong_rate(np.arange(20) * TEN_MIN_US, 60) == 600


@pytest.mark.parametrize("lag_h", [-9, -2, 2, 9])
def test_a_clock_in_another_zone_is_found_to_the_hour(lag_h: int) -> None:
    dice = np.random.default_rng(3)
    neighbour = dice.exponential(2, 900) * (dice.random(900) < 0.15)
    suspect = np.roll(neighbour, -lag_h) * dice.uniform(0.7, 1.3, 900)

    found = clock_offset(suspect, neighbour)

    assert found is not None
    assert (found.lag_h, found.is_wrong) == (lag_h, True)


def test_two_clocks_that_agree_are_not_accused() -> None:
    dice = np.random.default_rng(4)
    neighbour = dice.exponential(2, 900) * (dice.random(900) < 0.15)

    found = clock_offset(neighbour * dice.uniform(0.5, 1.5, 900), neighbour)

    assert found is not None
    assert not found.is_wrong
    assert clock_offset(np.zeros(900), neighbour) is None, "a drought says nothing about clocks"


def test_a_moved_zero_is_no_flood() -> None:
    still = 1.0 + 0.01 * np.sin(np.arange(80))
    moved = still + np.where(np.arange(80) >= 40, 0.9, 0.0)
    flood = still + 3.0 * np.exp(-(((np.arange(80) - 40) / 8.0) ** 2))

    jump = datum_jump(moved, least=0.3, window=12)

    assert jump is not None
    assert (jump.row, round(jump.by, 1)) == (40, 0.9)
    assert datum_jump(flood, least=0.3, window=12) is None


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("rain", [None, 0.0, 40.0])
@pytest.mark.parametrize("neighbours", [None, False, True])
@pytest.mark.parametrize("needs_rain", [False, True])
def test_what_is_flawed_never_alerts_by_itself(
    level: str, rain: float | None, neighbours: bool | None, needs_rain: bool
) -> None:
    flawed = Sight(level, False, rain, neighbours, needs_rain)

    assert not verdict(flawed).may_alert


@pytest.mark.parametrize(
    ("sight", "may_alert", "doubt"),
    [
        (Sight("alarm", True, None, None, False), True, ""),
        (Sight("alarm", True, 0.2, False, True), False, "no_rain"),
        (Sight("alarm", True, 0.2, True, True), True, ""),
        (Sight("alarm", True, 20.0, False, True), True, ""),
        (Sight("alarm", True, None, None, True), False, "alone"),
    ],
)
def test_a_good_reading_needs_what_explains_it(sight: Sight, may_alert: bool, doubt: str) -> None:
    assert (verdict(sight).may_alert, verdict(sight).doubt) == (may_alert, doubt)


def run(
    *odds: float, confirmed: bool = False, low: bool = True, every_s: float = 600
) -> list[bool]:
    memory, raised = Decision(), []
    for n, probability in enumerate(odds):
        memory = decide(memory, probability=probability, cost_loss=0.4, confirmed=confirmed,
                        below_attention=low, now_s=n * every_s)  # fmt: skip
        raised.append(memory.raised)
    return raised


def test_two_runs_raise_and_one_does_not() -> None:
    assert run(0.5, 0.1, 0.5, 0.5) == [False, False, False, True]
    assert run(0.5, confirmed=True) == [True], "a sensor that rises confirms at once"


def test_it_is_cleared_only_after_half_an_hour_of_calm() -> None:
    assert run(0.9, 0.9, 0.3, 0.1, 0.1, 0.1, 0.1) == [False, True, True, True, True, True, False]
    assert run(0.9, 0.9, *[0.1] * 9, low=False)[-1], "not while the water stands above attention"
    assert run(0.9, 0.9, 0.1, 0.3, 0.1, 0.1, 0.1)[-1], "the calm begins anew"


def sounding(code: str, kind: str, x_m: float, since_s: float) -> Sounding:
    return Sounding(code, kind, x_m, 0.0, since_s)


@pytest.mark.parametrize(
    ("others", "certainty", "severity"),
    [
        ((), "Possible", "Minor"),
        ((sounding("b", "smoke", 20, 100),), "Observed", "Severe"),
        ((sounding("b", "fire", 20, 100),), "Observed", "Extreme"),
        ((sounding("b", "smoke", 500, 100),), "Possible", "Minor"),
        ((sounding("b", "smoke", 20, -900),), "Possible", "Minor"),
    ],
)
def test_detectors_must_agree_in_place_and_time(
    others: tuple[Sounding, ...], certainty: str, severity: str
) -> None:
    told = agree(sounding("a", "smoke", 0, 100), others, now_s=105)

    assert (told.certainty, told.severity) == (certainty, severity)
