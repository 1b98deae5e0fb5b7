"""Independent verdicts: each solution against the instance as read, each route by a linear
program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from apps.drt.core.audit import violations
from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.windows import FOREVER_S
from benchmarks.drt.formats import MINUTE_S, Instance

SLACK_S = 1e-4


class WrongSolutionError(Exception):
    """A solution that breaks a constraint stops the benchmark; it never enters a mean."""


def distance(instance: Instance, plans: Sequence[VehiclePlan]) -> float:
    """The driven distance in the instance's unit, after everything was checked."""
    rides = {ride.ride_id: ride for ride in instance.rides}
    if sorted(ride_id for plan in plans for ride_id in plan.ride_ids) != sorted(rides):
        raise WrongSolutionError(f"{instance.name}: not every ride is served exactly once")
    for plan in plans:
        if wrong := violations(plan, rides, instance.travel):
            raise WrongSolutionError(f"{instance.name}: {wrong}")
        if not has_schedule(plan, rides, instance.travel):
            raise WrongSolutionError(f"{instance.name}: {plan.vehicle_id} has no schedule")
    return sum(_driven_s(plan, rides, instance.travel) for plan in plans) / MINUTE_S


def has_schedule(plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> bool:
    """Whether a linear program finds begins of service that keep every constraint as it was
    read."""
    calls = _calls(plan, rides)
    system = _System(len(calls))
    for at in range(len(calls) - 1):
        way_s = travel.time_s[calls[at].place, calls[at + 1].place]
        system.demand(at, at + 1, calls[at].dwell_s + way_s)
    for at, stop in enumerate(plan.stops, start=1):
        if stop.action is Action.DROPOFF:
            up = plan.stops.index(Stop(stop.subject_id, Action.PICKUP)) + 1
            ride = rides[stop.subject_id]
            system.demand(at, up, -ride.max_ride_s - ride.pickup.dwell_s)
    system.demand(len(calls) - 1, 0, -plan.vehicle.max_route_s)
    bounds = [(call.window.earliest_s, call.window.latest_s + SLACK_S) for call in calls]
    return system.is_solvable(bounds)


@dataclass(frozen=True, slots=True)
class _Demand:
    origin: int
    target: int
    least_s: float


class _System:
    """Difference constraints ``x[target] - x[origin] >= least``."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._demands: list[_Demand] = []

    def demand(self, origin: int, target: int, least_s: float) -> None:
        if least_s > -FOREVER_S / 2:
            self._demands.append(_Demand(origin, target, least_s))

    def is_solvable(self, bounds: list[tuple[float, float]]) -> bool:
        left = np.zeros((len(self._demands), self._size))
        for row, demand in enumerate(self._demands):
            left[row, demand.origin] += 1.0
            left[row, demand.target] -= 1.0
        right = np.array([SLACK_S - demand.least_s for demand in self._demands])
        found = linprog(np.zeros(self._size), A_ub=left, b_ub=right, bounds=bounds)
        return bool(found.status == 0)


def _calls(plan: VehiclePlan, rides: Mapping[str, Ride]) -> list[Call]:
    vehicle = plan.vehicle
    inner = [_raw_call(rides[stop.subject_id], stop) for stop in plan.stops]
    start, end = vehicle.start_place, vehicle.end_place
    return [Call(start, vehicle.shift), *inner, Call(end, vehicle.shift)]


def _raw_call(ride: Ride, stop: Stop) -> Call:
    return ride.pickup if stop.action is Action.PICKUP else ride.dropoff


def _driven_s(plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes) -> float:
    if not plan.stops:
        return 0.0
    places: NDArray[np.intp] = np.array([call.place for call in _calls(plan, rides)])
    return float(travel.time_s[places[:-1], places[1:]].sum())
