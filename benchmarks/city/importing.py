"""How long London takes to come in and how much memory, beside osmium's bare reading of the file.

    python -m benchmarks.city.importing FILE ours|osmium
prints seconds and megabytes of a process of its own.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.city.stage import Stage
from benchmarks.report import Metric

PEER = "osmium reading the same file with areas"


def measure(stage: Stage, path: Path, *, rounds: int) -> Iterator[Metric]:
    """Rounds by turns, medians; each import after the first replaces the one before."""
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(_run(stage, path, "ours"))
        theirs.append(_run(stage, path, "osmium"))
    yield Metric(
        "import_osm_s", "London", median(s for s, _ in ours), "s",
        PEER, median(s for s, _ in theirs),
    )  # fmt: skip
    yield Metric(
        "import_osm_peak_mb", "London", median(mb for _, mb in ours), "MB",
        PEER, median(mb for _, mb in theirs),
    )  # fmt: skip


def _run(stage: Stage, path: Path, who: str) -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.city.importing", str(path), who],
        env=stage.environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seconds, megabytes = done.stdout.decode().split()[-2:]
    return float(seconds), float(megabytes)


def _ours(path: Path) -> float:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    import django

    django.setup()
    from apps.city.services.founding import Founding
    from apps.city.services.map_imports import import_map

    founding = Founding("london", {"": "London"}, "Europe/London", "GB", ("en",), 27700)
    started = time.perf_counter()
    import_map(path=path, founding=founding)
    return time.perf_counter() - started


def _osmium(path: Path) -> float:
    import osmium

    started = time.perf_counter()
    for _ in osmium.FileProcessor(path).with_areas():
        pass
    return time.perf_counter() - started


def main() -> None:
    path, who = sys.argv[1:]
    seconds = (_ours if who == "ours" else _osmium)(Path(path))
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
