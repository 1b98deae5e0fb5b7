"""One to three honest offers for an ask, from the plans as they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from apps.drt.core.asks import Alternative, Ask, Terms
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.problem import Marks, Times
from apps.drt.core.rides import Call, Promise, Ride
from apps.drt.core.rows import empty_rows, longest_row, write_row
from apps.drt.core.scan import KEPT, Wish, choose
from apps.drt.core.travel import TravelTimes
from apps.drt.core.windows import Window

ROOM_TO_GROW = 16


class Kind(StrEnum):
    SOONEST = "soonest"
    LEAST_WALK = "least_walk"
    STEP_FREE = "step_free"


@dataclass(frozen=True, slots=True)
class Preference:
    """What a scan minimises: seconds of added driving and seconds until the rider is there."""

    driving: float
    arrival: float


SOON = Preference(driving=0.1, arrival=1.0)
FRUGAL = Preference(driving=1.0, arrival=0.5)


@dataclass(frozen=True, slots=True)
class Offer:
    """A ride that one vehicle's plan, at this version, can carry.

    ``kinds`` says what the offer is best at. ``runner_up_s`` is how much dearer the next best
    vehicle would be.
    """

    kinds: tuple[Kind, ...]
    vehicle_id: str
    plan_version: int
    ride: Ride
    promise: Promise
    origin: Alternative
    destination: Alternative
    pickup_s: float
    dropoff_s: float
    added_driving_s: float
    runner_up_s: float | None

    @property
    def walk_m(self) -> float:
        return self.origin.walk_m + self.destination.walk_m

    @property
    def arrival_s(self) -> float:
        """When the rider has walked in."""
        return self.dropoff_s + self.ride.dropoff.dwell_s + self.destination.walk_s


@dataclass(frozen=True, slots=True)
class Choice:
    """A place in one vehicle's plan for one pair of stops, with its exact earliest times."""

    vehicle: int
    up: int
    down: int
    pickup_s: float
    dropoff_s: float
    added_s: float
    runner_up_s: float | None


class QuoteEngine:
    """The fleet's plans in rows. A cache: whoever commits re-checks the plan it commits to."""

    def __init__(
        self,
        *,
        plans: Iterable[VehiclePlan],
        rides: Mapping[str, Ride],
        travel: TravelTimes,
        terms: Terms | None = None,
    ) -> None:
        self.terms = terms or Terms()
        self.travel = travel
        self._plans = list(plans)
        self._index = {plan.vehicle_id: at for at, plan in enumerate(self._plans)}
        self._from_s = np.ascontiguousarray(travel.time_s)
        self._onto_s = np.ascontiguousarray(travel.time_s.T)
        self._rows = empty_rows(len(self._plans), longest_row(self._plans) + ROOM_TO_GROW)
        for at, plan in enumerate(self._plans):
            write_row(self._rows, at, plan, rides, travel)

    @property
    def plans(self) -> tuple[VehiclePlan, ...]:
        return tuple(self._plans)

    def plan_of(self, vehicle_id: str) -> VehiclePlan:
        return self._plans[self._index[vehicle_id]]

    def replace(self, plan: VehiclePlan, rides: Mapping[str, Ride]) -> None:
        """Take over a newer version of one vehicle's plan."""
        if len(plan.stops) + 2 > self._rows.place.shape[1]:
            self._grow(len(plan.stops) + 2 + ROOM_TO_GROW)
        at = self._index[plan.vehicle_id]
        self._plans[at] = plan
        write_row(self._rows, at, plan, rides, self.travel)

    def quote(self, ask: Ask) -> tuple[Offer, ...]:
        """The soonest offer, one with the least walk, one without steps; equal ones are told
        once."""
        wish = self.wish_of(ask)
        walks_m = _walks_m(ask)
        step_free = _step_free(ask)
        usable = step_free if ask.needs_step_free else np.ones_like(step_free)
        if not usable.any():
            return ()
        wish = wish._replace(wanted=usable)
        soonest = self.choose(ask, wish, SOON)
        if soonest is None:
            return ()
        found: dict[Choice, tuple[Kind, ...]] = {soonest: (Kind.SOONEST,)}
        least = usable & (walks_m <= walks_m[usable].min())
        if not least.all():
            self._add(found, Kind.LEAST_WALK, self.choose(ask, wish._replace(wanted=least), FRUGAL))
        if step_free[soonest.up, soonest.down]:
            self._add(found, Kind.STEP_FREE, soonest)
        elif step_free.any():
            self._add(
                found, Kind.STEP_FREE, self.choose(ask, wish._replace(wanted=step_free), SOON)
            )
        return tuple(self._offer(ask, choice, kinds) for choice, kinds in found.items())

    def wish_of(self, ask: Ask, terms: Terms | None = None) -> Wish:
        terms = terms or self.terms
        ups = [ask.pickup_window(origin, terms) for origin in ask.origins]
        downs = [ask.dropoff_window(destination, terms) for destination in ask.destinations]
        up_place = np.array([origin.place for origin in ask.origins], np.int32)
        down_place = np.array([destination.place for destination in ask.destinations], np.int32)
        factor = np.array([self.travel.factor_at(_dated(ask, window)) for window in ups])
        direct_s = self._from_s[up_place[:, None], down_place[None, :]] * factor[:, None]
        spare_s = direct_s + terms.spare_ride_s
        ride_limit_s = np.maximum(direct_s * terms.detour_factor, spare_s)
        return Wish(
            up_place=up_place,
            up_earliest_s=np.array([window.earliest_s for window in ups]),
            up_latest_s=np.array([window.latest_s for window in ups]),
            up_factor=factor,
            down_place=down_place,
            down_earliest_s=np.array([window.earliest_s for window in downs]),
            down_latest_s=np.array([window.latest_s for window in downs]),
            walk_out_s=np.array([destination.walk_s for destination in ask.destinations]),
            direct_s=direct_s,
            ride_limit_s=ride_limit_s,
            wanted=np.ones(direct_s.shape, np.bool_),
            may_carry=self._may_carry(ask),
        )

    def choose(self, ask: Ask, wish: Wish, preference: Preference) -> Choice | None:
        """The cheapest place by a preference that has an exact schedule."""
        finds, rank, pickup_s, dropoff_s = choose(
            self._rows, self._onto_s, self._from_s, wish, ask.party.packed, ask.board_s,
            ask.alight_s, preference.driving, preference.arrival, _since_s(ask),
        )  # fmt: skip
        if rank < 0:
            return None
        dearer_s = float(finds.cost[rank + 1] - finds.cost[rank]) if rank + 1 < KEPT else np.inf
        return Choice(
            vehicle=int(finds.vehicle[rank]),
            up=int(finds.up[rank]),
            down=int(finds.down[rank]),
            pickup_s=pickup_s,
            dropoff_s=dropoff_s,
            added_s=float(finds.added_s[rank]),
            runner_up_s=None if np.isinf(dearer_s) else dearer_s,
        )

    @staticmethod
    def _add(found: dict[Choice, tuple[Kind, ...]], kind: Kind, choice: Choice | None) -> None:
        if choice is not None:
            found[choice] = (*found.get(choice, ()), kind)

    def _offer(self, ask: Ask, choice: Choice, kinds: tuple[Kind, ...]) -> Offer:
        plan = self._plans[choice.vehicle]
        origin, destination = ask.origins[choice.up], ask.destinations[choice.down]
        ride = self.ride_of(ask, origin, destination)
        promise = self._promise(ask, ride, choice.pickup_s, choice.dropoff_s)
        return Offer(
            kinds=kinds,
            vehicle_id=plan.vehicle_id,
            plan_version=plan.version,
            ride=ride.promised(promise),
            promise=promise,
            origin=origin,
            destination=destination,
            pickup_s=choice.pickup_s,
            dropoff_s=choice.dropoff_s,
            added_driving_s=choice.added_s,
            runner_up_s=choice.runner_up_s,
        )

    def ride_of(self, ask: Ask, origin: Alternative, destination: Alternative) -> Ride:
        """The ride as asked for, before anything is promised."""
        up = ask.pickup_window(origin, self.terms)
        direct_s = self.travel.between_s(origin.place, destination.place, leaving_s=_dated(ask, up))
        return Ride(
            ride_id=ask.ride_id,
            pickup=Call(origin.place, up, ask.board_s),
            dropoff=Call(
                destination.place, ask.dropoff_window(destination, self.terms), ask.alight_s
            ),
            party=ask.party,
            max_ride_s=self.terms.longest_ride_s(direct_s),
            vehicles=ask.vehicles,
        )

    def _promise(self, ask: Ask, ride: Ride, pickup_s: float, dropoff_s: float) -> Promise:
        """A window that opens at the planned pick-up, and the latest drop-off it allows."""
        latest_s = min(ride.pickup.window.latest_s, pickup_s + self.terms.pickup_window_s)
        by_s = min(ride.dropoff.window.latest_s, latest_s + ask.board_s + ride.max_ride_s)
        return Promise(Window(pickup_s, max(pickup_s, latest_s)), max(by_s, dropoff_s))

    def _may_carry(self, ask: Ask) -> Marks:
        if ask.vehicles is None:
            return np.ones(len(self._plans), np.bool_)
        return np.array([plan.vehicle_id in ask.vehicles for plan in self._plans])

    def _grow(self, room: int) -> None:
        old = self._rows
        self._rows = empty_rows(len(self._plans), room)
        for name in old._fields:
            source, target = getattr(old, name), getattr(self._rows, name)
            target[tuple(slice(size) for size in source.shape)] = source


def _since_s(ask: Ask) -> float:
    return ask.now_s if ask.depart_after_s is None else ask.depart_after_s


def _dated(ask: Ask, window: Window) -> float:
    """The moment whose time-of-day factor holds for the ride's own leg."""
    if ask.arrive_by_s is None:
        return window.earliest_s
    return ask.arrive_by_s


def _walks_m(ask: Ask) -> Times:
    walk_in = np.array([origin.walk_m for origin in ask.origins])
    walk_out = np.array([destination.walk_m for destination in ask.destinations])
    both: Times = walk_in[:, None] + walk_out[None, :]
    return both


def _step_free(ask: Ask) -> Marks:
    up = np.array([origin.step_free for origin in ask.origins])
    down = np.array([destination.step_free for destination in ask.destinations])
    both: Marks = up[:, None] & down[None, :]
    return both
