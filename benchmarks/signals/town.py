"""A SUMO scenario as our core sees it: its junctions with their streams, conflicts and stages.

Stages are the green phases of the file's own programme, conflicts the pairs that none of them shows
green together. Where a network has crossings with lights, their walkers are a stream of their own;
elsewhere each stage gets a crossing beside its through traffic, so that pedestrian clearance is
kept although the scenario knows no walkers. A light whose programme has no two stages to choose
from (a crossing on demand, a railway) is left to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import libsumo
import numpy as np

from apps.traffic.core import guard, horizon
from apps.traffic.core.guard import Aspect
from apps.traffic.core.layout import Junction, SignalGroup, Stream

SATURATION_PER_S = 0.5  # 1,800 vehicles an hour and lane
YIELDING_SHARE = 0.5
YELLOW_S, RED_CLEAR_S, LEAST_GREEN_S = 3.0, 2.0, 6.0
WALK_S, WALKING_CLEARANCE_S = 5.0, 8.0  # eleven metres at a walking speed of 1.4 m/s
WALKING_MPS, LEAST_CLEARANCE_S = 1.4, 3.0


@dataclass
class Light:
    """One signalised junction under our control. `groups[link]` is the signal group of a link of
    SUMO's, `crossings[group]` the walking area and the crossing of walkers that the network has."""

    name: str
    states: list[str]
    junction: Junction
    groups: dict[int, int]
    crossings: dict[int, tuple[str, str]]
    lanes: list[str]
    links: list[list[int]]
    exits: list[list[str]]
    signals: horizon.Signals
    state: guard.State
    rates: np.ndarray = field(default_factory=lambda: np.zeros(0))
    entered: list[set[str]] = field(default_factory=list)


def opened(light: str, now_s: float) -> Light | None:
    """None for a light that offers no choice."""
    states = _stages_of(light)
    if len(states) < 2:
        return None
    links = libsumo.trafficlight.getControlledLinks(light)
    served = [i for i in range(len(states[0])) if any(state[i] in "Gg" for state in states)]
    groups = {link: group for group, link in enumerate(served)}
    walked = {groups[i]: _crossing(links[i]) for i in served if _is_walked(links[i])}
    junction = _layout(light, states, groups, walked)
    driven = [i for i, link in enumerate(links) if link and not _is_walked(link)]
    lanes = sorted({links[i][0][0] for i in driven})
    indexes = [[i for i in driven if links[i][0][0] == lane] for lane in lanes]
    flow = np.array([[_flow(state, indices) for state in states] for indices in indexes])
    return Light(
        name=light,
        states=states,
        junction=junction,
        groups=groups,
        crossings=walked,
        lanes=lanes,
        links=indexes,
        exits=[sorted({links[i][0][1] for i in indices}) for indices in indexes],
        signals=horizon.Signals(
            flow.reshape(len(lanes), len(states)), _changes(junction), _least(junction)
        ),
        state=guard.begin(junction, now_s - 10.0),
        rates=np.zeros(len(lanes)),
        entered=[set() for _ in lanes],
    )


Links = Sequence[tuple[str, str, str]]  # from lane, to lane, by way of


def _is_walked(links: Links) -> bool:
    """Vehicles go to a lane of a street, walkers to a crossing, which is part of the junction."""
    return bool(links) and links[0][1].startswith(":")


def _crossing(links: Links) -> tuple[str, str]:
    return libsumo.lane.getEdgeID(links[0][0]), links[0][1]


def _stages_of(light: str) -> list[str]:
    """The green phases of the programme that runs: those without yellow in which somebody goes.
    What has green in all of them makes no stage by itself."""
    running = libsumo.trafficlight.getProgram(light)
    logics = {one.programID: one for one in libsumo.trafficlight.getAllProgramLogics(light)}
    phases = [phase.state for phase in logics[running].phases] if running in logics else []
    greens = [s for s in phases if not set(s.lower()) & {"y", "u"} and set(s) & {"G", "g"}]
    stages = list(dict.fromkeys(greens))
    always = set[int].intersection(*map(_green, stages)) if stages else set()
    return [state for state in stages if _green(state) > always] or stages[:1]


def _green(state: str) -> set[int]:
    return {i for i, letter in enumerate(state) if letter in "Gg"}


def _layout(
    light: str, states: Sequence[str], groups: dict[int, int], walked: dict[int, tuple[str, str]]
) -> Junction:
    """One group a link; where the network has no crossings one group of walkers a stage, who
    conflict with all traffic that the stage holds back."""
    plans = [
        _walkers(f"{light}/{i}", walked[g]) if g in walked else _vehicles(f"{light}/{i}")
        for i, g in groups.items()
    ]
    stages = [{groups[i] for i in _green(state)} for state in states]
    conflicts = {
        frozenset((a, b))
        for a in groups.values()
        for b in groups.values()
        if a < b and not any({a, b} <= stage for stage in stages)
    }
    if not walked:
        _add_walkers(light, states, plans, stages, conflicts)
    return Junction(tuple(plans), frozenset(conflicts), tuple(map(frozenset, stages)))


def _vehicles(name: str) -> SignalGroup:
    return SignalGroup(name, Stream.VEHICLES, LEAST_GREEN_S, YELLOW_S, RED_CLEAR_S)


def _walkers(name: str, crossing: tuple[str, str]) -> SignalGroup:
    across_s = libsumo.lane.getLength(crossing[1]) / WALKING_MPS
    return SignalGroup(name, Stream.WALKERS, WALK_S, max(LEAST_CLEARANCE_S, across_s))


def _add_walkers(
    light: str, states: Sequence[str], plans: list[SignalGroup], stages: list[set[int]],
    conflicts: set[frozenset[int]],
) -> None:  # fmt: skip
    vehicles, most = set(range(len(plans))), max(map(len, map(_green, states)))
    for number, stage in enumerate(stages):
        if 2 * len(_green(states[number])) >= most:  # not merely a turn
            walkers = len(plans)
            name = f"{light}/walk {number}"
            plans.append(SignalGroup(name, Stream.WALKERS, WALK_S, WALKING_CLEARANCE_S))
            conflicts |= {frozenset((walkers, held)) for held in vehicles - stage}
            stage.add(walkers)


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


def shown(light: Light) -> str:
    """The state string for SUMO: the stage's own letters where its groups are green. Walkers on
    their way go on over a red light."""
    aspects = light.state.aspects()
    letters = []
    for link, letter in enumerate(light.states[light.state.stage]):
        group = light.groups.get(link)
        aspect = aspects[group] if group is not None else Aspect.RED
        clearing = "r" if group in light.crossings else "y"
        kept = letter if letter in "Gg" else "g"
        letters.append({Aspect.GREEN: kept, Aspect.CLEARING: clearing, Aspect.RED: "r"}[aspect])
    return "".join(letters)


def scenarios(folder: Path) -> Iterator[tuple[str, Path]]:
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        for configuration in sorted(place.glob("*.sumocfg")):
            yield place.name, configuration
