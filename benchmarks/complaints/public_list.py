"""How many boxes of the public map are answered in a second."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.complaints.fill import EAST, NORTH, SOUTH, WEST
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric, NotMeasuredError

OURS, BARE = "citizen.asgi:application", "benchmarks.complaints.bare:application"
CONNECTIONS, ROUNDS, QUESTIONS, LIMIT = 16, 3, 2000, 50
SIDE_DEG = 0.02


def measure(stage: Stage, *, stored: int) -> Iterator[Metric]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_load(stage, OURS))
        bare.append(_load(stage, BARE))
    yield Metric(
        "requests_per_s", f"{stored:,} stored, {LIMIT} in a box, {CONNECTIONS} connections",
        median(ours), "requests/s", "bare ASGI, same SQL", median(bare),
    )  # fmt: skip


def _load(stage: Stage, application: str) -> float:
    with stage.web(application):
        order = {"port": stage.port, "connections": CONNECTIONS, "headers": "", "paths": _paths()}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.city.load"], input=json.dumps(order).encode(),
            stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    said = json.loads(done.stdout)
    if set(said["statuses"]) != {"200"}:
        raise NotMeasuredError(f"the public map answered {said['statuses']}")
    return float(sum(said["statuses"].values()) / said["seconds"])


def _paths() -> list[str]:
    chance = random.Random(9)
    found = []
    for _ in range(QUESTIONS):
        west, south = chance.uniform(WEST, EAST - SIDE_DEG), chance.uniform(SOUTH, NORTH - SIDE_DEG)
        box = f"{west:.4f},{south:.4f},{west + SIDE_DEG:.4f},{south + SIDE_DEG:.4f}"
        found.append(f"/api/v1/complaints/requests.geojson?bbox={box}&limit={LIMIT}")
    return found
