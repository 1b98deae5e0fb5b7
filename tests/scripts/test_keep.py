"""scripts/keep: a process that dies comes back, and all end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

KEEP = Path(__file__).parents[2] / "scripts" / "keep"
PROGRAM = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(60)"


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
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_process_comes_back_and_ends_with_its_keeper(tmp_path: Path) -> None:
    note = tmp_path / "lives"
    keeper = started(note)
    assert soon(lambda: len(lives(note)) == 1)
    os.kill(lives(note)[0], signal.SIGKILL)
    assert soon(lambda: len(lives(note)) == 2)
    keeper.terminate()
    assert keeper.wait(10) == 0
    assert not is_alive(lives(note)[1])


def test_it_ends_when_its_parent_is_gone(tmp_path: Path) -> None:
    note = tmp_path / "lives"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import subprocess,sys,time; subprocess.Popen(sys.argv[1:]); time.sleep(60)",
            str(KEEP),
            sys.executable,
            "-c",
            PROGRAM,
            str(note),
        ]
    )
    assert soon(lambda: len(lives(note)) == 1)
    parent.kill()
    parent.wait(10)
    assert soon(lambda: not is_alive(lives(note)[0]))
