"""The nearest sites: as fast as the same SQL bare, and the same as by brute force."""

import asyncio
import random
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

import numpy as np
import psycopg

from benchmarks.devices.stage import Stage
from benchmarks.parking.fill import somewhere
from benchmarks.report import Metric

OURS, BARE = "citizen.asgi:application", "benchmarks.parking.bare:application"
CONNECTIONS, SECONDS, ROUNDS = 16, 4, 3
QUERIES = 10_000
LIMIT = 10
CASE = "20,000 sites, 200,000 bays, 10 nearest"


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
    """Ask the handler's own SQL, and count by hand over all sites in metres."""
    from apps.parking.selectors import NEARBY

    return asyncio.run(_compare(stage, NEARBY))


async def _compare(stage: Stage, query: str) -> int:
    from apps.base.geo import project

    async with await psycopg.AsyncConnection.connect(stage.database_url) as link:
        cursor = await link.execute(
            "SELECT code, ST_X(geom_m), ST_Y(geom_m) FROM parking_parkingsite"
        )
        sites = await cursor.fetchall()
        codes = np.array([site[0] for site in sites])
        east, north = (np.array([site[n] for site in sites]) for n in (1, 2))
        chance, wrong = random.Random(20), 0
        for _ in range(QUERIES):
            lon, lat = somewhere(chance)
            asked: dict[str, Any] = {"lon": lon, "lat": lat, "category": None, "max_m": 5_000.0,
                                     "limit": LIMIT}  # fmt: skip
            cursor = await link.execute(query.encode(), asked)
            found = [record[0] for record in await cursor.fetchall()]
            x, y = project(lon, lat, srid=5186)
            distance = np.hypot(east - x, north - y)
            near = np.argsort(distance, kind="stable")[:LIMIT]
            expected = [str(codes[n]) for n in near if distance[n] <= 5_000.0]
            wrong += found != expected
    return wrong
