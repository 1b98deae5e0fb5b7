"""Whole conversations through the real service, engine and all: does the citizen get what they
came for, and in how many turns?

A line of `conversations/LANGUAGE.tsv` is a goal (`goals.py`) and the citizen's turns, parted by
" / ": words, `[choice]` for a button, `@lon,lat,label` for a pin, `~` for silence. They are played
in a process of its own (`player.py`); those that failed are shown as they went.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

FOLDER = Path(__file__).with_name("conversations")
LEAST_SUCCESS, MOST_TURNS = 0.97, 9.0


@dataclass(frozen=True, slots=True)
class Script:
    language: str
    goal: str
    turns: tuple[str, ...]


def scripts() -> Iterator[Script]:
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            goal, _tab, turns = line.partition("\t")
            yield Script(path.stem, goal, tuple(turns.split(" / ")))


def measure(stage: Stage) -> Iterator[Metric]:
    """Play them all; the engine must be up and named by the stage's environment."""
    played = list(_played(stage))
    for language in sorted({one["language"] for one in played}):
        ours = [one for one in played if one["language"] == language]
        share = sum(one["succeeded"] for one in ours) / len(ours)
        yield Metric(
            "task_success", f"{language}: {len(ours)} conversations", share, "share", "limit",
            LEAST_SUCCESS,
        )  # fmt: skip
    turns = [one["turns"] for one in played if one["succeeded"]]
    yield Metric(
        "turns_median", f"{len(turns)} that succeeded", float(median(turns)), "turns", "limit",
        MOST_TURNS,
    )  # fmt: skip


def _played(stage: Stage) -> Iterator[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.assistant.player"],
        env=stage.environment, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    for line in done.stdout.splitlines():
        one = json.loads(line)
        if not one["succeeded"]:
            print(f"\n{one['language']} {one['goal']}", *one["heard"], sep="\n", file=sys.stderr)
        yield one
