"""Ways to answer a rider, to be compared on the same day: ours and what is usual elsewhere."""

from dataclasses import replace
from math import inf
from typing import Protocol

from apps.drt.core.asks import Ask
from apps.drt.core.budget import Iterations
from apps.drt.core.ejection import second_chance
from apps.drt.core.improving import improve
from apps.drt.core.placing import placed
from apps.drt.core.plans import Action, Stop
from apps.drt.core.posing import Weights
from apps.drt.core.rides import Promise, Ride
from apps.drt.core.simulation.fleet import Fleet
from apps.drt.core.windows import Window

WEIGHTS = Weights(wait=1.0, arrival=0.5)


class Dispatcher(Protocol):
    """Says yes or no to an ask, and may think again as time passes."""

    name: str
    patience: float

    def take(self, fleet: Fleet, ask: Ask) -> Promise | None: ...

    def think(self, fleet: Fleet, now_s: float) -> None: ...


class GreedyInsertion:
    """The cheapest place in the plans as they stand, which are never thought over."""

    name = "greedy insertion"
    patience = 0.0

    def take(self, fleet: Fleet, ask: Ask) -> Promise | None:
        offers = fleet.engine.quote(ask)
        if not offers:
            return None
        offer = offers[0]
        plan = placed(
            fleet.engine.plan_of(offer.vehicle_id), offer.ride, fleet.rides, fleet.town.travel
        )
        if plan is None:
            return None
        fleet.rides[ask.ride_id] = offer.ride
        fleet.take_over(plan)
        return offer.promise

    def think(self, fleet: Fleet, now_s: float) -> None:
        """Greed does not think again."""


class Ours(GreedyInsertion):
    """Insertion, a second chance before saying no, and a search after each event and each tick."""

    name = "ours"

    def __init__(self, iterations: int = 300) -> None:
        self._iterations = iterations

    def take(self, fleet: Fleet, ask: Ask) -> Promise | None:
        promise = super().take(fleet, ask) or self._second_chance(fleet, ask)
        if promise is not None:
            self.think(fleet, ask.now_s)
        return promise

    def think(self, fleet: Fleet, now_s: float) -> None:
        carried = {ride_id for plan in fleet.plans for ride_id in plan.ride_ids}
        if not carried:
            return
        found = improve(
            plans=fleet.plans,
            rides=[fleet.rides[ride_id] for ride_id in sorted(carried)],
            travel=fleet.town.travel,
            budget=Iterations(self._iterations),
            seed=int(now_s),
            weights=WEIGHTS,
        )
        for plan in found.changed:
            fleet.take_over(plan)

    def _second_chance(self, fleet: Fleet, ask: Ask) -> Promise | None:
        ride = fleet.engine.ride_of(ask, ask.origins[0], ask.destinations[0])
        found = second_chance(
            plans=fleet.plans,
            ride=ride,
            rides=fleet.rides,
            travel=fleet.town.travel,
            budget=Iterations(self._iterations),
            seed=int(ask.now_s),
            weights=WEIGHTS,
        )
        if found is None:
            return None
        terms = fleet.town.terms
        latest_s = min(ride.pickup.window.latest_s, found.pickup_s + terms.pickup_window_s)
        by_s = min(ride.dropoff.window.latest_s, latest_s + ride.pickup.dwell_s + ride.max_ride_s)
        promise = Promise(Window(found.pickup_s, latest_s), max(by_s, found.dropoff_s))
        fleet.rides[ask.ride_id] = ride.promised(promise)
        for plan in found.changed:
            fleet.take_over(plan)
        return promise


class NearestIdleSolo:
    """A taxi rank: the vehicle that can be there first, one party at a time, queued at its end."""

    name = "nearest idle solo"
    patience = 0.0

    def take(self, fleet: Fleet, ask: Ask) -> Promise | None:
        ride = fleet.engine.ride_of(ask, ask.origins[0], ask.destinations[0])
        pickup_s, vehicle_id = min(
            (self._pickup_s(fleet, vehicle_id, ride), vehicle_id) for vehicle_id in fleet.vans
        )
        if pickup_s == inf:
            return None
        direct_s = fleet.town.travel.between_s(ride.pickup.place, ride.dropoff.place)
        dropoff_s = pickup_s + ride.pickup.dwell_s + direct_s
        if dropoff_s > ride.dropoff.window.latest_s:
            return None
        promise = Promise(Window(pickup_s, pickup_s + fleet.town.terms.pickup_window_s), inf)
        promised = ride.promised(promise)
        fleet.rides[ride.ride_id] = replace(promised, max_ride_s=ride.max_ride_s)
        plan = fleet.vans[vehicle_id].plan
        stops = (Stop(ride.ride_id, Action.PICKUP), Stop(ride.ride_id, Action.DROPOFF))
        fleet.take_over(plan.with_stops((*plan.stops, *stops)))
        return promise

    def think(self, fleet: Fleet, now_s: float) -> None:
        """A queue is served in its order."""

    def _pickup_s(self, fleet: Fleet, vehicle_id: str, ride: Ride) -> float:
        """When the vehicle could take the party up after all it has to do; never is infinite."""
        plan, travel = fleet.vans[vehicle_id].plan, fleet.town.travel
        if not plan.vehicle.has_room_for(ride.party):
            return inf
        assert plan.standing is not None
        place, free_s = plan.standing.place, plan.standing.free_at_s
        for stop in plan.stops:
            other = fleet.rides[stop.subject_id]
            call = other.pickup if stop.action is Action.PICKUP else other.dropoff
            begin_s = free_s + travel.between_s(place, call.place)
            if stop.action is Action.PICKUP:
                begin_s = max(begin_s, call.window.earliest_s)
            place, free_s = call.place, begin_s + call.dwell_s
        reach_s = free_s + travel.between_s(place, ride.pickup.place)
        pickup_s = max(reach_s, ride.pickup.window.earliest_s, _waits_until_s(fleet, ride))
        ends_s = pickup_s + travel.between_s(ride.pickup.place, ride.dropoff.place)
        on_duty = ends_s <= plan.vehicle.shift.latest_s
        return pickup_s if pickup_s <= ride.pickup.window.latest_s and on_duty else inf


def _waits_until_s(fleet: Fleet, ride: Ride) -> float:
    """Who must arrive by a moment is not fetched hours before it."""
    earliest_s = ride.dropoff.window.earliest_s
    direct_s = fleet.town.travel.between_s(ride.pickup.place, ride.dropoff.place)
    return earliest_s - direct_s - ride.pickup.dwell_s
