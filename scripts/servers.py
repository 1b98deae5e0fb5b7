"""Private PostgreSQL + PostGIS, Redis and Mosquitto of one checkout.

They live under `.run/` on sockets and one loopback port of their own, so that nothing else on the
host is disturbed. An operator's server (its variable is set in the environment) takes their place.
Two instances exist side by side: "town" for a running city, "test" for tests, which may forget.

PostgreSQL refuses to run as root; then it runs as its own user, with just the right to pass the
folders above (`CAP_DAC_OVERRIDE` by `setpriv`), and its data still lies in the checkout.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from scripts.places import RUN, short_path
from scripts.progress import StepFailed, call, step

EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
DATABASE = "citizen"
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
}
# Rows acknowledged survive a killed PostgreSQL; only a dying machine could lose them.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


def wait_for(is_there: Callable[[], bool], what: str, *, seconds: float = 15) -> None:
    """Raises StepFailed if `what` is not there in time."""
    ends_at = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > ends_at:
            raise StepFailed(f"{what} did not come up within {seconds:.0f} s.")
        time.sleep(0.02)


def alive(pid_file: Path) -> int | None:
    """The process id in `pid_file` if that process lives."""
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid


def end(pid_file: Path, *, seconds: float = 10) -> None:
    """End the process in `pid_file`: asked first, then made to."""
    pid = alive(pid_file)
    if pid is None:
        return
    os.kill(pid, signal.SIGTERM)
    ends_at = time.monotonic() + seconds
    while alive(pid_file) and time.monotonic() < ends_at:
        _reap()
        time.sleep(0.02)
    if alive(pid_file):
        os.kill(pid, signal.SIGKILL)
    pid_file.unlink(missing_ok=True)


def _reap() -> None:
    """Collect children of ours that ended, so that they don't look alive."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


@dataclass(frozen=True)
class Postgres:
    folder: Path
    forgetful: bool

    @cached_property
    def programs(self) -> Path:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
        if not found:
            raise StepFailed("PostgreSQL's initdb was not found.")
        return found[-1].parent

    @cached_property
    def socket_dir(self) -> Path:
        return short_path(self.folder / "s")

    @property
    def url(self) -> str:
        return f"postgresql://citizen@/{DATABASE}?host={self.socket_dir}"

    def start(self) -> None:
        self._make_folders()
        fresh = not (self.folder / "data" / "PG_VERSION").exists()
        if fresh:
            self._run(
                "initdb", "-D", self.folder / "data", "-U", "citizen", "-E", "UTF8",
                "--locale=C.UTF-8", "-A", "trust", "--no-sync",
            )  # fmt: skip
        if not self.is_running():
            self._start_patiently()
        if fresh:
            self._make_database()

    def stop(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "stop")

    def is_running(self) -> bool:
        return alive(self.folder / "data" / "postmaster.pid") is not None and self._accepts()

    def _accepts(self) -> bool:
        ready: list[str | Path] = [
            self.programs / "pg_isready", "-q", "-h", self.socket_dir, "-U", "citizen",
        ]  # fmt: skip
        return subprocess.run(ready, check=False).returncode == 0

    def _start_patiently(self) -> None:
        """After a kill -9 the old children hold the lock for a second or two."""
        settings = POSTGRES_SETTINGS | (FORGETFUL if self.forgetful else {})
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        command = (
            "pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w",
            "-o", f"-k '{self.socket_dir}' {options}", "start",
        )  # fmt: skip
        ends_at = time.monotonic() + 15
        while True:
            try:
                self._run(*command)
            except StepFailed:
                if time.monotonic() > ends_at:
                    raise
                time.sleep(0.3)
            else:
                return

    def _make_database(self) -> None:
        """Extensions go into the template, so that every database made later has them."""
        sql = "; ".join(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS)
        psql = (self.programs / "psql", "-q", "-h", self.socket_dir, "-U", "citizen")
        call([*psql, "-d", "template1", "-c", sql])
        call([*psql, "-d", "postgres", "-c", f"CREATE DATABASE {DATABASE}"])

    def _make_folders(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in (self.folder, self.folder / "s"):
            path.mkdir(exist_ok=True)
            path.chmod(0o700)
            if os.geteuid() == 0:
                shutil.chown(path, "postgres", "postgres")

    def _run(self, program: str, *arguments: str | Path) -> None:
        call([*_as_postgres(), self.programs / program, *arguments], cwd=Path("/"))


def _version(path: Path) -> int:
    return int(path.parent.parent.name) if path.parent.parent.name.isdigit() else 0


def _as_postgres() -> list[str]:
    """The prefix under which PostgreSQL's programs run: none, unless we are root."""
    if os.geteuid() != 0:
        _check_name()
        return []
    return [
        "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override",
    ]  # fmt: skip


def _check_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise StepFailed(
            f"User id {os.geteuid()} has no line in /etc/passwd, and PostgreSQL needs one."
        ) from error


@dataclass(frozen=True)
class Redis:
    folder: Path

    @cached_property
    def socket(self) -> Path:
        return short_path(self.folder) / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def celery_url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=1"

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    def start(self) -> None:
        """Debian's `redis-server` is `redis-check-rdb` of redis-tools under another name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if alive(self.pid_file):
            return
        config = self.folder / "redis.conf"
        config.write_text(
            f"port 0\nunixsocket {self.socket}\nunixsocketperm 700\ndaemonize yes\n"
            f"pidfile {self.pid_file}\nlogfile {self.folder / 'log'}\ndir {self.folder}\n"
            'save ""\nappendonly no\n'
        )
        program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
        subprocess.run(["redis-server", config], executable=program, check=True)
        wait_for(lambda: alive(self.pid_file) is not None and self.socket.exists(), "Redis")

    def stop(self) -> None:
        end(self.pid_file)


@dataclass(frozen=True)
class Mosquitto:
    folder: Path

    @property
    def pid_file(self) -> Path:
        return self.folder / "pid"

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    @cached_property
    def port(self) -> int:
        """A loopback port of its own, asked of the kernel once and then kept while it is free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = self.folder / "port"
        if kept.exists() and (alive(self.pid_file) or is_free(int(kept.read_text()))):
            return int(kept.read_text())
        port = free_port()
        kept.write_text(str(port))
        return port

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        if alive(self.pid_file):
            return
        config = self.folder / "mosquitto.conf"
        # As root it would become another user and then be kept out of its own folder.
        as_root = "user root\n" if os.geteuid() == 0 else ""
        config.write_text(
            f"{as_root}listener {self.port} 127.0.0.1\nallow_anonymous true\n"
            f"pid_file {self.pid_file}\npersistence true\npersistence_location {self.folder}/\n"
            f"log_dest file {self.folder / 'log'}\nmax_inflight_messages 5000\n"
            "max_queued_messages 0\n"
        )
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        call([program, "-d", "-c", config])
        wait_for(lambda: _answers(self.port), "Mosquitto")

    def stop(self) -> None:
        end(self.pid_file)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Servers:
    """All three of one instance, and the file that says where they are."""

    def __init__(self, instance: str = "town", run: Path = RUN) -> None:
        self.folder = run if instance == "town" else run / instance
        self.env_file = self.folder / "env"
        self.postgres = Postgres(self.folder / "pg", forgetful=instance == "test")
        self.redis = Redis(self.folder / "redis")
        self.mosquitto = Mosquitto(self.folder / "mqtt")

    def start(self) -> dict[str, str]:
        """Start what the operator does not bring; write and return the variables."""
        with step("PostgreSQL, Redis, Mosquitto"):
            if "CITIZEN_DATABASE_URL" not in os.environ:
                self.postgres.start()
            if "CITIZEN_REDIS_URL" not in os.environ or "CITIZEN_CELERY_URL" not in os.environ:
                self.redis.start()
            if "CITIZEN_MQTT_URL" not in os.environ:
                self.mosquitto.start()
            return self._write_env()

    def stop(self) -> None:
        self.mosquitto.stop()
        self.redis.stop()
        self.postgres.stop()

    def _write_env(self) -> dict[str, str]:
        kept = read_env(self.env_file)
        values = {
            "CITIZEN_SECRET_KEY": secrets.token_urlsafe(48),
            **kept,
            "CITIZEN_DATABASE_URL": self.postgres.url,
            "CITIZEN_REDIS_URL": self.redis.url,
            "CITIZEN_CELERY_URL": self.redis.celery_url,
            "CITIZEN_MQTT_URL": self.mosquitto.url,
        }
        write_env(self.env_file, values)
        return {name: os.environ.get(name, value) for name, value in values.items()}


def read_env(path: Path) -> dict[str, str]:
    """NAME=VALUE lines; anything else is passed over."""
    lines = path.read_text().splitlines() if path.exists() else []
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value for name, value in pairs}


def write_env(path: Path, values: dict[str, str]) -> None:
    """Written whole and only readable by its owner: it holds the secret key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    draft.replace(path)
