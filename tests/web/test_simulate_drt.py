"""A tiny day of rides, simulated for real: a city beside the town, its processes, its report."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg
from django.conf import settings

from citizen.demo.scenario import url_of
from tests.web.conftest import Town

OURS = re.compile(r"this city\D+(?P<asked>\d+)\D+(?P<wait_s>[\d.e+]+)")


def test_a_scenario_is_played_to_its_end_and_leaves_nothing_behind(
    town: Town, tmp_path: Path
) -> None:
    picture = tmp_path / "rides.png"
    done = subprocess.run(
        [sys.executable, "manage.py", "simulate_drt", "blink", "--speed", "60", "--plot",
         str(picture)],
        env={**town.server.environment(), "COLUMNS": "120"}, cwd=settings.BASE_DIR, check=True,
        capture_output=True, text=True, timeout=1800,
    )  # fmt: skip
    ours = OURS.search(done.stdout)
    assert ours, done.stdout
    assert int(ours["asked"]) >= 1  # the clock is sixty times as fast: a busy machine drops some
    assert float(ours["wait_s"]) >= 0  # somebody rode
    for other in ("greedy insertion", "nearest idle solo", "fixed route"):
        assert other in done.stdout
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not databases_like("simulate_drt%")


def databases_like(pattern: str) -> list[str]:
    with psycopg.connect(url_of("postgres"), autocommit=True) as link:
        rows = link.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        return [str(name) for (name,) in rows]
