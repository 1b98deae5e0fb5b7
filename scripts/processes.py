"""Processes known by a file: started, found again later from another shell, ended.

A process id alone proves nothing: after a restart of the machine the same number may belong to a
stranger. So the file keeps the process's start time beside it, and only both together count.
"""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from scripts.progress import StepFailed


def launch(
    program: Path, arguments: Sequence[str | Path], pid_file: Path, log: Path,
    env: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Start a process that may outlive us; in a session of its own, Ctrl-C doesn't reach it.

    `arguments` begin with the name under which the program shall know itself.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    appending = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    pid = os.posix_spawn(
        program,
        [os.fspath(part) for part in arguments],
        os.environ if env is None else env,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, appending, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
        setsigdef=[signal.SIGPIPE],  # Python ignores it, and what is ignored is inherited
    )
    mark(pid_file, pid)


def mark(pid_file: Path, pid: int) -> None:
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    pid_file.write_text(f"{pid} {_started_at(pid)}\n")


def alive(pid_file: Path) -> int | None:
    """The process id in `pid_file` if that very process still lives."""
    pid, started_at = _marked(pid_file)
    return pid if started_at and _started_at(pid) == started_at else None


def end(pid_file: Path, *, seconds: float = 10) -> None:
    """End the process in `pid_file`, asked first and then made to, and what it left behind."""
    pid, _ = _marked(pid_file)
    if alive(pid_file):
        os.kill(pid, signal.SIGTERM)
        if not _is_gone(pid_file, seconds):
            os.kill(pid, signal.SIGKILL)
            _is_gone(pid_file, 5)
    # While a member lives, the number of a group is given to nobody else.
    if pid and not _started_at(pid):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)


def _marked(pid_file: Path) -> tuple[int, str]:
    try:
        pid, started_at = pid_file.read_text().split()
    except (OSError, ValueError):
        return 0, ""
    return int(pid), started_at


def wait_for(is_there: Callable[[], bool], pid_file: Path, log: Path, *, seconds: float) -> None:
    """Raises StepFailed with the last lines of `log` if the process dies or takes too long."""
    ends_at = time.monotonic() + seconds
    while not is_there():
        if alive(pid_file) is None or time.monotonic() > ends_at:
            raise StepFailed(f"It did not come up; {log} ends with:\n\n{last_lines(log)}")
        time.sleep(0.02)


def last_lines(log: Path, count: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else ""


def _is_gone(pid_file: Path, seconds: float) -> bool:
    ends_at = time.monotonic() + seconds
    while alive(pid_file):
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.02)
    return True


def _started_at(pid: int) -> str:
    """In clock ticks since boot; empty for a process that is gone or only waits to be collected."""
    try:
        # The program's name stands in brackets and may hold anything, brackets too.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
