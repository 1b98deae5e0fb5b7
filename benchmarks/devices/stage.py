"""A filled scratch database, and a web process in front of it."""

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

PATIENCE_S = 60


@dataclass
class Stage:
    database_url: str
    environment: dict[str, str]
    told: str  # what the filling process printed last, such as a key
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def web(self, application: str) -> "Iterator[subprocess.Popen[bytes]]":
        """One web process, up."""
        process = self.start_web(application)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def start_web(self, application: str) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable, "-m", "uvicorn", application, "--port",
            str(self.port), "--log-level", "error", "--no-access-log",
        ]  # fmt: skip
        process = subprocess.Popen(command, env=self.environment)
        gives_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < gives_up_at and process.poll() is None:
            with suppress(OSError):
                _any_answer(f"{self.url}/health")
                return process
            time.sleep(0.1)
        raise RuntimeError("the web process does not come up")


@contextmanager
def opened_stage(name: str, *, fill: str) -> Iterator[Stage]:
    """Start the private servers, make a scratch database, let the module `fill` fill it."""
    values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    scratch = f"bench_{name}_{os.getpid()}"
    url = urlunsplit(("postgresql", town.netloc, f"/{scratch}", town.query, ""))
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    _execute(admin, f"CREATE DATABASE {scratch}")
    try:
        environment = {**values, "CITIZEN_DATABASE_URL": url, "PYTHONWARNINGS": "ignore",
                       "DJANGO_SETTINGS_MODULE": "citizen.settings"}  # fmt: skip
        os.environ.update(environment)
        yield Stage(url, environment, _fill(fill), _free_port())
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _any_answer(url: str) -> None:
    with suppress(urllib.error.HTTPError):  # it answers, whatever it thinks of its own health
        urllib.request.urlopen(url, timeout=5)  # noqa: S310


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())


def _fill(module: str) -> str:
    """Migrate and fill in a process of its own. Returns the last word it prints."""
    done = subprocess.run([sys.executable, "-m", module], stdout=subprocess.PIPE, check=True)
    return (done.stdout.decode().split() or [""])[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
