"""A pytest plugin loaded before Django: points the settings at the test servers of this checkout.

`scripts/servers.py` writes their addresses to `.run/test/env`. What the environment already says
wins, so that tests can run against an operator's servers.
"""

import os
import zlib
from pathlib import Path

ENV_FILE = Path(__file__).parents[2] / ".run" / "test" / "env"


def _fill_environment() -> None:
    if not ENV_FILE.exists():
        return
    for line in ENV_FILE.read_text().splitlines():
        name, _, value = line.partition("=")
        if name and not name.startswith("#"):
            os.environ.setdefault(name, value)


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
