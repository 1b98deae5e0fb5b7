"""One demo junction whose traffic is SUMO's: cars that follow one another, see the lights of our
simulated controller, and roll over its detectors. A process can run one of them."""

import os
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.traffic.core.guard import Aspect
from apps.traffic.snapshot import Plan
from citizen.demo.signals.controller import FieldController
from citizen.demo.signals.crossing_net import is_left, turns, write_crossing
from citizen.demo.signals.street import CARS_PER_HOUR, SPLIT_S, Walkers, wiring_of

PERIOD_S = 30.0
HALVES_OF_A_PERCENT = 200


@dataclass
class SumoStreet:
    """The same as `Street`: `tick` moves all one step on."""

    plan: Plan
    seed: int
    controller: FieldController = field(init=False)
    _sumo: Any = field(init=False, repr=False)
    _folder: tempfile.TemporaryDirectory[str] = field(init=False, repr=False)
    _arms: tuple[int, ...] = field(init=False)
    _walkers: Walkers = field(init=False)
    _counted: dict[int, list[float]] = field(default_factory=dict)
    _period_began_s: float | None = None

    def __post_init__(self) -> None:
        chance = random.Random(self.seed)
        stages = len(self.plan.layout.stages)
        self.controller = FieldController(
            self.plan.layout, wiring_of(self.plan), (SPLIT_S,) * stages
        )
        self._arms = tuple(approach.group for approach in self.plan.approaches)
        self._walkers = Walkers(self.plan.layout, chance)
        self._folder = tempfile.TemporaryDirectory(prefix="citizen-sumo-")
        configuration = write_crossing(
            Path(self._folder.name),
            per_hour=[chance.uniform(*CARS_PER_HOUR) for _ in self._arms],
            detector_m=[approach.distance_m for approach in self.plan.approaches],
        )
        self._sumo = _started(configuration, self.seed)

    def tick(self, now_s: float, step_s: float) -> None:
        self._sumo.trafficlight.setRedYellowGreenState("middle", self._lights())
        self._sumo.simulationStep()
        self._count(now_s)
        waiting = {
            group
            for arm, group in enumerate(self._arms)
            if self._sumo.lane.getLastStepHaltingNumber(f"in{arm}_0")
        }
        self.controller.tick(now_s, frozenset(waiting | self._walkers.calls(step_s)))

    def close(self) -> None:
        self._sumo.close()
        self._folder.cleanup()

    def _lights(self) -> str:
        """A letter for each turn; who turns left over others yields to them."""
        letters = []
        for turn in turns(len(self._arms)):
            aspect = self.controller.state.groups[self._arms[turn[0]]].aspect
            go = "g" if is_left(turn, len(self._arms)) else "G"
            letters.append({Aspect.GREEN: go, Aspect.CLEARING: "y", Aspect.RED: "r"}[aspect])
        return "".join(letters)

    def _count(self, now_s: float) -> None:
        """What is over the loops now, and each half minute what went over them and for how long."""
        loops = self._sumo.inductionloop
        present = set()
        for arm, detector in enumerate(self.plan.detectors):
            sums = self._counted.setdefault(detector, [0.0, 0.0])
            for _name, _length, entered_s, left_s, _kind in loops.getVehicleData(f"loop{arm}"):
                if left_s < 0:
                    present.add(detector)
                else:
                    sums[0] += 1
                    sums[1] += left_s - entered_s
        self.controller.present = frozenset(present)
        if self._period_began_s is None:
            self._period_began_s = now_s
        if now_s - self._period_began_s >= PERIOD_S:
            self._tell_period(now_s)

    def _tell_period(self, now_s: float) -> None:
        self.controller.detectors = {
            detector: (
                min(int(count), 254),
                min(round(covered_s / PERIOD_S * HALVES_OF_A_PERCENT), HALVES_OF_A_PERCENT),
            )
            for detector, (count, covered_s) in self._counted.items()
        }
        self.controller.sequence += 1
        self._counted.clear()
        self._period_began_s = now_s


def _started(configuration: Path, seed: int) -> Any:
    """SUMO within this process. It is looked for only here: a city has no use for it."""
    os.environ.setdefault("LIBSUMO_AS_TRACI", "quiet")  # it warns of another pyarrow otherwise
    import libsumo

    libsumo.start([
        "sumo", "-c", str(configuration), "--seed", str(seed), "--step-length", "0.5",
        "--no-internal-links", "true", "--no-step-log", "true", "--no-warnings", "true",
        "--time-to-teleport", "-1",
    ])  # fmt: skip
    return libsumo
