"""`make bench`: every benchmark, written down in docs/performance.md."""

import subprocess
from pathlib import Path

from scripts import checks
from scripts.places import ROOT, VENV


def bench() -> None:
    env = checks.prepare()
    command: list[str | Path] = [
        VENV / "bin" / "python",
        "-m",
        "benchmarks",
        "--write",
        "docs/performance.md",
    ]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
