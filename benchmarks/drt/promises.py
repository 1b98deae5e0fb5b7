"""A hundred thousand random events on small fleets: is any promise broken by the optimiser?

The judge drives each plan as fast as it goes, before and after every improvement. A rider may be
late afterwards only if, and by no more than, the world had made them late before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.audit import call_of, violations
from apps.drt.core.budget import Iterations
from apps.drt.core.improving import PromiseBrokenError, improve
from apps.drt.core.motion import advanced
from apps.drt.core.placing import placed
from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.posing import Weights
from apps.drt.core.quoting import QuoteEngine
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes
from benchmarks.drt.towns import random_fleet, random_party, random_ways
from benchmarks.report import Metric

EVENTS = 100_000
EVENTS_A_TOWN = 200
VEHICLES, PLACES = 3, 24
SLACK_S = 1e-3
WEIGHTS = Weights(wait=0.2, arrival=0.1)


def promise_metrics(*, quick: bool) -> Iterator[Metric]:
    if quick:
        return
    broken = sum(Town(seed).lived(EVENTS_A_TOWN) for seed in range(EVENTS // EVENTS_A_TOWN))
    case = f"{EVENTS} events, {VEHICLES} vehicles a town"
    yield Metric("promise_broken_by_optimiser", case, broken, "promises", "limit", 0)


class Town:
    """A small town in which things happen: asks, minutes passing, delays, cancellations,
    improvements."""

    def __init__(self, seed: int) -> None:
        self._chance = np.random.default_rng(seed)
        self._travel = random_ways(self._chance, PLACES)
        self._plans = list(random_fleet(self._chance, VEHICLES, PLACES))
        self._rides: dict[str, Ride] = {}
        self._engine = QuoteEngine(plans=self._plans, rides={}, travel=self._travel)
        self._now_s = 0.0
        self._asked = 0
        self.served = 0

    def lived(self, events: int) -> int:
        """Promises broken by improvements in so many events; every insertion is audited, too."""
        happenings = (self._ask, self._pass_time, self._delay, self._cancel, self._improve)
        odds = (0.4, 0.3, 0.05, 0.05, 0.2)
        drawn = self._chance.choice(len(happenings), size=events, p=odds)
        return sum(happenings[which]() for which in drawn.tolist())

    def _ask(self) -> int:
        """A rider asks and takes the first offer; the plan must keep everybody's windows."""
        self._asked += 1
        origin, destination = self._chance.choice(PLACES, size=2, replace=False).tolist()
        ask = Ask(
            ride_id=f"r{self._asked}",
            origins=(Alternative(origin),),
            destinations=(Alternative(destination),),
            now_s=self._now_s,
            depart_after_s=self._now_s + float(self._chance.uniform(0.0, 3600.0)),
            party=random_party(self._chance),
        )
        offers = self._engine.quote(ask)
        if not offers:
            return 0
        before = self._engine.plan_of(offers[0].vehicle_id)
        plan = placed(before, offers[0].ride, self._rides, self._travel)
        if plan is None:
            return 1  # An offer that its own plan does not keep.
        self._rides[ask.ride_id] = offers[0].ride
        wrong = late_ids([before], [plan], self._rides, self._travel)
        self._take_over(plan)
        return len(wrong)

    def _pass_time(self) -> int:
        self._now_s += float(self._chance.exponential(120.0))
        patience = float(self._chance.choice([0.0, 0.5, 1.0]))
        for plan in list(self._plans):
            moved, served = advanced(
                plan, self._rides, self._travel, now_s=self._now_s, patience=patience
            )
            for made in served:
                if made.stop.action is Action.DROPOFF:
                    del self._rides[made.stop.subject_id]
                    self.served += 1
                else:
                    ride = self._rides[made.stop.subject_id]
                    self._rides[ride.ride_id] = replace(ride, boarded_at_s=made.end_s)
            self._take_over(moved)
        return 0

    def _delay(self) -> int:
        """The world holds a vehicle up."""
        plan = self._plans[int(self._chance.integers(VEHICLES))]
        if plan.standing is not None:
            late_s = float(self._chance.uniform(60.0, 900.0))
            held = replace(plan.standing, free_at_s=plan.standing.free_at_s + late_s)
            self._take_over(replace(plan, standing=held, version=plan.version + 1))
        return 0

    def _cancel(self) -> int:
        waiting = [name for name, ride in self._rides.items() if not ride.is_aboard]
        if waiting:
            name = waiting[int(self._chance.integers(len(waiting)))]
            plan = next(plan for plan in self._plans if name in plan.ride_ids)
            self._take_over(plan.without(name))
            del self._rides[name]
        return 0

    def _improve(self) -> int:
        before = list(self._plans)
        try:
            found = improve(
                plans=before,
                rides=self._rides.values(),
                travel=self._travel,
                budget=Iterations(100),
                seed=int(self._chance.integers(2**31)),
                weights=WEIGHTS,
            )
        except PromiseBrokenError:
            return 1
        for plan in found.changed:
            self._take_over(plan)
        return len(late_ids(before, self._plans, self._rides, self._travel))

    def _take_over(self, plan: VehiclePlan) -> None:
        at = next(at for at, old in enumerate(self._plans) if old.vehicle_id == plan.vehicle_id)
        if plan is not self._plans[at]:
            self._plans[at] = plan
            self._engine.replace(plan, self._rides)


def late_ids(
    before: Sequence[VehiclePlan],
    after: Sequence[VehiclePlan],
    rides: Mapping[str, Ride],
    travel: TravelTimes,
) -> set[str]:
    """Riders lost, or later than promised and later than they would have been."""
    was, now = _begins_s(before, rides, travel), _begins_s(after, rides, travel)
    wrong = {stop.subject_id for stop in was.keys() - now.keys()}
    for stop, begin_s in now.items():
        call = call_of(stop, after[0], rides, travel)
        bound_s = max(call.window.latest_s, was.get(stop, 0.0)) + SLACK_S
        if begin_s > bound_s:
            wrong.add(stop.subject_id)
    return wrong | {
        v.subject_id for plan in after for v in violations(plan, rides, travel) if v.fault != "time"
    }


def _begins_s(
    plans: Sequence[VehiclePlan], rides: Mapping[str, Ride], travel: TravelTimes
) -> dict[Stop, float]:
    return {stop: at_s for plan in plans for stop, at_s in _driven(plan, rides, travel)}


def _driven(
    plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes
) -> Iterator[tuple[Stop, float]]:
    """Every stop with the begin of its service when nobody waits longer than for a window to
    open."""
    place = plan.standing.place if plan.standing else plan.vehicle.start_place
    leave_s = plan.standing.free_at_s if plan.standing else plan.vehicle.shift.earliest_s
    for stop in plan.stops:
        call = call_of(stop, plan, rides, travel)
        reach_s = leave_s + travel.between_s(place, call.place)
        begin_s = max(reach_s, call.window.earliest_s)
        yield stop, begin_s
        place, leave_s = call.place, begin_s + call.dwell_s
