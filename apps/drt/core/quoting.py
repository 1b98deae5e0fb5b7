"""One to three honest offers for an ask, from the plans as they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isinf

import numpy as np

from apps.drt.core.asks import Alternative, Ask, Terms
from apps.drt.core.ejection import Rearrangement
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.problem import Marks, Times
from apps.drt.core.rides import Call, Promise, Ride
from apps.drt.core.rows import empty_rows, longest_row, write_row
from apps.drt.core.scan import ANYTHING, LEAST_WALK, STEP_FREE, choose
from apps.drt.core.travel import TravelTimes
from apps.drt.core.windows import Window

ROOM_TO_GROW = 16


class Kind(StrEnum):
    SOONEST = "soonest"
    LEAST_WALK = "least_walk"
    STEP_FREE = "step_free"


# Seconds of added driving and seconds until the rider is there, weighed for each kind in its order.
SOON, FRUGAL = (0.1, 1.0), (1.0, 0.5)
GOALS: Times = np.array([(ANYTHING, *SOON), (LEAST_WALK, *FRUGAL), (STEP_FREE, *SOON)])


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
        self._everyone: Marks = np.ones(len(self._plans), np.bool_)
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

    def quote(self, ask: Ask, terms: Terms | None = None) -> tuple[Offer, ...]:
        """The soonest offer, one with the least walk, one without steps; equal ones are one.

        ``terms`` are those of the hour, where they differ from the service's own.
        """
        terms = terms or self.terms
        found: dict[Choice, tuple[Kind, ...]] = {}
        for kind, choice in zip(Kind, self._choices(ask, terms, GOALS), strict=True):
            if choice is not None:
                found[choice] = (*found.get(choice, ()), kind)
        return tuple(self._offer(ask, choice, kinds, terms) for choice, kinds in found.items())

    def offer_after(
        self,
        ask: Ask,
        made_room: Rearrangement,
        origin: int,
        destination: int,
        terms: Terms | None = None,
    ) -> Offer:
        """An offer that holds once others have made room (see ``ejection``)."""
        choice = Choice(
            self._index[made_room.vehicle_id],
            origin,
            destination,
            made_room.pickup_s,
            made_room.dropoff_s,
            0.0,
            None,
        )
        return self._offer(ask, choice, (Kind.SOONEST,), terms or self.terms)

    def soonest(self, ask: Ask, terms: Terms | None = None) -> Choice | None:
        """The best choice on other terms than the service's own: what would have been."""
        return self._choices(ask, terms or self.terms, GOALS[:1])[0]

    def _choices(self, ask: Ask, terms: Terms, goals: Times) -> list[Choice | None]:
        ups = [self._up(ask, origin, terms) for origin in ask.origins]
        downs = [_down(ask, destination, terms) for destination in ask.destinations]
        since_s = ask.now_s if ask.depart_after_s is None else ask.depart_after_s
        figures = (ask.board_s, ask.alight_s, since_s, terms.detour_factor, terms.spare_ride_s)
        rows = choose(
            self._rows, self._onto_s, self._from_s, self._may_carry(ask), np.array(ups),
            np.array(downs), goals, ask.party.packed, ask.needs_step_free, np.array(figures),
        )  # fmt: skip
        return [_choice(row) for row in rows.tolist()]

    def _up(self, ask: Ask, origin: Alternative, terms: Terms) -> tuple[float, ...]:
        window = ask.pickup_window(origin, terms)
        factor = self.travel.factor_at(_dated(ask, window))
        return (
            origin.place, origin.walk_m, origin.walk_s, origin.step_free,
            window.earliest_s, window.latest_s, factor,
        )  # fmt: skip

    def _offer(self, ask: Ask, choice: Choice, kinds: tuple[Kind, ...], terms: Terms) -> Offer:
        plan = self._plans[choice.vehicle]
        origin, destination = ask.origins[choice.up], ask.destinations[choice.down]
        asked = self.ride_of(ask, origin, destination, terms)
        promise = _promise(ask, asked, choice.pickup_s, choice.dropoff_s, terms)
        return Offer(
            kinds=kinds,
            vehicle_id=plan.vehicle_id,
            plan_version=plan.version,
            ride=asked.promised(promise),
            promise=promise,
            origin=origin,
            destination=destination,
            pickup_s=choice.pickup_s,
            dropoff_s=choice.dropoff_s,
            added_driving_s=choice.added_s,
            runner_up_s=choice.runner_up_s,
        )

    def ride_of(
        self, ask: Ask, origin: Alternative, destination: Alternative, terms: Terms | None = None
    ) -> Ride:
        """The ride as asked for, before anything is promised."""
        terms = terms or self.terms
        up = ask.pickup_window(origin, terms)
        direct_s = self.travel.between_s(origin.place, destination.place, leaving_s=_dated(ask, up))
        return Ride(
            ride_id=ask.ride_id,
            pickup=Call(origin.place, up, ask.board_s),
            dropoff=Call(destination.place, ask.dropoff_window(destination, terms), ask.alight_s),
            party=ask.party,
            max_ride_s=terms.longest_ride_s(direct_s),
            vehicles=ask.vehicles,
        )

    def _may_carry(self, ask: Ask) -> Marks:
        if ask.vehicles is None:
            return self._everyone
        return np.array([plan.vehicle_id in ask.vehicles for plan in self._plans], np.bool_)

    def _grow(self, room: int) -> None:
        old = self._rows
        self._rows = empty_rows(len(self._plans), room)
        for name in old._fields:
            source, target = getattr(old, name), getattr(self._rows, name)
            target[tuple(slice(size) for size in source.shape)] = source


def _promise(ask: Ask, ride: Ride, pickup_s: float, dropoff_s: float, terms: Terms) -> Promise:
    """A window that opens at the planned pick-up, and the latest drop-off it allows."""
    latest_s = min(ride.pickup.window.latest_s, pickup_s + terms.pickup_window_s)
    by_s = min(ride.dropoff.window.latest_s, latest_s + ask.board_s + ride.max_ride_s)
    return Promise(Window(pickup_s, max(pickup_s, latest_s)), max(by_s, dropoff_s))


def _down(ask: Ask, destination: Alternative, terms: Terms) -> tuple[float, ...]:
    window = ask.dropoff_window(destination, terms)
    return (
        destination.place, destination.walk_m, destination.walk_s, destination.step_free,
        window.earliest_s, window.latest_s, 1.0,
    )  # fmt: skip


def _choice(row: list[float]) -> Choice | None:
    """A row of the kernel's answer by name."""
    vehicle, up, down, pickup_s, dropoff_s, added_s, runner_up_s = row
    if vehicle < 0:
        return None
    dearer_s = None if isinf(runner_up_s) else runner_up_s
    return Choice(int(vehicle), int(up), int(down), pickup_s, dropoff_s, added_s, dearer_s)


def _dated(ask: Ask, window: Window) -> float:
    """The moment whose time-of-day factor holds for the ride's own leg."""
    return window.earliest_s if ask.arrive_by_s is None else ask.arrive_by_s
