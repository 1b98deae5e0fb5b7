"""What detectors up to 150 m before the line would see: who stands, who comes, who wants to walk.

A lane that begins nearer than that is looked through to those that feed it, up to the next light.
Whoever is there may still turn into another lane; so many of them count as have turned into this
one of late.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import libsumo
import numpy as np

from apps.traffic.core import horizon
from benchmarks.signals.town import Light, walkers_of

SEEN_M = 150.0
STANDING_MPS = 0.5
SPACE_M = 7.5  # a standing vehicle with its gap
MOVING_MPS = 2.0
LET_IN = 20.0  # what an exit that flows takes while others leave it
WALKERS_PER_HOUR = 60.0
RATE_MEMORY_S = 300.0
UNSEEN_RATE = 1e-3  # of a lane that nobody came by yet


@dataclass
class Feeders:
    """Which lanes lead into which, as far as the next light."""

    into: dict[str, list[str]] = field(default_factory=dict)
    lines: frozenset[str] = frozenset()  # lanes that end at a light

    @classmethod
    def read(cls) -> "Feeders":
        into: dict[str, list[str]] = {}
        for lane in libsumo.lane.getIDList():
            if not lane.startswith(":"):
                for link in libsumo.lane.getLinks(lane):
                    into.setdefault(link[0], []).append(lane)
        lights = libsumo.trafficlight.getIDList()
        ends = (lane for one in lights for lane in libsumo.trafficlight.getControlledLanes(one))
        return cls(into, frozenset(ends))

    def of(self, lane: str) -> Iterator[tuple[str, float]]:
        """The lane and those before it within sight, each with its end's way to the line."""
        reached, waiting = {lane}, [(lane, 0.0)]
        while waiting:
            one, gap_m = waiting.pop()
            yield one, gap_m
            further_m = gap_m + libsumo.lane.getLength(one)
            if further_m < SEEN_M:
                before = set(self.into.get(one, ())) - reached - self.lines
                reached |= before
                waiting += [(feeder, further_m) for feeder in sorted(before)]


def seen(light: Light, feeders: Feeders, now_s: float) -> horizon.Seen:
    """Queues and arrivals within sight, and beyond it the mean of late."""
    size = len(light.lanes)
    queue, room = np.zeros(size), np.full(size, 100.0)
    arrivals = np.zeros((size, horizon.HORIZON_S))
    feeding = [list(feeders.of(lane)) for lane in light.lanes]
    _note_rates(light)
    claims: dict[str, float] = {}
    for m, found in enumerate(feeding):
        for lane, _gap_m in found:
            claims[lane] = claims.get(lane, 0.0) + light.rates[m] + UNSEEN_RATE
    for m, found in enumerate(feeding):
        sight_s = 0.0
        for lane, gap_m in found:
            share = (light.rates[m] + UNSEEN_RATE) / claims[lane]
            queue[m] += _look(lane, gap_m, share, arrivals[m])
            limit = libsumo.lane.getMaxSpeed(lane)
            sight_s = max(sight_s, min(SEEN_M, gap_m + libsumo.lane.getLength(lane)) / limit)
        arrivals[m, int(sight_s) + 1 :] += light.rates[m]
        room[m] = sum(_free(exit_) for exit_ in light.exits[m])
    green_s = now_s - light.state.since_s
    return horizon.Seen(light.state.stage, green_s, queue, arrivals, room, np.ones(size))


def _note_rates(light: Light) -> None:
    for m, lane in enumerate(light.lanes):
        vehicles = set(libsumo.lane.getLastStepVehicleIDs(lane))
        light.rates[m] += (len(vehicles - light.entered[m]) - light.rates[m]) / RATE_MEMORY_S
        light.entered[m] = vehicles


def _look(lane: str, gap_m: float, share: float, arrivals: horizon.Floats) -> float:
    """How many stand there; those who move are put into their second."""
    length, limit = libsumo.lane.getLength(lane), libsumo.lane.getMaxSpeed(lane)
    standing = 0.0
    for vehicle in libsumo.lane.getLastStepVehicleIDs(lane):
        away_m = gap_m + length - libsumo.vehicle.getLanePosition(vehicle)
        if away_m > SEEN_M:
            continue
        if libsumo.vehicle.getSpeed(vehicle) < STANDING_MPS:
            standing += share
        else:
            arrivals[min(int(away_m / limit), horizon.HORIZON_S - 1)] += share
    return standing


def _free(lane: str) -> float:
    """Places left on an exit; what flows out there meanwhile is let in, too."""
    taken = libsumo.lane.getLastStepVehicleNumber(lane)
    free = float(libsumo.lane.getLength(lane)) / SPACE_M - taken
    moving = libsumo.lane.getLastStepMeanSpeed(lane) > MOVING_MPS
    return float(max(0.0, free)) + (LET_IN if moving else 0.0)


def calls(light: Light, chance: random.Random) -> set[int]:
    """Who wants to go: walkers by chance, and those who stand at a crossing of the network;
    vehicles where one is seen."""
    wanting = {g for g in walkers_of(light) if chance.random() < WALKERS_PER_HOUR / 3600}
    wanting |= {g for g, (area, over) in light.crossings.items() if _somebody_waits(area, over)}
    for lane, served in zip(light.lanes, light.links, strict=True):
        if libsumo.lane.getLastStepHaltingNumber(lane):
            wanting |= {light.groups[i] for i in served if i in light.groups}
    return wanting


def _somebody_waits(area: str, crossing: str) -> bool:
    edge = libsumo.lane.getEdgeID(crossing)
    return any(
        libsumo.person.getNextEdge(person) == edge
        for person in libsumo.edge.getLastStepPersonIDs(area)
    )
