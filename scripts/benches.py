"""`make bench`: every benchmark, written down in docs/performance.md."""

import subprocess

from scripts import checks
from scripts.places import ROOT, VENV


def bench() -> int:
    env = checks.prepare()
    command = (
        VENV / "bin" / "python", "-m", "benchmarks", "--write", "docs/performance.md",
    )  # fmt: skip
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
