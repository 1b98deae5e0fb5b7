"""scripts/keep: a process that dies comes back, and all end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

KEEP = Path(__file__).parents[2] / "scripts" / "keep"
PROGRAM = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(60)"

ELDER = "import subprocess,sys; subprocess.run(sys.argv[1:])"


def started(note: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([KEEP, sys.executable, "-c", PROGRAM, note])


def lives(note: Path) -> list[int]:
    return [int(line) for line in note.read_text().splitlines()] if note.exists() else []


def soon(is_so: Callable[[], bool]) -> bool:
    ends_at = time.monotonic() + 10
    while not is_so() and time.monotonic() < ends_at:
        time.sleep(0.02)
    return is_so()


def is_alive(pid: int) -> bool:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z"


def test_a_killed_process_comes_back_and_ends_with_its_keeper(tmp_path: Path) -> None:
    note = tmp_path / "lives"
    keeper = started(note)
    assert soon(lambda: len(lives(note)) == 1)
    os.kill(lives(note)[0], signal.SIGKILL)
    assert soon(lambda: len(lives(note)) == 2)
    keeper.terminate()
    assert keeper.wait(10) == 0
    assert not is_alive(lives(note)[1])


def test_what_a_killed_process_started_dies_with_it(tmp_path: Path) -> None:
    """A left-over web worker would hold the port that its successor needs."""
    note = tmp_path / "lives"
    fork = "import os; os.fork(); "
    with subprocess.Popen([KEEP, sys.executable, "-c", fork + PROGRAM, note]) as keeper:
        assert soon(lambda: len(lives(note)) == 2)
        first, helper = lives(note)
        parent, child = (first, helper) if parent_of(helper) == first else (helper, first)
        os.kill(parent, signal.SIGKILL)
        assert soon(lambda: not is_alive(child))
        keeper.terminate()


def test_a_process_ends_when_its_keeper_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "lives"
    with started(note) as keeper:
        assert soon(lambda: len(lives(note)) == 1)
        keeper.kill()
    assert soon(lambda: not is_alive(lives(note)[0]))


@pytest.mark.parametrize("generations", [1, 2])
def test_it_ends_when_an_elder_is_gone(tmp_path: Path, generations: int) -> None:
    """honcho's child, in which it runs a line, outlives honcho; so we look at both."""
    note = tmp_path / "lives"
    command: list[str | Path] = [KEEP, sys.executable, "-c", PROGRAM, note]
    for _ in range(generations):
        command = [sys.executable, "-c", ELDER, *command]
    with subprocess.Popen(command) as eldest:
        assert soon(lambda: len(lives(note)) == 1)
        eldest.kill()
    assert soon(lambda: not is_alive(lives(note)[0]))


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
