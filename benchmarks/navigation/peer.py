"""The same pairs asked of Valhalla in process (pyvalhalla), in a Python of its own.

pyvalhalla's wheels need Python 3.12 or newer, so it runs in a virtual environment under `.run`,
made here on first
use from whichever newer interpreter is found; where there is none the figures are refused, not
guessed.
Valhalla is asked twice for each pair: a plain wheelchair route, and one with two alternatives,
which is what our full
answer holds besides its explanation.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import numpy as np

from benchmarks.navigation.cities import City, pairs_of
from benchmarks.navigation.speed import full_ms, search_ms
from benchmarks.report import Metric, NotMeasuredError

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".run" / "valhalla"
ASKER = Path(__file__).with_name("valhalla_asker.py")


class Times(TypedDict):
    plain_ms: list[float]
    full_ms: list[float]
    no_path: int


def speedups(city: City) -> Iterator[Metric]:
    """Ours beside theirs on the same pairs in the same run; ratios of median times."""
    pairs = pairs_of(city.terrain)
    plane = city.terrain.graph.plane
    theirs = _ask_valhalla(city, [[plane.to_lonlat(*a), plane.to_lonlat(*b)] for a, b in pairs])
    plain, full = (float(np.median(times)) for times in (theirs["plain_ms"], theirs["full_ms"]))
    search = float(np.median(search_ms(city.terrain, pairs, time.thread_time)))
    ours = float(np.median(full_ms(city.terrain, pairs, time.thread_time)))
    yield Metric("search_cpu_p50_ms", city.name, search, "ms", "pyvalhalla route", plain)
    yield Metric("route_full_cpu_p50_ms", city.name, ours, "ms", "pyvalhalla alternates", full)
    yield Metric("valhalla_no_path", city.name, theirs["no_path"], "count")
    yield Metric("route_search_speedup", city.name, plain / search, "x", "limit", 20.0)
    yield Metric("route_full_speedup", city.name, full / ours, "x", "limit", 4.0)
    yield Metric("route_full_speedup_plain", city.name, plain / ours, "x")


def _ask_valhalla(city: City, asked: list[list[tuple[float, float]]]) -> Times:
    python = _environment()
    work = HOME / city.name
    work.mkdir(parents=True, exist_ok=True)
    (work / "pairs.json").write_text(json.dumps(asked))
    command = [str(python), str(ASKER), str(city.path), str(work)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    if done.returncode:
        raise NotMeasuredError(f"pyvalhalla failed: {done.stderr.strip()[-300:]}")
    answer: Times = json.loads((work / "answer.json").read_text())
    return answer


def _environment() -> Path:
    """The Python with pyvalhalla; made on first use."""
    python = HOME / "venv" / "bin" / "python"
    if python.exists() and _can_import(python):
        return python
    newer = _newer_python()
    if newer is None:
        raise NotMeasuredError("pyvalhalla needs Python 3.12 or newer, and none is installed")
    HOME.mkdir(parents=True, exist_ok=True)
    for command in (
        [newer, "-m", "venv", str(HOME / "venv")],
        [str(python), "-m", "pip", "install", "-q", "pyvalhalla"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasuredError(f"no pyvalhalla: {done.stderr.strip()[-200:]}")
    return python


def _can_import(python: Path) -> bool:
    probe = [str(python), "-c", "import valhalla"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _newer_python() -> str | None:
    """An interpreter that runs and is new enough, by name or where pyenv keeps its own."""
    names = [os.environ.get("CITIZEN_VALHALLA_PYTHON"), "python3.14", "python3.13", "python3.12"]
    found = [shutil.which(name) for name in names if name]
    found += [str(p) for p in sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python"))]
    test = "import sys; sys.exit(sys.version_info < (3, 12))"
    for candidate in found:
        if candidate is None:
            continue
        tried = subprocess.run([candidate, "-c", test], capture_output=True, check=False)
        if tried.returncode == 0:
            return candidate
    return None
