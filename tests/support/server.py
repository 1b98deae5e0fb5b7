"""The town behind a real port, for tests that come through the front door (a browser, a device).

A session has one: a database of its own beside the test database, with Dalbit in it, and
`citizen.asgi` under uvicorn. Tests share it, so each says what must hold before it looks.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from apps.drt.core.warming import warm_up
from citizen.demo.scenario import drop_database, url_of
from devices.simulators.sender import Sender
from tests.support.database import ready_database

READY_WITHIN_S = 60
GRACE_S = 10
SEEDED = "tests.support.seeded_town"


@dataclass(eq=False)
class TownServer:
    """Answers at `url`. `stop` and `start` let a test see what a screen does without it."""

    database: str
    folder: Path
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "CITIZEN_DATABASE_URL": url_of(self.database),
            "CITIZEN_PUBLIC_URL": self.url,
            "CITIZEN_MEDIA_DIR": str(self.folder / "media"),
            "CITIZEN_EMAIL_URL": f"file:///{self.folder}/mail",
            "CITIZEN_DEMO": "true",
            "CITIZEN_GRAPHS_DIR": str(self.folder / "graphs"),
            "CITIZEN_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "citizen.settings",
        }

    def start(self) -> None:
        """Listen first, so that the port is ours and whoever comes early waits."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(listener.getsockname()[1])
        command = [
            sys.executable, "-m", "uvicorn", "citizen.asgi:application", "--fd",
            str(listener.fileno()), "--ws-per-message-deflate", "false", "--no-access-log",
            "--log-level", "warning", "--timeout-graceful-shutdown", "1",
        ]  # fmt: skip
        with listener:
            self.process = subprocess.Popen(
                command, env=dict(self.environment()), cwd=settings.BASE_DIR,
                pass_fds=[listener.fileno()],
            )  # fmt: skip
        with urllib.request.urlopen(f"{self.url}/api/v1/city", timeout=READY_WITHIN_S) as answer:  # noqa: S310
            assert answer.status == 200

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_S)
        self.process.kill()
        self.process.wait()
        self.process = None

    def observe(self, gateway: str, **results: Any) -> dict[str, Any]:
        """Say datastream → result as the gateway would. Returns the receipt."""
        now = datetime.now(UTC).isoformat()
        rows = [
            {"datastream": code, "phenomenonTime": now, "result": result}
            for code, result in results.items()
        ]
        sender = Sender(self.url, self.keys[gateway])
        try:
            return sender.send(rows)
        finally:
            sender.close()

    def code_mailed_to(self, email: str) -> str:
        """The six digits of the newest mail to `email`."""
        mails = sorted((self.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        text = next(t for t in (m.read_text() for m in reversed(mails)) if f"To: {email}" in t)
        found = re.findall(r"^\s*(\d{6})\s*$", text, re.MULTILINE)
        assert found, text
        return str(found[-1])


def _make_database(database: str) -> None:
    drop_database(database)
    ready = sql.Identifier(ready_database() or "template1")
    with psycopg.connect(url_of("postgres"), autocommit=True) as link:
        link.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), ready)
        )


def _seed(server: TownServer) -> None:
    key_file = server.folder / "keys.json"
    for command in (("manage.py", "migrate"), ("-m", SEEDED, str(key_file))):
        subprocess.run(
            [sys.executable, *command], env=dict(server.environment()), cwd=settings.BASE_DIR,
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    server.keys = json.loads(key_file.read_text())


WEB = settings.BASE_DIR / "web"
SOURCES = ("src", "public", "build", "index.html", "package.json", "vite.config.ts")


def _changed_at(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return max((file.stat().st_mtime for file in files if file.is_file()), default=0.0)


@pytest.fixture(scope="session")
def web_app() -> Path:
    """The built web app; built now if its sources changed since."""
    built: Path = settings.WEB_DIST
    page = built / "index.html"
    newest = max(_changed_at(WEB / name) for name in SOURCES)
    if not page.exists() or page.stat().st_mtime < newest:
        npm = shutil.which("npm")
        assert npm, "Node and npm are needed to build the web app."
        assert (WEB / "node_modules").is_dir(), "Run `npm ci` in web/ first."
        subprocess.run([npm, "run", "--silent", "build"], cwd=WEB, check=True)
    return built


@pytest.fixture(scope="session")
def town_server(web_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TownServer]:
    assert web_app.is_dir()
    database = f"{settings.DATABASES['default']['TEST']['NAME']}_town"
    server = TownServer(database, tmp_path_factory.mktemp("town"))
    try:
        _make_database(database)
        _seed(server)
        warm_up()  # what is compiled once a machine must not be waited for on a screen
        server.start()
        yield server
    finally:
        server.stop()
        drop_database(database)
