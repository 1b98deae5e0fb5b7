"""A SUMO scenario as our core sees it: junctions, movements, and what detectors would see.

Stages are the green phases of the file's own programme, conflicts the foes of the network. Each
stage gets a crossing for walkers beside its through traffic, so that pedestrian clearance is kept
although the scenarios have no walkers of their own; their calls come from the seed.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import libsumo
import numpy as np
import sumolib

from apps.traffic.core import guard, horizon
from apps.traffic.core.guard import Aspect
from apps.traffic.core.layout import Junction, SignalGroup, Stream

SEEN_M = 150.0
STANDING_MPS = 0.5
SATURATION_PER_S = 0.5  # 1,800 vehicles an hour and lane
YIELDING_SHARE = 0.5
SPACE_M = 7.5  # a standing vehicle with its gap
YELLOW_S, RED_CLEAR_S, LEAST_GREEN_S = 3.0, 2.0, 6.0
WALK_S, WALKING_CLEARANCE_S = 5.0, 8.0  # eleven metres at a walking speed of 1.4 m/s
WALKERS_PER_HOUR = 60.0
RATE_MEMORY_S = 300.0


@dataclass
class Light:
    """One signalised junction under our control."""

    name: str
    states: list[str]
    junction: Junction
    lanes: list[str]
    links: list[list[int]]
    exits: list[list[str]]
    signals: horizon.Signals
    state: guard.State
    rates: np.ndarray = field(default_factory=lambda: np.zeros(0))
    entered: list[set[str]] = field(default_factory=list)


def opened(light: str, network: sumolib.net.Net, now_s: float) -> Light:
    states = _stages_of(light)
    links = libsumo.trafficlight.getControlledLinks(light)
    junction = _layout(light, states, network)
    lanes = sorted({link[0][0] for link in links if link})
    indexes = [[i for i, link in enumerate(links) if link and link[0][0] == lane] for lane in lanes]
    exits = [sorted({links[i][0][1] for i in served}) for served in indexes]
    flow = np.array([[_flow(states[s], served) for s in range(len(states))] for served in indexes])
    return Light(
        name=light,
        states=states,
        junction=junction,
        lanes=lanes,
        links=indexes,
        exits=exits,
        signals=horizon.Signals(flow, _changes(junction), _least(junction)),
        state=guard.begin(junction, now_s - 10.0),
        rates=np.zeros(len(lanes)),
        entered=[set() for _ in lanes],
    )


def _stages_of(light: str) -> list[str]:
    """The green phases of the programme: those without yellow in which somebody goes."""
    logic = libsumo.trafficlight.getAllProgramLogics(light)[0]
    phases = [phase.state for phase in logic.phases]
    stages = [s for s in phases if "y" not in s.lower() and "g" in s.lower()]
    return list(dict.fromkeys(stages))


def _layout(light: str, states: Sequence[str], network: sumolib.net.Net) -> Junction:
    """One group a link; one group of walkers a stage, who conflict with all traffic that the stage
    holds back."""
    count = len(states[0])
    vehicles = [
        SignalGroup(f"{light}/{i}", Stream.VEHICLES, LEAST_GREEN_S, YELLOW_S, RED_CLEAR_S)
        for i in range(count)
    ]
    served = [i for i in range(count) if any(state[i] in "Gg" for state in states)]
    stages = [{i for i in served if state[i] in "Gg"} for state in states]
    renumbered = {i: n for n, i in enumerate(served)}
    groups = [vehicles[i] for i in served]
    conflicts = {
        frozenset((renumbered[a], renumbered[b]))
        for a in served
        for b in served
        if a < b and not any({a, b} <= stage for stage in stages)
    }
    numbered = [{renumbered[i] for i in stage} for stage in stages]
    for number, stage in enumerate(numbered):
        if _goes_through(states[number]):
            walkers = len(groups)
            groups.append(
                SignalGroup(f"{light}/walk {number}", Stream.WALKERS, WALK_S, WALKING_CLEARANCE_S)
            )
            held = set(range(len(served))) - stage
            conflicts |= {frozenset((walkers, other)) for other in held}
            stage.add(walkers)
    return Junction(tuple(groups), frozenset(conflicts), tuple(map(frozenset, numbered)))


def _goes_through(state: str) -> bool:
    """Whether the stage gives somebody right of way and not merely a turn: a quarter at least."""
    return 4 * sum(c in "Gg" for c in state) >= len(state)


def _flow(state: str, served: Sequence[int]) -> float:
    shown = [state[i] for i in served]
    if "G" in shown:
        return SATURATION_PER_S
    return SATURATION_PER_S * YIELDING_SHARE if "g" in shown else 0.0


def _changes(junction: Junction) -> np.ndarray:
    stages = range(len(junction.stages))
    return np.array([[junction.change_s(a, b) if a != b else 0.0 for b in stages] for a in stages])


def _least(junction: Junction) -> np.ndarray:
    return np.array(
        [max(junction.groups[g].min_green_s for g in stage) for stage in junction.stages]
    )


def walkers_of(light: Light) -> Iterator[int]:
    for number, group in enumerate(light.junction.groups):
        if group.stream is Stream.WALKERS:
            yield number


def calls(light: Light, chance: random.Random) -> set[int]:
    """Who wants to go: walkers by chance, vehicles where one is seen."""
    wanting = {g for g in walkers_of(light) if chance.random() < WALKERS_PER_HOUR / 3600}
    shown = _link_groups(light)
    for lane, served in zip(light.lanes, light.links, strict=True):
        if libsumo.lane.getLastStepHaltingNumber(lane):
            wanting |= {shown[i] for i in served if i in shown}
    return wanting


def _link_groups(light: Light) -> dict[int, int]:
    links = len(light.states[0])
    served = [i for i in range(links) if any(s[i] in "Gg" for s in light.states)]
    return {link: group for group, link in enumerate(served)}


def seen(light: Light, now_s: float) -> horizon.Seen:
    """Queues and arrivals within reach of the detectors, and beyond it the mean of late."""
    size = len(light.lanes)
    queue, room = np.zeros(size), np.full(size, 100.0)
    arrivals = np.zeros((size, horizon.HORIZON_S))
    for m, lane in enumerate(light.lanes):
        length, limit = libsumo.lane.getLength(lane), libsumo.lane.getMaxSpeed(lane)
        vehicles = libsumo.lane.getLastStepVehicleIDs(lane)
        light.rates[m] += (len(set(vehicles) - light.entered[m]) - light.rates[m]) / RATE_MEMORY_S
        light.entered[m] = set(vehicles)
        reach_s = min(SEEN_M, length) / limit
        for vehicle in vehicles:
            gap_m = length - libsumo.vehicle.getLanePosition(vehicle)
            if gap_m > SEEN_M:
                continue
            if libsumo.vehicle.getSpeed(vehicle) < STANDING_MPS:
                queue[m] += 1
            else:
                arrivals[m, min(int(gap_m / limit), horizon.HORIZON_S - 1)] += 1
        arrivals[m, int(reach_s) + 1 :] += light.rates[m]
        room[m] = sum(_free(lane_out) for lane_out in light.exits[m])
    green_s = now_s - light.state.since_s
    return horizon.Seen(light.state.stage, green_s, queue, arrivals, room, np.ones(size))


def _free(lane: str) -> float:
    """Places left on an exit; what flows out there meanwhile is let in, too."""
    taken = libsumo.lane.getLastStepVehicleNumber(lane)
    free = float(libsumo.lane.getLength(lane)) / SPACE_M - taken
    moving = libsumo.lane.getLastStepMeanSpeed(lane) > 2.0
    return float(max(0.0, free)) + (20.0 if moving else 0.0)


def shown(light: Light) -> str:
    """The state string for SUMO: the stage's own letters where its groups are green."""
    aspects, groups = light.state.aspects(), _link_groups(light)
    letters = []
    for link, letter in enumerate(light.states[light.state.stage]):
        group = groups.get(link)
        aspect = aspects[group] if group is not None else Aspect.RED
        kept = letter if letter in "Gg" else "g"
        letters.append({Aspect.GREEN: kept, Aspect.CLEARING: "y", Aspect.RED: "r"}[aspect])
    return "".join(letters)


def scenarios(folder: Path) -> Iterator[tuple[str, Path]]:
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        for configuration in sorted(place.glob("*.sumocfg")):
            yield place.name, configuration
