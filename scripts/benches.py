"""`make bench`: every benchmark, written down in docs/performance.md."""

import subprocess

from scripts import checks
from scripts.places import ROOT, VENV


def bench() -> int:
    command = (VENV / "bin" / "python", "-m", "benchmarks", "--write", "docs/performance.md")
    with checks.prepared(rasa=True) as env:
        return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
