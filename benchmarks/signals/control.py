"""One hour of a scenario under one controller, and what it cost its drivers."""

import random
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import libsumo

from apps.traffic.core import guard, horizon
from apps.traffic.core.guard import Aspect
from apps.traffic.core.layout import Stream
from benchmarks.report import NotMeasuredError
from benchmarks.signals import sight, town
from benchmarks.signals.sight import Feeders
from benchmarks.signals.town import Light

LONGEST_S = 4 * 3600.0
ELASTIC_S = (5.0, 50.0)
Strategy = Callable[[Light, horizon.Seen], int | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`delay_s` is the mean over all trips of time lost and time waited to depart, those that never
    arrived or never departed included (RESCO's measure)."""

    delay_s: float
    longest_walker_wait_s: float
    conflicts: int


def adaptive(light: Light, seen: horizon.Seen) -> int | None:
    """Nothing is to be chosen before a stage has had its least green."""
    if seen.green_s < light.signals.least_s[seen.stage]:
        return seen.stage
    return horizon.wish(light.signals, seen).stage


def max_pressure(light: Light, seen: horizon.Seen) -> int | None:
    return horizon.pressure_wish(light.signals, seen).stage


def run(configuration: Path, seed: int, strategy: Strategy | str) -> Outcome:
    """`strategy` is ours, or the name of a type of SUMO's own programmes: static, actuated."""
    with tempfile.TemporaryDirectory() as folder:
        trips = Path(folder) / "trips.xml"
        options = [
            "sumo", "-c", str(configuration), "--seed", str(seed), "--no-step-log", "true",
            "--no-warnings", "true", "--time-to-teleport", "-1", "--tripinfo-output", str(trips),
            "--tripinfo-output.write-unfinished", "true",
            "--tripinfo-output.write-undeparted", "true", "--step-length", "1",
        ]  # fmt: skip
        if strategy == "actuated":
            options += ["--tls.actuated.jam-threshold", "30"]
        libsumo.start(options)
        try:
            outcome = _drive(seed, strategy)
        finally:
            libsumo.close()
        return Outcome(_delay_s(trips), *outcome)


def _drive(seed: int, strategy: Strategy | str) -> tuple[float, int]:
    if isinstance(strategy, str):
        _install(strategy)
        for _now_s in _seconds():
            libsumo.simulationStep()
        return 0.0, 0
    now_s = libsumo.simulation.getTime()
    found = (town.opened(light, now_s) for light in libsumo.trafficlight.getIDList())
    lights, feeders = [light for light in found if light is not None], Feeders.read()
    if not lights:
        raise NotMeasuredError("no light of the scenario offers a choice of stages")
    chance = random.Random(seed)
    longest_s, conflicts = 0.0, 0
    for now_s in _seconds():
        for light in lights:
            _step(light, feeders, now_s, strategy, chance)
            longest_s = max(longest_s, _longest_wait_s(light, now_s))
            conflicts += _conflicting(light)
        libsumo.simulationStep()
    return longest_s, conflicts


def _seconds() -> Iterator[float]:
    """Until the scenario's end; without one until everybody has arrived, or `LONGEST_S` is over."""
    begin, end = libsumo.simulation.getTime(), libsumo.simulation.getEndTime()
    last = end if end > 0 else begin + LONGEST_S
    while (now_s := libsumo.simulation.getTime()) < last:
        if end < 0 and not libsumo.simulation.getMinExpectedNumber():
            return
        yield now_s


def _install(kind: str) -> None:
    """The file's own programme, as another type of SUMO's."""
    if kind == "static":
        return
    for light in libsumo.trafficlight.getIDList():
        running = libsumo.trafficlight.getProgram(light)
        logics = libsumo.trafficlight.getAllProgramLogics(light)
        logic = next((one for one in logics if one.programID == running), None)
        if logic is None:
            continue
        logic.type, logic.programID = 3, kind
        logic.phases = tuple(map(_elastic, logic.phases))
        libsumo.trafficlight.setProgramLogic(light, logic)
        libsumo.trafficlight.setProgram(light, kind)


def _elastic(phase: libsumo.trafficlight.Phase) -> libsumo.trafficlight.Phase:
    """A green that the file leaves no room may last as netconvert would have it (5 to 50 s)."""
    if phase.minDur == phase.maxDur and "G" in phase.state and "y" not in phase.state.lower():
        phase.minDur, phase.maxDur = ELASTIC_S
    return phase


def _step(
    light: Light, feeders: Feeders, now_s: float, strategy: Strategy, chance: random.Random
) -> None:
    wish = strategy(light, sight.seen(light, feeders, now_s))
    calling = sight.calls(light, chance)
    light.state = guard.advance(light.junction, light.state, now_s, wish=wish, calls=calling)
    libsumo.trafficlight.setRedYellowGreenState(light.name, town.shown(light))


def _longest_wait_s(light: Light, now_s: float) -> float:
    waits = [
        now_s - group.called_s
        for group, plan in zip(light.state.groups, light.junction.groups, strict=True)
        if group.called_s is not None and plan.stream is Stream.WALKERS
    ]
    return max(waits, default=0.0)


def _conflicting(light: Light) -> int:
    on = {n for n, aspect in enumerate(light.state.aspects()) if aspect is not Aspect.RED}
    return sum(pair <= on for pair in light.junction.conflicts)


def _delay_s(trips: Path) -> float:
    delays = [
        float(trip.get("timeLoss", 0)) + float(trip.get("departDelay", 0))
        for trip in ElementTree.parse(trips).getroot().iter("tripinfo")  # noqa: S314 - our own file
    ]
    return sum(delays) / len(delays)
