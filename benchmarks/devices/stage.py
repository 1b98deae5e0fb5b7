"""A scratch database with gateways and streams, and a web process in front of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg

from scripts.servers import Servers

STREAMS = 5_000
PATIENCE_S = 60


@dataclass
class Stage:
    database_url: str
    environment: dict[str, str]
    key: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def web(self) -> "Iterator[subprocess.Popen[bytes]]":
        """One web process, up and warm."""
        process = self.start_web()
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def start_web(self) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable, "-m", "uvicorn", "benchmarks.devices.served:application", "--port",
            str(self.port), "--log-level", "error", "--no-access-log",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=self.environment)
        gives_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < gives_up_at and process.poll() is None:
            with suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{self.url}/health", timeout=5)  # noqa: S310
                return process
            time.sleep(0.1)
        raise RuntimeError("the web process does not come up")


@contextmanager
def opened_stage() -> Iterator[Stage]:
    """Start the private servers, make a scratch database, fill in the catalogue."""
    values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    scratch = f"bench_devices_{os.getpid()}"
    url = urlunsplit(("postgresql", town.netloc, f"/{scratch}", town.query, ""))
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    _execute(admin, f"CREATE DATABASE {scratch}")
    try:
        environment = {**values, "CITIZEN_DATABASE_URL": url, "PYTHONWARNINGS": "ignore"}
        os.environ.update(environment)
        key = _fill()
        yield Stage(url, environment, key, _free_port())
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())


def _fill() -> str:
    """Migrate and provision in a process of its own, which prints the gateway's key last."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.devices.fill"], stdout=subprocess.PIPE, check=True
    )
    return done.stdout.decode().split()[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
