"""The dispatcher is killed over and over, by SIGKILL; its plans end up as if it never had been.

The city's clock stands still in both databases, so that nothing but the killing differs: one
dispatcher works until nothing gets better, the other is killed a dozen times on its way there.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.report import Metric
from scripts.servers import Servers

KILLS = 12
SETTLED_S, PATIENCE_S = 12.0, 400.0
_PLANS = """
SELECT vehicle.code, plan.version, plan.locked, plan.stops::text
FROM drt_vehicleplan AS plan JOIN drt_shift AS shift ON shift.id = plan.shift_id
JOIN drt_vehicle AS vehicle ON vehicle.id = shift.vehicle_id ORDER BY vehicle.code
"""
Plans = list[tuple[object, ...]]


def kill_metrics(*, quick: bool) -> Iterator[Metric]:
    if quick:
        return
    with scratch("drt_sales") as url:
        said = json.loads(_run(url, "benchmarks.drt.sales").splitlines()[-1])
        case = f"1,000 confirms, 100 seats, {said['told_yes']} told yes"
        yield Metric("double_sales", case, said["double_sales"], "sales", "limit", 0.0)
    with scratch("drt_calm") as calm:
        _run(calm, "benchmarks.drt.morning")
        with scratch("drt_killed", template=calm) as killed:
            expected, before = settled(calm), plans_in(killed)
            found = settled(killed, kills=KILLS)
            differ = sum(a != b for a, b in zip(expected, found, strict=True))
            changed = sum(a != b for a, b in zip(before, found, strict=True))
            case = f"{KILLS} kill -9, {changed} of {len(found)} plans improved"
            yield Metric("plan_after_kill", case, differ, "plans that differ", "limit", 0.0)


@contextmanager
def scratch(name: str, *, template: str = "") -> Iterator[str]:
    """A database of its own, empty or a copy. Yields its URL."""
    values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    database = f"bench_{name}_{os.getpid()}"
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    copy = f" TEMPLATE {urlsplit(template).path.strip('/')}" if template else ""
    _execute(admin, f"CREATE DATABASE {database}{copy}")
    try:
        yield urlunsplit(("postgresql", town.netloc, f"/{database}", town.query, ""))
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _environment(url: str) -> dict[str, str]:
    """The clock stands still at ten in the morning."""
    at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC).isoformat()
    return {
        **Servers("town").start(), **os.environ, "CITIZEN_DATABASE_URL": url,
        "CITIZEN_CLOCK": f"{at}/{at}/0", "CITIZEN_LOG_LEVEL": "CRITICAL",
        "DJANGO_SETTINGS_MODULE": "citizen.settings", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


def _run(url: str, module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module], env=_environment(url), stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().strip()


def settled(url: str, *, kills: int = 0) -> Plans:
    """The plans once the dispatcher finds nothing better any more."""
    chance = random.Random(7)
    command = [sys.executable, "manage.py", "dispatch"]
    for _turn in range(kills):
        process = subprocess.Popen(command, env=_environment(url))
        time.sleep(chance.uniform(2.0, 9.0))
        process.kill()
        process.wait()
    process = subprocess.Popen(command, env=_environment(url))
    try:
        return _wait_until_settled(url)
    finally:
        process.kill()
        process.wait()


def _wait_until_settled(url: str) -> Plans:
    plans, since, began = plans_in(url), time.monotonic(), time.monotonic()
    while time.monotonic() - since < SETTLED_S or time.monotonic() - began < 3 * SETTLED_S:
        time.sleep(1.0)
        now = plans_in(url)
        if now != plans:
            plans, since = now, time.monotonic()
        if time.monotonic() - began > PATIENCE_S:
            raise RuntimeError("the dispatcher does not come to rest")
    return plans


def plans_in(url: str) -> Plans:
    with psycopg.connect(url) as link:
        return link.execute(_PLANS).fetchall()


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())
