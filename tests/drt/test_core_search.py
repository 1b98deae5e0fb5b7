"""The search against every solution there is, and its invariants."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.drt.core.anneal import total_cost
from apps.drt.core.audit import driving_s, timetable, violations
from apps.drt.core.budget import Iterations, Seconds
from apps.drt.core.capacity import Capacity
from apps.drt.core.fleet_size import vehicles_used, with_fewest_vehicles
from apps.drt.core.insertion import best_place, memo_of
from apps.drt.core.partition import recombine
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.pool import pool_of, remember_route
from apps.drt.core.posing import Weights, pose
from apps.drt.core.rides import Call, Ride
from apps.drt.core.search import Cooling, search
from apps.drt.core.tours import copied, refresh
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Break
from benchmarks.drt.towns import random_fleet, random_ride, random_ways
from tests.drt.core_town import MINUTE_S, minutes, plan, ride, street, van, written

TRAVEL = street()


def insertions(made: VehiclePlan, name: str) -> Iterator[VehiclePlan]:
    """Every way to put a ride into a plan."""
    size = len(made.stops)
    for up, down in combinations_with_replacement(range(made.locked, size + 1), 2):
        stops = [*made.stops]
        stops.insert(down, Stop(name, Action.DROPOFF))
        stops.insert(up, Stop(name, Action.PICKUP))
        yield replace(made, stops=tuple(stops))


def least_driving_s(
    plans: list[VehiclePlan], names: list[str], rides: dict[str, Ride], travel: TravelTimes
) -> float:
    """The optimum by trying everything (an infeasible part never becomes feasible by adding)."""
    if not names:
        return sum(driving_s(made, rides, travel) for made in plans)
    best_s = np.inf
    for at, made in enumerate(plans):
        for larger in insertions(made, names[0]):
            if not violations(larger, rides, travel):
                others = [*plans[:at], larger, *plans[at + 1 :]]
                best_s = min(best_s, least_driving_s(others, names[1:], rides, travel))
    return best_s


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("is_promised", [True, False])
def test_it_finds_the_optimum_of_every_small_day(seed: int, is_promised: bool) -> None:
    chance = np.random.default_rng(seed)
    travel = random_ways(chance, 10, side_m=4000.0)
    rides = [random_ride(chance, travel, name, is_promised=is_promised) for name in "abcd"]
    by_id = {r.ride_id: r for r in rides}
    fleet = list(random_fleet(chance, 2, 10))
    best_s = least_driving_s(fleet, list(by_id), by_id, travel)
    posed = pose(plans=fleet, rides=rides, travel=travel)
    tours = search(posed, budget=Iterations(600), seed=seed, cooling=Cooling(chunk=100))
    if np.isinf(best_s):
        assert posed.unserved_ids(tours)
    else:
        assert total_cost(posed.problem, tours) == pytest.approx(best_s)
        assert not any(violations(made, by_id, travel) for made in posed.plans_of(tours))


@given(seed=st.integers(0, 10_000), is_promised=st.booleans())
@settings(max_examples=60, deadline=None)
def test_best_place_is_the_cheapest_of_all_places(seed: int, is_promised: bool) -> None:
    chance = np.random.default_rng(seed)
    travel = random_ways(chance, 12, side_m=5000.0)
    rides = [random_ride(chance, travel, f"r{at}", is_promised=is_promised) for at in range(6)]
    by_id = {r.ride_id: r for r in rides}
    posed = pose(plans=random_fleet(chance, 1, 12), rides=rides, travel=travel)
    tours = search(posed, budget=Iterations(0), seed=seed)
    for name in posed.unserved_ids(tours):
        job = next(at for at, job in enumerate(posed.jobs) if job.subject_id == name)
        found = best_place(posed.problem, tours, 0, job, np.inf, posed.scratch)
        made = posed.plans_of(tours)[0]
        before_s = driving_s(made, by_id, travel)
        feasible = [p for p in insertions(made, name) if not violations(p, by_id, travel)]
        added = [driving_s(larger, by_id, travel) - before_s for larger in feasible]
        assert found[0] == pytest.approx(min(added, default=np.inf))


def test_the_same_seed_and_iterations_give_the_same_plans() -> None:
    chance = np.random.default_rng(5)
    travel = random_ways(chance, 30)
    rides = [random_ride(chance, travel, f"r{at}", is_promised=False) for at in range(20)]
    posed = pose(plans=random_fleet(chance, 3, 30), rides=rides, travel=travel)
    first, again = (
        posed.plans_of(search(posed, budget=Iterations(1000), seed=7, recombine=recombine))
        for _ in range(2)
    )
    assert first == again


def test_a_spent_clock_still_gives_what_insertion_found() -> None:
    ticks = iter(range(100))
    budget = Seconds.starting_now(1.0, lambda: float(next(ticks)))
    posed = pose(plans=[plan(van())], rides=[ride("a", 3, 9)], travel=TRAVEL)
    assert not posed.unserved_ids(search(posed, budget=budget, seed=1))


def test_locked_stops_and_parties_aboard_stay_with_their_vehicle() -> None:
    aboard = replace(ride("a", 0, 30), boarded_at_s=0.0)
    rides = [aboard, ride("b", 12, 20), ride("c", 11, 25)]
    busy = plan(van("one"), "+b", "-a", "-b", standing=Standing(10, 600.0, 0.0), locked=1)
    posed = pose(plans=[busy, plan(van("two", home=11))], rides=rides, travel=TRAVEL)
    found = posed.plans_of(search(posed, budget=Iterations(500), seed=1))
    assert written(found[0])[0] == "+b"
    assert {"a", "b"} <= set(found[0].ride_ids)


def test_a_break_is_taken_in_its_window() -> None:
    rest = Break("lunch", Call(0, minutes(60, 70), 30 * MINUTE_S))
    driver = replace(van(), breaks=(rest,))
    rides = [ride("a", 5, 10, (50, 60), (0, 75)), ride("b", 5, 9, (92, 100))]
    posed = pose(plans=[plan(driver)], rides=rides, travel=TRAVEL)
    found = posed.plans_of(search(posed, budget=Iterations(200), seed=1))[0]
    assert written(found) == ["+a", "-a", "=lunch", "+b", "-b"]
    assert timetable(found, {r.ride_id: r for r in rides}, TRAVEL) is not None


def test_a_vehicle_carries_only_whom_it_may() -> None:
    asked = replace(ride("a", 3, 9), vehicles=frozenset({"far"}))
    posed = pose(plans=[plan(van("near", 3)), plan(van("far", 30))], rides=[asked], travel=TRAVEL)
    found = posed.plans_of(search(posed, budget=Iterations(50), seed=1))
    assert [p.ride_ids for p in found] == [(), ("a",)]


def test_folded_seats_make_room_for_a_second_wheelchair_but_not_for_seats_too() -> None:
    layouts = (Capacity(seats=4, wheelchair_bays=1), Capacity(seats=1, wheelchair_bays=2))
    vehicle = replace(van(), layouts=layouts)
    chair = Capacity(wheelchair_bays=1)
    together = [ride("a", 1, 9, (1, 1), party=chair), ride("b", 2, 8, (2, 2), party=chair)]
    for seats, is_served in ((1, True), (2, False)):
        third = ride("c", 3, 7, (3, 3), party=Capacity(seats=seats))
        posed = pose(plans=[plan(vehicle)], rides=[*together, third], travel=TRAVEL)
        unserved = posed.unserved_ids(search(posed, budget=Iterations(200), seed=1))
        assert (not unserved) == is_served


def test_waiting_riders_weigh_against_driving() -> None:
    rides = [ride("a", 10, 12, (10, 100)), ride("b", 4, 2, (10, 100))]
    short = [plan(van(home=20))]
    frugal = pose(plans=short, rides=rides, travel=TRAVEL)
    kind = pose(plans=short, rides=rides, travel=TRAVEL, weights=Weights(wait=5.0, arrival=5.0))
    cheap = search(frugal, budget=Iterations(300), seed=1)
    soon = search(kind, budget=Iterations(300), seed=1)
    by_id = {r.ride_id: r for r in rides}

    def waits_s(found: VehiclePlan) -> float:
        table = timetable(found, by_id, TRAVEL)
        assert table is not None
        return sum(timed.begin_s for timed in table[1:-1])

    assert waits_s(kind.plans_of(soon)[0]) <= waits_s(frugal.plans_of(cheap)[0])


def test_it_needs_no_more_vehicles_than_it_must() -> None:
    rides = [ride(name, at, at + 2, (at, at + 30)) for at, name in enumerate("abcdef")]
    fleet = [plan(van(f"v{at}")) for at in range(5)]
    posed = pose(plans=fleet, rides=rides, travel=TRAVEL)
    smaller = with_fewest_vehicles(posed, budget=Iterations(2000), seed=1)
    assert vehicles_used(smaller.tours) == 1
    assert not smaller.unserved_ids(smaller.tours)


def test_good_routes_of_different_solutions_are_combined() -> None:
    rides = [ride("a", 5, 6), ride("b", 6, 7), ride("c", 35, 36), ride("d", 34, 33)]
    fleet = [plan(van("one", 20)), plan(van("two", 20))]
    pool = pool_of(10, 16)
    crossed = [
        (["+a", "-a", "+c", "-c"], ["+b", "-b", "+d", "-d"]),
        (["+a", "-a", "+b", "-b"], ["+c", "-c"]),
        (["+a", "-a"], ["+c", "-c", "+d", "-d"]),
    ]
    for first, second in crossed:
        posed = pose(
            plans=[plan(fleet[0].vehicle, *first), plan(fleet[1].vehicle, *second)],
            rides=rides,
            travel=TRAVEL,
        )
        for vehicle in (0, 1):
            remember_route(posed.problem, posed.tours, vehicle, pool)
    worst = pose(
        plans=[plan(fleet[0].vehicle, *crossed[0][0]), plan(fleet[1].vehicle, *crossed[0][1])],
        rides=rides,
        travel=TRAVEL,
    )
    found = recombine(worst.problem, pool, copied(worst.tours))
    assert found is not None
    assert sorted(map(sorted, (p.ride_ids for p in worst.plans_of(found)))) == [
        ["a", "b"],
        ["c", "d"],
    ]
    assert recombine(worst.problem, pool, found) is None


def test_a_memo_is_a_power_of_two() -> None:
    assert memo_of(4).key.shape == (16,)


def test_it_never_takes_one_route_for_another() -> None:
    """Remembered places are found by a route's key: two routes must not share one."""
    stands = {f"v{at}": Standing(at, 0.0, 0.0) for at in range(20)}
    plans = [plan(van(name), standing=stands[name]) for name in stands]
    rides = [ride(f"r{at}", at, at + 1, up=(0, 600)) for at in range(30)]
    posed = pose(plans=plans, rides=rides, travel=TRAVEL)
    tours, keys = posed.tours, []
    for vehicle in range(20):
        end = tours.nodes[vehicle, 1]
        for node in range(60):
            tours.nodes[vehicle, 1:3] = (node, end)
            tours.length[vehicle] = 3
            assert refresh(posed.problem, tours, vehicle, posed.scratch)
            keys.append(int(tours.key[vehicle]))
    assert len(set(keys)) == len(keys)
