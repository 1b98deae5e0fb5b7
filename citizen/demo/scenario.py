"""A city beside the city: replays, drills and simulations live in a database of their own, with a
clock of their own, a web process and a worker of their own. Nothing of it reaches the town.

    with open_scenario("replay", starts_at=…, speed=60) as scenario:
        …  # scenario.url answers; scenario.run("some_command") works in its database
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from apps.base.clock import Clock

START_S = 8.0  # real seconds from making the clock until all processes are up, about
PATIENCE_S = 90.0
GRACE_S = 6.0
SPARE_REDIS_DATABASES = range(2, 16)  # 0 and 1 are the town's

# What belongs to the town's present and would be the scenario's future or past.
_FORGET = """
TRUNCATE devices_observation, devices_lastobservation, devices_quarantine, devices_hourtosum,
         devices_hourlyrollup, devices_dailyrollup, devices_alarm, base_work, base_commandkey;
UPDATE parking_poolstate SET occupied = NULL, quality = 'unknown', flaw = '', source = '',
    observed_at = NULL, fresh_until = NULL, anchor_occupied = 0, anchored_at = NULL;
UPDATE parking_poolfeed SET anchor_count = 0;
TRUNCATE hazards_assessment, hazards_forecast, hazards_qualitynote, hazards_rainforecast CASCADE;
UPDATE hazards_stationstate SET value = NULL, observed_at = NULL, flag = 'missing', cause = '',
    level = '', change_1h = NULL, probability = NULL, peak = NULL, peak_at = NULL, told = '',
    raised = false, runs_above = 0, calm_since = NULL;
UPDATE hazards_detector SET sounding_since = NULL;
TRUNCATE drt_shift, drt_booking CASCADE;
UPDATE drt_vehicle SET seen_geom = NULL, seen_at = NULL, broken_since = NULL;
"""


class ScenarioFailed(Exception):
    """It could not be opened; the message says why."""


@dataclass(frozen=True)
class Scenario:
    database: str
    url: str
    clock: Clock
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> int:
        """Run a management command in the scenario and wait. Returns its exit status."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        return subprocess.run(command, env=dict(self.environment), check=False).returncode  # noqa: S603


@contextmanager
def open_scenario(
    name: str, *, starts_at: datetime, speed: float, commands: Sequence[str] = ()
) -> Iterator[Scenario]:
    """Open a scenario whose clock shows `starts_at` once it is up; leave nothing behind.

    `commands` are management commands that run beside its web process and its worker.

    Raises:
        ScenarioFailed: the database cannot be copied, or the web process does not answer.
    """
    signal.signal(signal.SIGTERM, _as_interrupt)  # being ended undoes as much as Ctrl-C
    with ExitStack() as undo:
        database = f"{name}_{os.getpid()}"
        undo.callback(drop_database, database)
        copy_town(database)
        clock = Clock(datetime.now(UTC) + timedelta(seconds=START_S), starts_at, speed)
        port = _free_port()
        scenario = Scenario(
            database, f"http://localhost:{port}", clock, _environment(database, clock, port)
        )
        web = undo.enter_context(_process(scenario, _web_command(port)))
        undo.enter_context(_process(scenario, _worker_command(database)))
        for command in commands:
            undo.enter_context(_process(scenario, [sys.executable, "manage.py", command]))
        _wait_until_up(scenario, web)
        yield scenario


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


# ---------------------------------------------------------------- database


def copy_town(database: str) -> None:
    """Copy the town's database, without what belongs to its present."""
    town = str(connection.settings_dict["NAME"])
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's wrapper has it
    with _maintenance() as link:
        link.execute(_named("DROP DATABASE IF EXISTS {}", database))
        try:
            link.execute(_named("CREATE DATABASE {} TEMPLATE {}", database, town))
        except psycopg.errors.ObjectInUse:  # the town is running
            link.execute(_named("CREATE DATABASE {} TEMPLATE template0", database))
            _pump(town, database)
    with psycopg.connect(url_of(database), autocommit=True) as link:
        link.execute(_FORGET)


def drop_database(database: str) -> None:
    with _maintenance() as link:
        link.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", database))


def _named(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))


def _pump(source: str, target: str) -> None:
    """pg_dump into psql: works while the source is in use, and sees one instant of it."""
    tools = [shutil.which("pg_dump"), shutil.which("psql")]
    if not all(tools):
        raise ScenarioFailed("pg_dump and psql are needed: apt-get install postgresql-client")
    dump = [str(tools[0]), "--no-owner", "--exclude-table-data=devices_observation*",
            f"--dbname={url_of(source)}"]  # fmt: skip
    load = [str(tools[1]), "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
            f"--dbname={url_of(target)}"]  # fmt: skip
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:  # noqa: S603
        loading = subprocess.run(load, stdin=dumping.stdout, check=False)  # noqa: S603
    if dumping.returncode or loading.returncode:
        raise ScenarioFailed("The town's database could not be copied.")


def _maintenance() -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url_of("postgres"), autocommit=True)


def url_of(database: str) -> str:
    parts = urlsplit(settings.DATABASE_URL)
    return urlunsplit(("postgresql", parts.netloc, f"/{database}", parts.query, ""))


# ---------------------------------------------------------------- processes


def _environment(database: str, clock: Clock, port: int) -> dict[str, str]:
    spare = SPARE_REDIS_DATABASES[os.getpid() % len(SPARE_REDIS_DATABASES)]
    return {
        **os.environ,
        "CITIZEN_DATABASE_URL": url_of(database),
        "CITIZEN_SECRET_KEY": settings.SECRET_KEY,
        "CITIZEN_CLOCK": clock.written(),
        "CITIZEN_REDIS_URL": _redis_database(settings.REDIS_URL, spare, "db"),
        "CITIZEN_CELERY_URL": _redis_database(settings.CELERY_BROKER_URL, spare, "virtual_host"),
        "CITIZEN_MQTT_URL": settings.MQTT_URL,
        "CITIZEN_PUBLIC_URL": f"http://localhost:{port}",
        "CITIZEN_LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",  # they would stand across the progress bar
    }


def _redis_database(url: str, number: int, parameter: str) -> str:
    """The same server, another database: in the query of a socket's URL, else in the path."""
    parts = urlsplit(url)
    if parts.netloc:
        return urlunsplit((parts.scheme, parts.netloc, f"/{number}", parts.query, ""))
    query = {**dict(parse_qsl(parts.query)), parameter: str(number)}
    return f"{parts.scheme}://{parts.path}?{urlencode(query)}"


def _web_command(port: int) -> list[str]:
    return [
        sys.executable, "-m", "uvicorn", "citizen.asgi:application", "--host", "127.0.0.1",
        "--port", str(port), "--ws-per-message-deflate", "false", "--no-access-log",
        "--log-level", "warning", "--timeout-graceful-shutdown", "2",
    ]  # fmt: skip


def _worker_command(database: str) -> list[str]:
    schedule = settings.BASE_DIR / ".run" / f"{database}.beat"
    return [
        sys.executable, "-m", "celery", "-A", "citizen", "worker", "--beat", "--pool", "solo",
        "--loglevel", "WARNING", "--schedule", str(schedule), "--without-gossip",
    ]  # fmt: skip


@contextmanager
def _process(scenario: Scenario, command: list[str]) -> "Iterator[subprocess.Popen[bytes]]":
    """A process of the scenario, in a group of its own: Ctrl-C reaches us, and we end it."""
    process = subprocess.Popen(  # noqa: S603
        command, env=dict(scenario.environment), cwd=settings.BASE_DIR, process_group=0,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def _wait_until_up(scenario: Scenario, web: "subprocess.Popen[bytes]") -> None:
    gives_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < gives_up_at:
        if web.poll() is not None:
            raise ScenarioFailed("The scenario's web process ended at once.")
        with suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{scenario.url}/api/v1/parking/sites?page_size=1", timeout=5)  # noqa: S310
            return
        time.sleep(0.2)
    raise ScenarioFailed(f"The scenario's web process does not answer at {scenario.url}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
