"""A scratch database with bookable car parks, dropped at the end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg

from scripts.servers import Servers


@dataclass(frozen=True)
class Stage:
    database_url: str
    environment: dict[str, str]

    def number(self, statement: str) -> float:
        with psycopg.connect(self.database_url) as link:
            row = link.execute(statement.encode()).fetchone()
        return float(row[0]) if row and row[0] is not None else 0.0


@contextmanager
def opened_stage() -> Iterator[Stage]:
    """Start the private servers, migrate a scratch database."""
    values = {**Servers("town").start(), **os.environ}
    town = urlsplit(values["CITIZEN_DATABASE_URL"])
    scratch = f"bench_parking_{os.getpid()}"
    url = urlunsplit(("postgresql", town.netloc, f"/{scratch}", town.query, ""))
    admin = urlunsplit(("postgresql", town.netloc, "/postgres", town.query, ""))
    _execute(admin, f"CREATE DATABASE {scratch}")
    try:
        environment = {
            **values,
            "CITIZEN_DATABASE_URL": url,
            "CITIZEN_PAYMENTS": "loopback",
            "CITIZEN_LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "citizen.settings",
            "PYTHONWARNINGS": "ignore",
        }
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, env=environment, check=True, stdout=sys.stderr)
        yield Stage(url, environment)
    finally:
        _execute(admin, f"DROP DATABASE IF EXISTS {scratch} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(statement.encode())
