"""The exact schedule, by hand and against longest paths found in other code."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.drt.core.audit import timetable, violations
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.posing import InfeasiblePlanError, pose
from apps.drt.core.rides import Ride
from apps.drt.core.windows import FOREVER_S, Window
from tests.drt.core_town import MINUTE_S, PLACES, plan, ride, street, unhurried, van

TRAVEL = street()


@pytest.mark.parametrize(
    ("stops", "rides", "is_feasible"),
    [
        (["+a", "-a"], [ride("a", 5, 10, (0, 5))], True),
        (["+a", "-a"], [ride("a", 5, 10, (0, 4.9))], False),
        (["+a", "-a"], [ride("a", 5, 10, (20, 30), (0, 35))], True),
        (["+a", "-a"], [ride("a", 5, 10, (20, 30), (0, 24))], False),
        # Waiting before the pick-up saves the longest ride.
        (["+a", "-a"], [ride("a", 5, 10, (0, 30), (30, 40), longest_min=6)], True),
        (["+a", "-a"], [ride("a", 5, 10, (0, 23), (30, 40), longest_min=6)], False),
        # Both wait for each other: a may not ride longer than 12, b boards at 20.
        (
            ["+a", "+b", "-a", "-b"],
            [ride("a", 5, 8, longest_min=12), ride("b", 6, 9, (20, 25))],
            True,
        ),
        (
            ["+a", "+b", "-a", "-b"],
            [ride("a", 5, 8, (0, 9), longest_min=12), ride("b", 6, 9, (20, 25))],
            False,
        ),
    ],
)
def test_a_plan_is_feasible_by_hand(stops: list[str], rides: list[Ride], is_feasible: bool) -> None:
    made = plan(van(), *stops)
    by_id = {r.ride_id: r for r in rides}
    assert (timetable(made, by_id, TRAVEL) is not None) == is_feasible
    if is_feasible:
        pose(plans=[made], rides=rides, travel=TRAVEL)
    else:
        with pytest.raises(InfeasiblePlanError, match="van"):
            pose(plans=[made], rides=rides, travel=TRAVEL)


windows = st.tuples(st.integers(0, 120), st.integers(0, 90)).map(lambda w: (w[0], w[0] + w[1]))
places = st.integers(0, PLACES - 1)
limits = st.sampled_from([5.0, 10.0, 20.0, 40.0, FOREVER_S])


@st.composite
def plans(draw: st.DrawFn) -> tuple[VehiclePlan, dict[str, Ride]]:
    """Any order of up to four rides with whole minutes everywhere, some with a longest route."""
    names = "abcd"[: draw(st.integers(1, 4))]
    rides = {
        name: ride(
            name, draw(places), draw(places), draw(windows), draw(windows), longest_min=draw(limits)
        )
        for name in names
    }
    stops: list[Stop] = []
    for name in names:
        at = draw(st.integers(0, len(stops)))
        stops.insert(at, Stop(name, Action.PICKUP))
        stops.insert(draw(st.integers(at + 1, len(stops))), Stop(name, Action.DROPOFF))
    longest_s = draw(st.sampled_from([30, 60, 120, 600])) * MINUTE_S
    vehicle = replace(van(home=draw(places)), max_route_s=float(longest_s))
    return VehiclePlan(vehicle, tuple(stops)), rides


@unhurried
@given(plans())
def test_the_kernel_and_longest_paths_agree(case: tuple[VehiclePlan, dict[str, Ride]]) -> None:
    made, rides = case
    table = timetable(made, rides, TRAVEL)
    try:
        posed = pose(plans=[made], rides=rides.values(), travel=TRAVEL)
    except InfeasiblePlanError:
        assert table is None
    else:
        assert table is not None
        begins_s = posed.tours.early_s[0, : len(table)]
        assert begins_s == pytest.approx([timed.begin_s for timed in table])


@unhurried
@given(plans())
def test_earliest_never_lies_after_latest(case: tuple[VehiclePlan, dict[str, Ride]]) -> None:
    made, rides = case
    if timetable(made, rides, TRAVEL) is None:
        return
    tours = pose(plans=[made], rides=rides.values(), travel=TRAVEL).tours
    count = tours.length[0]
    assert (tours.early_s[0, :count] <= tours.late_s[0, :count] + 1e-6).all()


def test_a_party_aboard_must_leave_before_its_longest_ride_ends() -> None:
    aboard = replace(ride("a", 0, 10, longest_min=15), boarded_at_s=0.0)
    for free_min, is_feasible in ((5, True), (5.1, False)):
        standing = Standing(0, free_min * MINUTE_S, 0.0)
        made = plan(van(), "-a", standing=standing)
        assert (not violations(made, {"a": aboard}, TRAVEL)) == is_feasible


def test_a_late_vehicle_is_forgiven_what_the_world_broke_and_no_more() -> None:
    rides = [ride("a", 10, 20, (0, 12), (0, 25))]
    late = plan(van(), "+a", "-a", standing=Standing(0, 6 * MINUTE_S, 0.0))
    posed = pose(plans=[late], rides=rides, travel=TRAVEL, forgiving=True)
    assert posed.forgiven_s == {"a": 4 * MINUTE_S}
    assert posed.problem.latest_s[0] == 16 * MINUTE_S


def test_the_legs_of_a_slow_hour_take_longer() -> None:
    slow = replace(TRAVEL, factors=np.array([1.0] * 7 + [2.0] + [1.0] * 16))
    assert slow.between_s(0, 5, leaving_s=7.5 * 3600) == 10 * MINUTE_S
    early = ride("a", 5, 10, (7 * 60, 8 * 60), (0, 600))
    table = timetable(plan(van(), "+a", "-a"), {"a": early}, slow)
    assert table is not None
    assert table[2].begin_s - table[1].begin_s == 10 * MINUTE_S


def test_tightening_removes_no_schedule() -> None:
    asked = ride("a", 5, 10, (0, 100), (30, 40), longest_min=6)
    tight = TRAVEL.tightened(asked)
    assert tight.pickup.window == Window(24 * MINUTE_S, 35 * MINUTE_S)
    assert tight.dropoff.window == Window(30 * MINUTE_S, 40 * MINUTE_S)
