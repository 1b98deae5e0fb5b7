"""The `voice` process on the stage, and calls announced to it as a dial plan would."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from scripts.ports import free_port

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Doors:
    process: "subprocess.Popen[bytes]"
    port: int
    audio_socket_port: int

    def cpu_s(self) -> float:
        """Of the process and its recogniser."""
        total = 0.0
        for pid in [self.process.pid, *_children(self.process.pid)]:
            with suppress(OSError), open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
                fields = file.read().rpartition(")")[2].split()
                total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return total


def _children(pid: int) -> list[int]:
    with suppress(OSError), open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123
        return [int(child) for child in file.read().split()]
    return []


@contextmanager
def opened_doors() -> Iterator[Doors]:
    """One `manage.py voice`, with loopback ports of its own."""
    port, tcp_port = free_port(), free_port()
    environment = {
        **os.environ,
        "CITIZEN_VOICE_PORT": str(port),
        "CITIZEN_AUDIO_SOCKET_PORT": str(tcp_port),
        "CITIZEN_VOICE_CALLS_AT_ONCE": "500",
    }
    process = subprocess.Popen([sys.executable, "manage.py", "voice"], env=environment)
    try:
        _wait_for(tcp_port, process)
        yield Doors(process, port, tcp_port)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    gives_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < gives_up_at and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError("the voice process does not come up")


def announce(number: int, *, language: str) -> str:
    """A call from somebody's own number. Returns what to open the line with."""
    from apps.assistant.voice.records import announce_call

    call = announce_call(
        provider="asterisk",
        provider_call=f"bench-{os.getpid()}-{number}-{time.monotonic_ns()}",
        caller=f"+8231920{number % 10000:04}",
        language=language,
    )
    return str(call.code)
