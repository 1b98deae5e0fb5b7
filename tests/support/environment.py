"""A pytest plugin loaded before Django: points the settings at the test servers of this checkout.

`scripts/servers.py` writes their addresses to `.run/test/env`. What the environment already says
wins, so that tests can run against an operator's servers.
"""

import os
from pathlib import Path

ENV_FILE = Path(__file__).parents[2] / ".run" / "test" / "env"


def _fill_environment() -> None:
    if not ENV_FILE.exists():
        return
    for line in ENV_FILE.read_text().splitlines():
        name, _, value = line.partition("=")
        if name and not name.startswith("#"):
            os.environ.setdefault(name, value)


_fill_environment()
os.environ.setdefault("CITIZEN_SECRET_KEY", "only-for-tests")
