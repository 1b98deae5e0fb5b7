"""A private PostgreSQL with PostGIS.

PostgreSQL refuses to run as root; then it runs as its own user, with just the right to pass the
folders above (`CAP_DAC_OVERRIDE` by `setpriv`), and its data still lies in the checkout.
"""

import os
import pwd
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from scripts.processes import last_lines
from scripts.progress import StepFailed, call

INSTALLED = Path("/usr/lib/postgresql")
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist")
DATABASE = "citizen"
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
}
# Rows acknowledged survive a killed PostgreSQL; only a dying machine could lose them.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Postgres:
    """`folder` is short and plain. A forgetful one is quicker and may lose data to a power cut."""

    folder: Path
    forgetful: bool

    NAMES: ClassVar[tuple[str, ...]] = ("CITIZEN_DATABASE_URL",)

    def variables(self) -> dict[str, str]:
        return {"CITIZEN_DATABASE_URL": f"postgresql://citizen@/{DATABASE}?host={self._sockets}"}

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        _check_name()
        self._make_folders()
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        if not self.is_running():
            self._start_patiently()
        self._make_database()

    def stop(self) -> None:
        if self.is_running():
            self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "stop")

    def is_running(self) -> bool:
        """Only ours can answer on this socket. Code 1 is "starting up"."""
        if not self._sockets.exists():
            return False
        ready: list[str | Path] = [self._programs() / "pg_isready", "-q", "-h", self._sockets]
        return subprocess.run(ready, check=False).returncode in (0, 1)

    def has_crashed(self) -> bool:
        """Whoever stops PostgreSQL in an orderly way takes its lock file away."""
        return (self._data / "postmaster.pid").exists() and not self.is_running()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _sockets(self) -> Path:
        return self.folder / "s"

    def _programs(self) -> Path:
        """The programs that made the data, else the newest that have PostGIS."""
        marked = self._data / "PG_VERSION"
        try:
            version = marked.read_text().strip() if marked.exists() else newest_version()
        except PermissionError as error:
            raise StepFailed(f"{self.folder} belongs to somebody else on this machine.") from error
        programs = INSTALLED / version / "bin"
        if not programs.exists():
            raise StepFailed(
                f"{self.folder} was made by PostgreSQL {version}, which is not installed any more."
                f"\nInstall postgresql-{version}-postgis-3, or forget the data by `make reset`."
            )
        return programs

    def _initialise(self) -> None:
        """A folder half made (a full disk, a killed command) is made anew."""
        if self._data.exists():
            shutil.rmtree(self._data)
        self._run(
            "initdb", "-D", self._data, "-U", "citizen", "-E", "UTF8",
            # Under the locale C, trigrams would drop Korean.
            "--locale=C.UTF-8", "-A", "trust", "--no-sync",
        )  # fmt: skip

    def _start_patiently(self) -> None:
        """After a kill -9 the old children hold the lock for a second or two."""
        settings = SETTINGS | (FORGETFUL if self.forgetful else {})
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        command = (
            "pg_ctl", "-D", self._data, "-l", self.log, "-w",
            "-o", f"-k {self._sockets} {options}", "start",
        )  # fmt: skip
        ends_at = time.monotonic() + 15
        while True:
            try:
                self._run(*command)
            except StepFailed as failure:
                if time.monotonic() > ends_at:
                    raise StepFailed(f"{failure}\n{last_lines(self.log)}") from failure
                time.sleep(0.3)
            else:
                return

    def _make_database(self) -> None:
        """Extensions go into the template, so that every database made later has them."""
        made = self.folder / "made"
        if made.exists():
            return
        sql = "; ".join(f"CREATE EXTENSION IF NOT EXISTS {name}" for name in EXTENSIONS)
        psql = (self._programs() / "psql", "-qAt", "-h", self._sockets, "-U", "citizen")
        call([*psql, "-d", "template1", "-c", sql])
        ask = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant
        if not call([*psql, "-d", "postgres", "-c", ask]).strip():
            call([*psql, "-d", "postgres", "-c", f"CREATE DATABASE {DATABASE}"])
        made.touch()

    def _make_folders(self) -> None:
        for path in (self.folder, self._sockets):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(0o700)
            if os.geteuid() == 0:
                shutil.chown(path, "postgres", "postgres")

    def _run(self, program: str, *arguments: str | Path) -> None:
        call([*_as_postgres(), self._programs() / program, *arguments], cwd=Path("/"))


def newest_version() -> str:
    """The newest PostgreSQL on this machine that has PostGIS. Raises StepFailed if none has."""
    versions = [path.parent.parent.name for path in INSTALLED.glob("*/lib/postgis-3.so")]
    if not versions:
        raise StepFailed("PostgreSQL with PostGIS was not found on this machine.")
    return max(versions, key=int)


def _as_postgres() -> list[str]:
    """The prefix under which PostgreSQL's programs run: none, unless we are root."""
    if os.geteuid() != 0:
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
