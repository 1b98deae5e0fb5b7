"""One hour of a scenario under one controller, and what it cost its drivers."""

import random
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import libsumo
import sumolib

from apps.traffic.core import guard, horizon
from apps.traffic.core.guard import Aspect
from apps.traffic.core.layout import Stream
from benchmarks.signals import town
from benchmarks.signals.town import Light

Strategy = Callable[[Light, horizon.Seen], int | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`delay_s` is the mean over all trips of time lost and time waited to depart, those that never
    arrived or never departed included (RESCO's measure)."""

    delay_s: float
    longest_walker_wait_s: float
    conflicts: int


def adaptive(light: Light, seen: horizon.Seen) -> int | None:
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
            outcome = _drive(configuration, seed, strategy)
        finally:
            libsumo.close()
        return Outcome(_delay_s(trips), *outcome)


def _drive(configuration: Path, seed: int, strategy: Strategy | str) -> tuple[float, int]:
    end = libsumo.simulation.getEndTime()
    if isinstance(strategy, str):
        _install(strategy)
        while libsumo.simulation.getTime() < end:
            libsumo.simulationStep()
        return 0.0, 0
    network = sumolib.net.readNet(str(next(configuration.parent.glob("*.net.xml"))))
    now_s = libsumo.simulation.getTime()
    lights = [town.opened(light, network, now_s) for light in libsumo.trafficlight.getIDList()]
    chance = random.Random(seed)
    longest_s, conflicts = 0.0, 0
    while libsumo.simulation.getTime() < end:
        now_s = libsumo.simulation.getTime()
        for light in lights:
            _step(light, now_s, strategy, chance)
            longest_s = max(longest_s, _longest_wait_s(light, now_s))
            conflicts += _conflicting(light)
        libsumo.simulationStep()
    return longest_s, conflicts


def _install(kind: str) -> None:
    """The file's own programme, as another type of SUMO's."""
    if kind == "static":
        return
    for light in libsumo.trafficlight.getIDList():
        logic = libsumo.trafficlight.getAllProgramLogics(light)[0]
        logic.type, logic.programID = 3, kind
        libsumo.trafficlight.setProgramLogic(light, logic)
        libsumo.trafficlight.setProgram(light, kind)


def _step(light: Light, now_s: float, strategy: Strategy, chance: random.Random) -> None:
    wish = strategy(light, town.seen(light, now_s))
    calling = town.calls(light, chance)
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
