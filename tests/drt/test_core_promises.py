"""Re-optimisation, second chances, motion, and why: with promises kept throughout."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from apps.drt.core.asks import Alternative, Ask, Terms
from apps.drt.core.audit import Fault, broken_promises, violations
from apps.drt.core.budget import Iterations
from apps.drt.core.capacity import Capacity
from apps.drt.core.ejection import second_chance
from apps.drt.core.explaining import Reason, Remedy, explain_offer, explain_refusal
from apps.drt.core.improving import improve
from apps.drt.core.motion import advanced, next_departure
from apps.drt.core.placing import placed
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.quoting import QuoteEngine
from apps.drt.core.rides import Promise, Ride
from apps.drt.core.vehicles import Vehicle
from benchmarks.drt.promises import Town
from tests.drt.core_town import MINUTE_S, minutes, plan, ride, street, van, written

TRAVEL = street()


@pytest.mark.parametrize("seed", [901, 902, 903])
def test_no_event_of_a_busy_day_makes_the_optimiser_break_a_promise(seed: int) -> None:
    town = Town(seed)
    assert town.lived(120) == 0
    assert town.served > 0


def test_an_improvement_saves_driving_and_raises_versions() -> None:
    rides = [ride("a", 5, 6), ride("b", 35, 36), ride("c", 6, 7), ride("d", 34, 33)]
    crossed = [
        plan(van("west", 4), "+a", "-a", "+b", "-b"),
        plan(van("east", 36), "+c", "-c", "+d", "-d"),
    ]
    found = improve(plans=crossed, rides=rides, travel=TRAVEL, budget=Iterations(500), seed=1)
    assert found.saved_s > 0
    assert [sorted(p.ride_ids) for p in found.changed] == [["a", "c"], ["b", "d"]]
    assert [p.version for p in found.changed] == [1, 1]


def test_a_plan_that_cannot_be_better_keeps_its_version() -> None:
    found = improve(
        plans=[plan(van(), "+a", "-a")],
        rides=[ride("a", 5, 6)],
        travel=TRAVEL,
        budget=Iterations(100),
        seed=1,
    )
    assert found.changed == ()


def test_a_breakdown_hands_the_waiting_riders_over_within_their_promise() -> None:
    waiting = ride("a", 20, 30, (20, 30), (30, 50))
    rescue = improve(
        plans=[plan(van("second", 5))],
        rides=[waiting],
        travel=TRAVEL,
        budget=Iterations(100),
        seed=1,
    )
    assert rescue.unserved_ids == ()
    assert not violations(rescue.changed[0], {"a": waiting}, TRAVEL)


def test_a_ride_nobody_can_keep_stays_unserved_instead_of_late() -> None:
    gone = ride("a", 30, 35, (0, 10))
    found = improve(plans=[plan(van())], rides=[gone], travel=TRAVEL, budget=Iterations(50), seed=1)
    assert found.unserved_ids == ("a",)


@pytest.mark.parametrize(
    ("after", "fault"),
    [
        (["+b", "-b"], Fault.LOST),
        (["+b", "-b", "+a", "-a"], Fault.LOCK),
        (["+a", "+b", "-b", "-a"], Fault.TIME),
        (["+a", "-b", "+b", "-a"], Fault.ORDER),
    ],
)
def test_the_audit_sees_a_broken_promise(after: list[str], fault: Fault) -> None:
    rides = {"a": ride("a", 5, 10, (5, 10), (10, 20)), "b": ride("b", 10, 40, (0, 60), (0, 120))}
    standing = Standing(0, 0.0, 0.0)
    before = plan(van(), "+a", "-a", "+b", "-b", standing=standing, locked=1)
    changed = plan(van(), *after, standing=standing, locked=0)
    assert fault in {v.fault for v in broken_promises([before], [changed], rides, TRAVEL)}
    assert not broken_promises([before], [before], rides, TRAVEL)


# ---------------------------------------------------------------- a second chance


def crowded() -> tuple[list[VehiclePlan], dict[str, Ride]]:
    """The near van is taken by a rider whom the far van could carry as well."""
    movable = ride("m", 12, 14, (10, 40), (10, 60))
    plans = [plan(van("near", 10, seats=1), "+m", "-m"), plan(van("far", 30, seats=1))]
    fixed = ride("f", 13, 11, (5, 5), (7, 9))
    near = replace(plans[0], stops=(*plan(van(), "+f", "-f").stops, *plans[0].stops))
    return [near, plans[1]], {"m": movable, "f": fixed}


def test_others_make_room_before_it_says_no() -> None:
    plans, rides = crowded()
    late = ride("n", 11, 9, (9, 11), (11, 14))
    tight = {
        **rides,
        "m": replace(rides["m"], pickup=replace(rides["m"].pickup, window=minutes(8, 25))),
    }
    stuck = replace(plans[0], stops=plan(van(), "+f", "-f", "+m", "-m").stops)
    soon = replace(tight["m"], dropoff=replace(tight["m"].dropoff, window=minutes(10, 28)))
    tight["m"] = soon
    locked_in = [stuck, plans[1]]
    found = second_chance(
        plans=locked_in, ride=late, rides=tight, travel=TRAVEL, budget=Iterations(500), seed=1
    )
    assert found is not None
    everyone = {**tight, "n": late}
    after = {p.vehicle_id: p for p in locked_in} | {p.vehicle_id: p for p in found.changed}
    assert not any(violations(p, everyone, TRAVEL) for p in after.values())
    assert sorted(r for p in after.values() for r in p.ride_ids) == ["f", "m", "n"]


def test_a_rider_is_moved_to_another_van_when_that_is_the_only_way() -> None:
    # m holds the only seat of the near van from 10 to 20; the far van can take m, but reaches n too
    # late.
    m, n = ride("m", 10, 20, (0, 30), (0, 40)), ride("n", 11, 19, (1, 2), (9, 12))
    plans = [plan(van("near", 10, seats=1), "+m", "-m"), plan(van("far", 30, seats=1))]
    m_now = replace(
        m,
        pickup=replace(m.pickup, window=minutes(0, 21)),
        dropoff=replace(m.dropoff, window=minutes(0, 31)),
    )
    rides = {"m": m_now}
    assert placed(plans[0], n, rides, TRAVEL) is None or placed(plans[1], n, rides, TRAVEL) is None
    found = second_chance(
        plans=plans, ride=n, rides=rides, travel=TRAVEL, budget=Iterations(500), seed=1
    )
    assert found is not None
    assert found.vehicle_id == "near"
    assert found.pickup_s <= 2 * MINUTE_S


def test_there_is_no_second_chance_at_others_expense() -> None:
    m, n = ride("m", 10, 20, (0, 0), (10, 10)), ride("n", 11, 19, (1, 2), (9, 12))
    plans = [plan(van("only", 10, seats=1), "+m", "-m")]
    assert (
        second_chance(
            plans=plans, ride=n, rides={"m": m}, travel=TRAVEL, budget=Iterations(300), seed=1
        )
        is None
    )


# ---------------------------------------------------------------- motion


def test_a_patient_vehicle_leaves_as_late_as_its_promises_allow() -> None:
    rides = {"a": ride("a", 10, 20, (0, 30), (0, 40))}
    departure = next_departure(plan(van(), "+a", "-a"), rides, TRAVEL)
    assert departure is not None
    assert (departure.soonest_s, departure.latest_s) == (0.0, 20 * MINUTE_S)


def test_a_vehicle_need_not_leave_before_somebody_waits() -> None:
    """Ten minutes away from one who may board from the hour's half on, and from one who waits."""
    rides = {"a": ride("a", 10, 20, (30, 40), (30, 60)), "b": ride("b", 10, 20, (0, 40), (0, 60))}
    timely_s = {
        name: departure.timely_s
        for name in rides
        if (departure := next_departure(plan(van(), f"+{name}", f"-{name}"), rides, TRAVEL))
    }
    assert timely_s == {"a": 20 * MINUTE_S, "b": 0.0}


@pytest.mark.parametrize(
    ("now_min", "ahead", "locked", "made"),
    [
        (19, ["+a", "-a"], 0, []),
        (25, ["+a", "-a"], 1, []),
        (31, ["-a"], 1, ["a"]),
        (41, [], 0, ["a", "a"]),
    ],
)
def test_stops_lock_on_the_way_and_then_lie_behind(
    now_min: float, ahead: list[str], locked: int, made: list[str]
) -> None:
    rides = {"a": ride("a", 10, 20, (0, 30), (0, 40))}
    moved, served = advanced(
        plan(van(), "+a", "-a"), rides, TRAVEL, now_s=now_min * MINUTE_S, patience=1.0
    )
    assert written(moved) == ahead
    assert moved.locked == locked
    assert [one.stop.subject_id for one in served] == made


def test_boarding_waits_where_riding_would_last_too_long() -> None:
    rides = {"a": ride("a", 5, 10, (0, 30), (30, 40), longest_min=6)}
    _, served = advanced(plan(van(), "+a", "-a"), rides, TRAVEL, now_s=100 * MINUTE_S, patience=0.0)
    assert served[1].begin_s - served[0].end_s <= 6 * MINUTE_S


# ---------------------------------------------------------------- why


def asked(**changes: object) -> Ask:
    plain = Ask("new", (Alternative(5),), (Alternative(15),), 0.0, depart_after_s=0.0)
    return replace(plain, board_s=0.0, alight_s=0.0, **changes)  # type: ignore[arg-type]


def engine(*plans: VehiclePlan, rides: tuple[Ride, ...] = (), wait_min: float = 10) -> QuoteEngine:
    terms = Terms(longest_wait_s=wait_min * MINUTE_S)
    return QuoteEngine(plans=plans, rides={r.ride_id: r for r in rides}, travel=TRAVEL, terms=terms)


def vehicle(**changes: object) -> Vehicle:
    return replace(van(), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ask", "reason", "remedies"),
    [
        (asked(party=Capacity(seats=6)), Reason.PARTY_TOO_LARGE, {Remedy.SMALLER_PARTY}),
        (asked(vehicles=frozenset({"x"})), Reason.NO_VEHICLE, set()),
        (asked(depart_after_s=700 * MINUTE_S), Reason.OUTSIDE_SHIFTS, set()),
        (
            asked(origins=(Alternative(5, step_free=False),), needs_step_free=True),
            Reason.NO_STEP_FREE_STOP,
            set(),
        ),
        (asked(origins=(Alternative(30),)), Reason.NO_TIME_LEFT, {Remedy.LATER}),
    ],
)
def test_a_refusal_says_why_and_what_would_have_helped(
    ask: Ask, reason: Reason, remedies: set[Remedy]
) -> None:
    town = engine(plan(van()))
    assert town.quote(ask) == ()
    refusal = explain_refusal(town, ask)
    assert refusal.reason is reason
    assert {c.remedy for c in refusal.counterfactuals} == remedies


def test_later_says_by_how_much_and_then_it_holds() -> None:
    town, ask = engine(plan(van())), asked(origins=(Alternative(30),))
    (later,) = explain_refusal(town, ask).counterfactuals
    assert later.by_s == 20 * MINUTE_S
    assert town.quote(replace(ask, depart_after_s=later.by_s))
    assert not town.quote(replace(ask, depart_after_s=later.by_s - 1.0))


def test_a_full_vehicle_is_told_from_a_busy_one() -> None:
    others = ride("a", 0, 20, (0, 0), (20, 20), party=Capacity(seats=3))
    full = engine(plan(van(), "+a", "-a"), rides=(others,))
    refusal = explain_refusal(full, asked(party=Capacity(seats=2)))
    assert refusal.reason is Reason.NO_ROOM_LEFT
    smaller = next(c for c in refusal.counterfactuals if c.remedy is Remedy.SMALLER_PARTY)
    assert smaller.party == Capacity(seats=1)


def test_another_stop_can_be_the_remedy() -> None:
    town, ask = engine(plan(van())), asked(origins=(Alternative(30),))
    refusal = explain_refusal(town, ask, further_origins=(Alternative(8, walk_m=1500),))
    other = next(c for c in refusal.counterfactuals if c.remedy is Remedy.OTHER_STOP)
    assert other.origin == Alternative(8, walk_m=1500)


def test_an_offer_says_why_this_vehicle() -> None:
    town, ask = engine(plan(van("near", 4)), plan(van("far", 0))), asked()
    acceptance = explain_offer(town, ask, town.quote(ask)[0])
    assert acceptance.vehicle_id == "near"
    assert acceptance.wait_s == MINUTE_S
    assert acceptance.added_driving_s == 22 * MINUTE_S
    assert not acceptance.is_shared
    assert acceptance.runner_up_s is not None
    assert acceptance.runner_up_s > 0


# ---------------------------------------------------------------- values


@pytest.mark.parametrize(
    "build",
    [
        lambda: plan(van(), "+a", "+a"),
        lambda: plan(van(), locked=1),
        lambda: Standing(0, 5.0, 6.0),
        lambda: vehicle(layouts=()),
        lambda: vehicle(max_route_s=0.0),
        lambda: ride("", 0, 1),
        lambda: ride("a", 0, 1, party=Capacity()),
        lambda: ride("a", 0, 1, (5, 4)),
    ],
)
def test_it_refuses_values_without_sense(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        build()


def test_a_cancelled_ride_leaves_no_stop_behind() -> None:
    busy = plan(van(), "+a", "+b", "-a", "-b", locked=2)
    freed = busy.without("a")
    assert written(freed) == ["+b", "-b"]
    assert (freed.locked, freed.version) == (1, 1)
    assert busy.without("nobody") is busy


def test_a_promise_narrows_the_ride_to_what_was_told() -> None:
    held = ride("a", 5, 10).promised(Promise(minutes(10, 20), 40 * MINUTE_S))
    assert held.pickup.window == minutes(10, 20)
    assert held.dropoff.window.latest_s == 40 * MINUTE_S
    assert Stop("a", Action.PICKUP) not in plan(van()).stops
