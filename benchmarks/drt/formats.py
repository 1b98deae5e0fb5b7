"""Readers of the public instances: DARP (Cordeau), dynamic DARP (Berbeglia), PDPTW (Li & Lim).

Their unit of time is a minute, and a minute is a unit of distance; the core counts seconds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from pathlib import Path

import numpy as np

from apps.drt.core.capacity import Capacity
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import FOREVER_S, Window

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """Vehicles with empty plans, rides, ways; for dynamic instances when each ride becomes
    known."""

    name: str
    plans: tuple[VehiclePlan, ...]
    rides: tuple[Ride, ...]
    travel: TravelTimes
    known_at_s: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    x: float
    y: float
    dwell: float
    load: int
    earliest: float
    latest: float


def read_darp(path: Path) -> Instance:
    """Header ``K n T Q L``; in the pr files n counts nodes and one depot serves both ends."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    vehicles, _, longest_route, room, longest_ride = (float(word) for word in lines[0][:5])
    rows = [_darp_row(words) for words in lines[1:]]
    requests = (len(rows) - 1) // 2
    stations = rows[1 : 2 * requests + 1]
    ends = [rows[0], rows[-1] if len(rows) == 2 * requests + 2 else rows[0]]
    rides = [
        _ride(index, stations[index], stations[requests + index], requests, longest_ride * MINUTE_S)
        for index in range(requests)
    ]
    return _instance(
        path.stem, int(vehicles), int(room), longest_route * MINUTE_S, rides, stations + ends
    )


def read_ddarp(path: Path) -> Instance:
    """The same with the moment at which each request arrives."""
    told = json.loads(path.read_text())
    static, requests = told["static_info"], told["requests"]
    depot = static["depot_location"]
    longest = float(static["max_route_time"])
    home = _Row(depot["x_coord"], depot["y_coord"], 0.0, 0, 0.0, longest)
    stations = [_told_row(request, "pickup") for request in requests]
    stations += [_told_row(request, "delivery") for request in requests]
    limit_s = static["max_ride_time"] * MINUTE_S
    rides = [
        _ride(index, stations[index], stations[len(requests) + index], len(requests), limit_s)
        for index in range(len(requests))
    ]
    return _instance(
        path.stem,
        static["number_of_vehicles"],
        static["vehicle_capacity"],
        longest * MINUTE_S,
        rides,
        [*stations, home, home],
        tuple(request["arrival_time"] * MINUTE_S for request in requests),
    )


def read_lilim(path: Path) -> Instance:
    """Header ``K Q speed``; every row names its partner: 0 where it is the other end."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    vehicles, room = int(lines[0][0]), int(lines[0][1])
    rows = [
        _Row(float(w[1]), float(w[2]), float(w[6]), int(w[3]), float(w[4]), float(w[5]))
        for w in lines[1:]
    ]
    partner = [int(words[8]) for words in lines[1:]]
    ups = [at for at in range(1, len(rows)) if partner[at]]
    stations = [rows[at] for at in ups] + [rows[partner[at]] for at in ups]
    rides = [
        _ride(i, stations[i], stations[len(ups) + i], len(ups), FOREVER_S) for i in range(len(ups))
    ]
    return _instance(path.stem, vehicles, room, FOREVER_S, rides, [*stations, rows[0], rows[0]])


def _darp_row(words: Sequence[str]) -> _Row:
    _, x, y, dwell, load, earliest, latest = words[:7]
    return _Row(float(x), float(y), float(dwell), abs(int(load)), float(earliest), float(latest))


def _told_row(request: dict[str, float | dict[str, float]], end: str) -> _Row:
    place = request[f"{end}_location"]
    assert isinstance(place, dict)
    numbers = (request[f"{end}_{what}"] for what in ("service_time", "lower_tw", "upper_tw"))
    dwell, earliest, latest = (float(number) for number in numbers if not isinstance(number, dict))
    load = request["load"]
    assert not isinstance(load, dict)
    return _Row(place["x_coord"], place["y_coord"], dwell, int(load), earliest, latest)


def _ride(index: int, up: _Row, down: _Row, requests: int, limit_s: float) -> Ride:
    return Ride(
        ride_id=str(index + 1),
        pickup=_call(index, up),
        dropoff=_call(requests + index, down),
        party=Capacity(seats=up.load),
        max_ride_s=limit_s,
    )


def _call(place: int, row: _Row) -> Call:
    window = Window(row.earliest * MINUTE_S, row.latest * MINUTE_S)
    return Call(place, window, row.dwell * MINUTE_S)


def _instance(
    name: str,
    vehicles: int,
    room: int,
    longest_route_s: float,
    rides: Sequence[Ride],
    stations: Sequence[_Row],
    known_at_s: tuple[float, ...] = (),
) -> Instance:
    start, end = len(stations) - 2, len(stations) - 1
    shift = Window(stations[start].earliest * MINUTE_S, stations[end].latest * MINUTE_S)
    plans = tuple(
        VehiclePlan(
            Vehicle(f"v{at + 1}", (Capacity(seats=room),), start, end, shift, longest_route_s)
        )
        for at in range(vehicles)
    )
    ways = [[hypot(a.x - b.x, a.y - b.y) * MINUTE_S for b in stations] for a in stations]
    return Instance(name, plans, tuple(rides), TravelTimes(np.array(ways)), known_at_s)
