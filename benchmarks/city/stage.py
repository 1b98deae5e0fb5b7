"""A scratch database of its own, and web processes in front of it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.report import NotMeasuredError
from scripts.servers import Servers

PATIENCE_S = 60
OURS = "citizen.asgi:application"
BARE = "benchmarks.city.bare:application"


@dataclass(frozen=True)
class Load:
    """What a run of requests took."""

    seconds: float
    statuses: Mapping[str, int]
    latencies_ms: tuple[float, ...]

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    def percentile_ms(self, share: float) -> float:
        return sorted(self.latencies_ms)[int(share * (len(self.latencies_ms) - 1))]


@dataclass(frozen=True)
class Stage:
    database_url: str
    environment: dict[str, str]
    port: int
    bare_port: int

    @contextmanager
    def web(self) -> Iterator[None]:
        """One process of ours and one bare, up and warm."""
        processes = [self._start(OURS, self.port), self._start(BARE, self.bare_port)]
        try:
            for port in (self.port, self.bare_port):
                _wait_for(f"http://127.0.0.1:{port}/tiles/0/0/0.mvt")
            yield
        finally:
            for process in processes:
                process.kill()
                process.wait()

    def _start(self, application: str, port: int) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level",
            "error", "--no-access-log", "--lifespan", "off",
        ]  # fmt: skip
        return subprocess.Popen(command, env=self.environment)

    def load(self, port: int, paths: Iterable[str], *, connections: int, headers: str = "") -> Load:
        """Ask for all paths over some connections, from a process of its own."""
        order = {"port": port, "connections": connections, "headers": headers, "paths": list(paths)}
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.city.load"],
            input=json.dumps(order).encode(), stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        said = json.loads(done.stdout)
        return Load(said["seconds"], said["statuses"], tuple(said["latencies_ms"]))

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database_url) as link:
            return link.execute(statement.encode()).fetchall()


def _wait_for(url: str) -> None:
    gives_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < gives_up_at:
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url, timeout=5)  # noqa: S310
            return
        time.sleep(0.1)
    raise NotMeasuredError("the web process does not come up")


@contextmanager
def opened_stage() -> Iterator[Stage]:
    """Start the private servers, make and migrate a scratch database, drop it at the end."""
    with redirect_stdout(sys.stderr):  # stdout is for figures
        values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    scratch = f"bench_city_{os.getpid()}"
    url = urlunsplit(("postgresql", town.netloc, f"/{scratch}", town.query, ""))
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    _execute(admin, f"CREATE DATABASE {scratch}")
    try:
        environment = {**values, "CITIZEN_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, env=environment, check=True, stdout=sys.stderr)
        yield Stage(url, environment, _free_port(), _free_port())
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
