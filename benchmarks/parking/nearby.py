"""The nearest sites: as fast as the same SQL bare, and the same as by brute force."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

OURS, BARE = "citizen.asgi:application", "benchmarks.parking.bare:application"
CONNECTIONS, SECONDS, ROUNDS = 16, 4, 3
QUERIES = 10_000
CASE = "20,000 sites, 200,000 bays, the best 10 of the 20 nearest"


def measure(stage: Stage, *, quick: bool) -> Iterator[Metric]:
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_load(stage, OURS)[0])
        bare.append(_load(stage, BARE)[0])
    rate = median(ours)
    yield Metric("nearby_rps", CASE, rate, "requests/s", "bare ASGI, same SQL", median(bare))
    yield Metric(
        "nearby_p99_ms", f"{CASE}, at half that rate", _load(stage, OURS, rate=rate / 2)[1], "ms",
        "bare ASGI at the same rate", _load(stage, BARE, rate=rate / 2)[1],
    )  # fmt: skip
    if not quick:
        yield Metric("nearby_mismatches", f"{QUERIES} queries against brute force",
                     _mismatches(stage), "queries", "limit", 0.0)  # fmt: skip


def _load(stage: Stage, application: str, *, rate: float = 0.0) -> tuple[float, float]:
    with stage.web(application):
        command = [sys.executable, "-m", "benchmarks.parking.load", str(stage.port),
                   str(CONNECTIONS), str(SECONDS), str(rate)]  # fmt: skip
        subprocess.run([*command[:5], "1", "0"], stdout=subprocess.DEVNULL, check=True)  # warm
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    answers_per_s, p99_ms = done.stdout.split()
    return float(answers_per_s), float(p99_ms)


def _mismatches(stage: Stage) -> int:
    """Ask the handler's own SQL and ranking, and weigh by hand over all sites in metres."""
    command = [sys.executable, "-m", "benchmarks.parking.brute", stage.database_url, str(QUERIES)]
    done = subprocess.run(command, env=stage.environment, stdout=subprocess.PIPE, check=True)
    return int(done.stdout)
