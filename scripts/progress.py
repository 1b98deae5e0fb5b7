"""One line a step, with its time; output only where a step fails."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.places import ROOT


class StepFailed(Exception):
    """A step ended badly; the message is for the person at the terminal."""


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Show that `name` is being done, then how long it took. The yielded call adds a remark."""
    remarks: list[str] = []
    live = sys.stdout.isatty()
    if live:
        print(f"  {name} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield remarks.append
    except BaseException:
        print(f"{_fresh(live)}✗ {name}", flush=True)
        raise
    took_s = time.monotonic() - started
    remark = f"  {', '.join(remarks)}" if remarks else ""
    print(f"{_fresh(live)}✓ {name:<44}{took_s:7.1f} s{remark}", flush=True)


def _fresh(live: bool) -> str:
    return "\r\033[K" if live else ""


def call(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> str:
    """Run quietly and return what it printed. Raises StepFailed with its output."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=cwd, env=env, text=True, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    if result.returncode:
        written = " ".join(str(part) for part in command)
        raise StepFailed(f"{written}\n{result.stdout}\n(exit code {result.returncode})")
    return result.stdout
