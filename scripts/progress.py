"""One line a step, with its time; output only where a step fails.

On a terminal the line lives: seconds run, and a bar shows the share done where it is known.
Elsewhere (a log, a CI job) a long step says now and then that it is still at work. Of steps that go
on at the same time the one begun first is shown live.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from scripts.places import ROOT

BAR_CHARACTERS = 24
TERMINAL_EVERY_S, LOG_EVERY_S = 0.2, 20.0
T = TypeVar("T")
_at_work: list["Step"] = []
_commands: set["subprocess.Popen[str]"] = set()


class StepFailed(Exception):
    """A step ended badly; the message is for the person at the terminal."""


class Step:
    """A step at work. `share` is how much of it is done, from 0 to 1, where somebody can tell."""

    def __init__(self, name: str, share: Callable[[], float] | None) -> None:
        self.name, self.share = name, share
        self._live = sys.stdout.isatty()
        self._remarks: list[str] = []
        self._started = time.monotonic()
        self._ended = threading.Event()
        _at_work.append(self)
        self._shown = threading.Thread(target=self._show, daemon=True)
        self._shown.start()

    def remark(self, text: str) -> None:
        """Something to stand behind the time once the step is done."""
        self._remarks.append(text)

    def end(self, mark: str) -> None:
        self._ended.set()
        self._shown.join()
        _at_work.remove(self)
        remarks = f"  {', '.join(self._remarks)}" if self._remarks else ""
        fresh = "\r\033[K" if self._live else ""
        say(f"{fresh}{mark} {self.name:<44}{self._took_s():7.1f} s{remarks}")

    def _show(self) -> None:
        if self._live and _at_work[0] is self:
            say(f"  {self.name} …", end="")
        while not self._ended.wait(TERMINAL_EVERY_S if self._live else LOG_EVERY_S):
            if self._live and _at_work[0] is not self:
                continue
            line = f"  {self.name:<44}{self._took_s():7.1f} s{self._bar()}"
            say(f"\r\033[K{line}" if self._live else f"{line} …\n", end="")

    def _bar(self) -> str:
        if self.share is None:
            return ""
        share = min(max(self.share(), 0.0), 1.0)
        full = round(share * BAR_CHARACTERS)
        return f"  {'█' * full}{'░' * (BAR_CHARACTERS - full)} {share:4.0%}"

    def _took_s(self) -> float:
        return time.monotonic() - self._started


def say(text: str, end: str = "\n") -> None:
    """Whether anybody still listens or not: a closed terminal must not keep us from tidying up."""
    with suppress(OSError):
        print(text, end=end, flush=True)


@contextmanager
def step(name: str, *, share: Callable[[], float] | None = None) -> Iterator[Step]:
    """Show that `name` is being done, then how long it took."""
    shown = Step(name, share)
    try:
        yield shown
    except BaseException:
        shown.end("✗")
        raise
    shown.end("✓")


def call(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    told: list[str] | None = None,
) -> str:
    """Run quietly and return what it printed. Raises StepFailed with its output.

    `told` grows by a line whenever the command prints one, so that a step can show its share.
    """
    lines: list[str] = [] if told is None else told
    written = " ".join(str(part) for part in command)
    try:
        code = _run(command, env, cwd, lines)
    except FileNotFoundError as error:
        raise StepFailed(f"{written}\n{error.filename} was not found.") from error
    printed = "".join(lines)
    if code:
        raise StepFailed(f"{written}\n{printed}\n(exit code {code})")
    return printed


def _run(
    command: Sequence[str | Path], env: Mapping[str, str] | None, cwd: Path, lines: list[str]
) -> int:
    """In a group of its own, so that whatever it started ends with it when we are interrupted."""
    with subprocess.Popen(
        command,
        cwd=cwd, env=env, text=True, errors="replace", process_group=0,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        _commands.add(process)
        try:
            lines.extend(process.stdout or ())
            return process.wait()
        except BaseException:
            _end(process)
            process.wait()
            raise
        finally:
            _commands.discard(process)


def _end(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)


def side_by_side(*jobs: Callable[[], T]) -> list[T]:
    """Do them on all cores and return what they returned, in their order.

    The first that raises, or an interrupt, ends the commands of the others too.
    """
    with ThreadPoolExecutor(cores()) as pool:
        at_work = [pool.submit(job) for job in jobs]
        try:
            for job in as_completed(at_work):
                job.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in tuple(_commands):
                _end(process)
            raise
    return [job.result() for job in at_work]


def cores() -> int:
    """Those we may use, which may be fewer than there are."""
    return len(os.sched_getaffinity(0))
