"""Where idle vehicles should wait: a minimum-cost flow from vehicles to expected demand.

Each place wants as many vehicles as requests are expected there that nobody is near enough to
serve; a vehicle goes at most to one place, and stays where it is if no move is worth its driving.
Solved exactly with OR-Tools' network simplex-like flow (Ahuja, Magnanti & Orlin 1993, chapter 10);
the objective is that of Pavone et al. 2012 on a finite horizon.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ortools.graph.python import min_cost_flow

from apps.drt.core.travel import TravelTimes

SCALE = 100  # costs and shares of a request as whole numbers


@dataclass(frozen=True, slots=True)
class Idle:
    """A vehicle with nothing to do, and where it stands."""

    vehicle_id: str
    place: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What it is worth, in seconds of driving, to be there for one expected request."""

    request_s: float = 900.0
    farthest_s: float = 1500.0


def rebalanced(
    idle: Sequence[Idle],
    expected: Mapping[int, float],
    travel: TravelTimes,
    worth: Worth | None = None,
) -> dict[str, int]:
    """vehicle → the place to wait at, for those that should move (or stay at a place in demand).

    `expected` are requests per place within the horizon, beyond what others will serve.
    """
    worth = worth or Worth()
    places = sorted(place for place, requests in expected.items() if requests > 0)
    if not idle or not places:
        return {}
    flow = min_cost_flow.SimpleMinCostFlow()
    source, sink = 0, 1 + len(idle) + len(places)
    arcs: dict[int, tuple[str, int]] = {}
    for at, vehicle in enumerate(idle, start=1):
        flow.add_arc_with_capacity_and_unit_cost(source, at, 1, 0)
        flow.add_arc_with_capacity_and_unit_cost(at, sink, 1, 0)
        for to, place in enumerate(places, start=1 + len(idle)):
            way_s = travel.between_s(vehicle.place, place)
            if way_s <= worth.farthest_s:
                arc = flow.add_arc_with_capacity_and_unit_cost(at, to, 1, round(way_s * SCALE))
                arcs[arc] = (vehicle.vehicle_id, place)
    for to, place in enumerate(places, start=1 + len(idle)):
        for share in _shares(expected[place]):
            gain_s = worth.request_s * share
            flow.add_arc_with_capacity_and_unit_cost(to, sink, 1, -round(gain_s * SCALE))
    flow.set_node_supply(source, len(idle))
    flow.set_node_supply(sink, -len(idle))
    if flow.solve() != flow.OPTIMAL:
        return {}
    return {vehicle: place for arc, (vehicle, place) in arcs.items() if flow.flow(arc)}


def _shares(requests: float) -> list[float]:
    """2.3 requests are two whole ones and three tenths of one: each vehicle more is worth less."""
    whole = int(requests)
    rest = requests - whole
    return [1.0] * whole + ([rest] if rest > 0.01 else [])
