"""From an obstruction committed in the database to a way that goes round it.

In a scratch database with the demo town a process asks for ways while another connection closes a
street on each of them; the time runs from the writer's commit to the end of the first answer that
avoids the place. Nothing wakes the asker: facts are pulled by version.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import psycopg

from benchmarks.report import Metric, NotMeasuredError
from scripts.servers import Servers

TRIALS_N = 100
PLAYER = "benchmarks.navigation.closing"


def closures() -> Iterator[Metric]:
    with _scratch_environment() as environment:
        done = subprocess.run(
            [sys.executable, "-m", PLAYER, str(TRIALS_N)],
            env=environment, stdout=subprocess.PIPE, check=False,
        )  # fmt: skip
    if done.returncode:
        raise NotMeasuredError("the closing of streets failed")
    seconds = np.array(json.loads(done.stdout))
    case = f"dalbit, {len(seconds)} closures"
    yield Metric("closure_to_avoided_s", case, float(seconds.max()), "s", "limit", 1.0)
    yield Metric("closure_to_avoided_p50_s", case, float(np.median(seconds)), "s", "limit", 1.0)


@contextmanager
def _scratch_environment() -> Iterator[dict[str, str]]:
    """A migrated database and a folder for graphs, both gone at the end."""
    values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    scratch = f"bench_navigation_{os.getpid()}"
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    _execute(admin, f"CREATE DATABASE {scratch}")
    try:
        with tempfile.TemporaryDirectory() as graphs:
            url = urlunsplit(("postgresql", town.netloc, f"/{scratch}", town.query, ""))
            environment = {
                **values,
                "CITIZEN_DATABASE_URL": url,
                "CITIZEN_GRAPHS_DIR": graphs,
                "CITIZEN_LOG_LEVEL": "CRITICAL",
                "DJANGO_SETTINGS_MODULE": "citizen.settings",
                "PYTHONWARNINGS": "ignore",
            }
            migrate = [sys.executable, "manage.py", "migrate", "-v0"]
            subprocess.run(migrate, env=environment, check=True, stdout=sys.stderr)
            yield environment
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())
