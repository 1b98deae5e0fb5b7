"""`python -m benchmarks.vision.memory`: whether memory stays flat over half an hour.

At real pace: a rendered crossing, served as Motion JPEG at fifteen pictures a second by a process
of its own, watched by the product's watch, five looked at a second, zones and rules and all. So it
takes half an hour, and few seconds of CPU a minute; the benchmark `vision` leaves it out.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.report import Metric, NotMeasuredError
from benchmarks.vision.connection import set_up

MINUTES = 30
WARM_MINUTES = 3
MOST_GROWTH_MB = 20.0


def measure(minutes: int = MINUTES) -> Metric:
    """Between the first minutes after warming up and the last ones."""
    set_up()
    from benchmarks.vision import watched

    command = [sys.executable, "-m", "benchmarks.vision.memory", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            watch = watched.begin_watch(server.stdout.readline().strip())
            held = [_after_a_minute() for _ in range(minutes)]
        finally:
            server.kill()
    looked = len(watch.looked)
    if looked < minutes * 60:
        raise NotMeasuredError(f"only {looked} pictures were looked at in {minutes} minutes")
    few = max((minutes - WARM_MINUTES) // 4, 1)
    growth = median(held[-few:]) - median(held[WARM_MINUTES : WARM_MINUTES + few])
    case = f"{minutes} minutes, {looked} pictures analysed, {held[-1]:.0f} MB in all"
    return Metric("memory_growth_mb", case, growth, "MB", "limit", MOST_GROWTH_MB)


def _after_a_minute() -> float:
    time.sleep(60)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def serve() -> None:
    set_up()
    from benchmarks.vision import watched

    server = watched.serve(0)
    print(server.url("eye"), flush=True)
    time.sleep(24 * 3600)


if __name__ == "__main__":
    if "serve" in sys.argv:
        serve()
    else:
        print(measure(*map(int, sys.argv[1:])).as_json())
