"""What two open solvers make of the same instances in the same time.

OR-Tools knows the longest ride as a constraint added by hand. VROOM does not know it: it is given
windows so narrow that no ride can last too long, and what it answers is judged like everything
else. Where the fleet counts before the distance, each vehicle used costs more than any detour.
"""

from datetime import timedelta
from math import ceil
from typing import Any

import numpy as np
import vroom
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from apps.drt.core.plans import Action, Stop, VehiclePlan
from apps.drt.core.rides import Ride
from apps.drt.core.windows import FOREVER_S, Window
from benchmarks.drt.formats import Instance
from benchmarks.drt.judge import WrongSolutionError, distance

STEPS = 100  # Both count in whole numbers: hundredths of a second.
DROPPED_COST = 10**9
VEHICLE_COST = 10**7
Plans = list[VehiclePlan]


def ortools_distance(instance: Instance, limit_s: float) -> float | None:
    """Distance by guided local search, or None where a ride stays unserved."""
    return _judged(instance, ortools_plans(instance, limit_s))


def vroom_distance(instance: Instance, limit_s: float) -> float | None:
    """Distance at the deepest exploration, or None where a ride stays unserved."""
    return _judged(instance, vroom_plans(instance, limit_s))


def ortools_plans(
    instance: Instance, limit_s: float, *, fewest_vehicles: bool = False
) -> Plans | None:
    vehicles, requests = len(instance.plans), len(instance.rides)
    depot = instance.plans[0].vehicle
    manager = pywrapcp.RoutingIndexManager(
        instance.travel.places,
        vehicles,
        [depot.start_place] * vehicles,
        [depot.end_place] * vehicles,
    )
    routing = pywrapcp.RoutingModel(manager)
    way = _steps(instance)
    dwell = [0] * instance.travel.places
    for ride in instance.rides:
        dwell[ride.pickup.place] = round(ride.pickup.dwell_s * STEPS)
        dwell[ride.dropoff.place] = round(ride.dropoff.dwell_s * STEPS)
    cost = routing.RegisterTransitMatrix(way)
    routing.SetArcCostEvaluatorOfAllVehicles(cost)
    lasting = [[a + dwell[row] for a in line] for row, line in enumerate(way)]
    if fewest_vehicles:
        routing.SetFixedCostOfAllVehicles(VEHICLE_COST)
    longest = round(min(depot.max_route_s, depot.shift.latest_s) * STEPS)
    routing.AddDimension(routing.RegisterTransitMatrix(lasting), longest, longest, False, "time")
    loads = [0] * instance.travel.places
    for ride in instance.rides:
        loads[ride.pickup.place], loads[ride.dropoff.place] = ride.party.seats, -ride.party.seats
    room = depot.layouts[0].seats
    routing.AddDimension(routing.RegisterUnaryTransitVector(loads), 0, room, True, "room")
    time = routing.GetDimensionOrDie("time")
    for ride in instance.rides:
        _add_pair(routing, manager, time, ride, longest)
    found = routing.SolveWithParameters(_parameters(limit_s))
    if found is None:
        return None
    return [
        plan.with_stops(_driven(routing, manager, found, vehicle, requests))
        for vehicle, plan in enumerate(instance.plans)
    ]


def _steps(instance: Instance) -> list[list[int]]:
    rounded: list[list[int]] = np.ceil(instance.travel.time_s * STEPS).astype(np.int64).tolist()
    return rounded


def _add_pair(
    routing: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    time: pywrapcp.RoutingDimension,
    ride: Ride,
    longest: int,
) -> None:
    up, down = manager.NodeToIndex(ride.pickup.place), manager.NodeToIndex(ride.dropoff.place)
    routing.AddPickupAndDelivery(up, down)
    solver = routing.solver()
    solver.Add(routing.VehicleVar(up) == routing.VehicleVar(down))
    solver.Add(time.CumulVar(up) <= time.CumulVar(down))
    limit = min(longest, round((ride.max_ride_s + ride.pickup.dwell_s) * STEPS))
    solver.Add(time.CumulVar(down) - time.CumulVar(up) <= limit)
    for index, call in ((up, ride.pickup), (down, ride.dropoff)):
        first = ceil(call.window.earliest_s * STEPS)
        last = min(longest, int(call.window.latest_s * STEPS))
        time.CumulVar(index).SetRange(first, last)
        routing.AddDisjunction([index], DROPPED_COST)


def _parameters(limit_s: float) -> object:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.time_limit.FromMilliseconds(int(limit_s * 1000))
    return parameters


def _driven(
    routing: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    found: pywrapcp.Assignment,
    vehicle: int,
    requests: int,
) -> tuple[Stop, ...]:
    stops = []
    index = found.Value(routing.NextVar(routing.Start(vehicle)))
    while not routing.IsEnd(index):
        stops.append(_stop(manager.IndexToNode(index), requests))
        index = found.Value(routing.NextVar(index))
    return tuple(stops)


def _stop(place: int, requests: int) -> Stop:
    action = Action.PICKUP if place < requests else Action.DROPOFF
    return Stop(str(place % requests + 1), action)


def _judged(instance: Instance, plans: Plans | None) -> float | None:
    """The distance, or None where a ride is missing or a constraint broken."""
    try:
        return None if plans is None else distance(instance, plans)
    except WrongSolutionError:
        return None


def vroom_plans(
    instance: Instance, limit_s: float, *, fewest_vehicles: bool = False
) -> Plans | None:
    problem = vroom.Input()
    problem.set_durations_matrix(profile="car", matrix_input=np.array(_steps(instance), np.uint32))
    shift = instance.plans[0].vehicle.shift
    for number, plan in enumerate(instance.plans):
        vehicle = plan.vehicle
        problem.add_vehicle(
            vroom.Vehicle(
                number,
                start=vehicle.start_place,
                end=vehicle.end_place,
                capacity=[vehicle.layouts[0].seats],
                time_window=_whole(shift),
                costs=vroom.VehicleCosts(fixed=VEHICLE_COST if fewest_vehicles else 0),
            )
        )
    for number, ride in enumerate(instance.rides):
        up, down = shaved(instance.travel.tightened(ride))
        problem.add_shipment(
            vroom.ShipmentStep(
                number, ride.pickup.place, _dwell(ride.pickup.dwell_s), time_windows=[up]
            ),
            vroom.ShipmentStep(
                number, ride.dropoff.place, _dwell(ride.dropoff.dwell_s), time_windows=[down]
            ),
            amount=vroom.Amount([ride.party.seats]),
        )
    solution = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=limit_s))
    return None if solution.summary.unassigned else _vroom_plans(instance, solution)


def _dwell(dwell_s: float) -> int:
    return round(dwell_s * STEPS)


def _whole(window: Window) -> vroom.TimeWindow:
    return vroom.TimeWindow(ceil(window.earliest_s * STEPS), int(window.latest_s * STEPS))


def shaved(ride: Ride) -> tuple[vroom.TimeWindow, vroom.TimeWindow]:
    """Windows so narrow that the longest ride is kept; the wider of the two gives way."""
    up, down = ride.pickup.window, ride.dropoff.window
    spare_s = ride.max_ride_s + ride.pickup.dwell_s
    if ride.max_ride_s >= FOREVER_S:
        return _whole(up), _whole(down)
    if up.width_s > down.width_s:
        up = Window(min(up.latest_s, max(up.earliest_s, down.latest_s - spare_s)), up.latest_s)
    else:
        down = Window(
            down.earliest_s, max(down.earliest_s, min(down.latest_s, up.earliest_s + spare_s))
        )
    return _whole(up), _whole(down)


def _vroom_plans(instance: Instance, solution: Any) -> Plans:
    plans = list(instance.plans)
    steps = solution.routes
    for number, route in steps[steps["type"].isin(["pickup", "delivery"])].groupby("vehicle_id"):
        stops = tuple(
            Stop(str(int(row.id) + 1), Action.PICKUP if row.type == "pickup" else Action.DROPOFF)
            for row in route.itertuples()
        )
        plans[int(number)] = plans[int(number)].with_stops(stops)
    return plans
