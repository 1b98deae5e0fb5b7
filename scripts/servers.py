"""Private PostgreSQL + PostGIS, Redis and Mosquitto of one checkout.

They live under `.run/` on sockets and one loopback port of their own, so that nothing else on the
host is disturbed. An operator's server (its variable is set in the environment) takes their place.
Instances exist side by side: "town" for a running city, and one for each of the test runs that go
on at a time (`instance_of`), which may forget.
"""

import os
import secrets
from pathlib import Path
from typing import ClassVar, Protocol

from scripts.env_file import read_env, write_env
from scripts.locking import locked
from scripts.mosquitto import Mosquitto
from scripts.places import RUN
from scripts.postgres import Postgres
from scripts.progress import step
from scripts.redis_server import Redis
from scripts.short_paths import short_path

MOST_WORKERS = 4  # each has its own servers, a browser and the models in memory


class Server(Protocol):
    NAMES: ClassVar[tuple[str, ...]]

    def variables(self) -> dict[str, str]: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...
    def has_crashed(self) -> bool: ...


def instance_of(worker: int) -> str:
    """The servers of one of several test runs side by side. They share none: even between databases
    of one PostgreSQL the oldest open transaction is everybody's, and live topics go by it."""
    return f"test{worker + 1}" if worker else "test"


class Servers:
    """All three of one instance, and the file that says where they are."""

    def __init__(self, instance: str = "town", run: Path = RUN) -> None:
        self.folder = run if instance == "town" else run / instance
        self.env_file = self.folder / "env"
        self._run = run
        run.mkdir(parents=True, exist_ok=True)
        short = short_path(run)
        short = short if instance == "town" else short / instance
        self.postgres = Postgres(short / "pg", forgetful=instance != "town")
        self.redis = Redis(short / "redis")
        self.mosquitto = Mosquitto(short / "mqtt")
        self.by_name: dict[str, Server] = {
            "PostgreSQL": self.postgres,
            "Redis": self.redis,
            "Mosquitto": self.mosquitto,
        }

    def start(self) -> dict[str, str]:
        """Start what the operator does not bring; write and return the variables."""
        ours = self._ours()
        with step(", ".join(ours) or "The operator's servers"), locked(self.folder):
            for server in ours.values():
                server.start()
            return self._write_env(ours)

    def stop(self) -> None:
        with locked(self.folder):
            for server in self.by_name.values():
                server.stop()

    def revive(self) -> list[str]:
        """Start again what died without being asked to. Returns the names."""
        short_path(self._run)  # temporary folders get swept, and a short link with them
        dead = {name: server for name, server in self._ours().items() if server.has_crashed()}
        with locked(self.folder):
            for server in dead.values():
                server.start()
        return list(dead)

    def are_running(self) -> bool:
        return any(server.is_running() for server in self.by_name.values())

    def all_ours(self) -> bool:
        """Whether the operator brings none."""
        return not any(name in os.environ for s in self.by_name.values() for name in s.NAMES)

    def _ours(self) -> dict[str, Server]:
        """A server all of whose variables are set in the environment is the operator's."""
        return {
            name: server
            for name, server in self.by_name.items()
            if not os.environ.keys() >= set(server.NAMES)
        }

    def _write_env(self, ours: dict[str, Server]) -> dict[str, str]:
        values = {"CITIZEN_SECRET_KEY": secrets.token_urlsafe(48), **read_env(self.env_file)}
        for server in ours.values():
            values |= server.variables()
        write_env(self.env_file, values)
        return values | {n: value for n, value in os.environ.items() if n.startswith("CITIZEN_")}
