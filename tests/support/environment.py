"""A pytest plugin loaded before Django: points the settings at the test servers of this checkout.

`scripts/servers.py` writes their addresses to `.run/test/env`. What the environment already says
wins, so that tests can run against an operator's servers.
"""

import os
import zlib
from pathlib import Path

import pytest

from scripts.env_file import read_env
from scripts.servers import instance_of

RUN = Path(__file__).parents[2] / ".run"
FIRST = RUN / instance_of(0) / "env"
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
ENV_FILE = RUN / instance_of(WORKER) / "env"


def _fill_environment() -> None:
    """A worker inherits what the first of them was pointed at; that was nobody's choice."""
    ours, inherited = read_env(ENV_FILE), read_env(FIRST)
    if inherited and not ours:
        raise pytest.UsageError(f"Servers for {ENV_FILE.parent.name} are missing: try `make test`.")
    for name, value in ours.items():
        if os.environ.get(name, "").startswith(inherited[name]) or not os.environ.get(name):
            os.environ[name] = value


def servers_are_ours() -> bool:
    """Whether the database is one that this checkout may do with as it likes."""
    name = "CITIZEN_DATABASE_URL"
    return name in os.environ and os.environ[name] == read_env(ENV_FILE).get(name)


def _keep_caches_apart() -> None:
    """Runs side by side, each with a test database of its own, get a Redis database each: tests
    clear the cache. 0 and 1 belong to the servers (cache, Celery)."""
    name, url = os.environ.get("CITIZEN_TEST_DATABASE"), os.environ.get("CITIZEN_REDIS_URL", "")
    if name and url.startswith("unix://") and "?" not in url:
        os.environ["CITIZEN_REDIS_URL"] = f"{url}?db={2 + zlib.crc32(name.encode()) % 14}"


_fill_environment()
# A town that runs beside the tests must not lend them its settings.
os.environ["CITIZEN_ENV_FILE"] = str(ENV_FILE)
_keep_caches_apart()
os.environ.setdefault("CITIZEN_SECRET_KEY", "only-for-tests")
