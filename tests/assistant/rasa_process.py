"""Rasa for tests: one training, one process, and the inner door in this process' own threads."""

import socket
import socketserver
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import override_settings

from apps.assistant.management.commands.run_rasa import write_surroundings
from apps.assistant.rasa.training.model import (
    engine_environment,
    engine_python,
    model_path,
    train,
)

READY_WITHIN_S = 180
FEW = Path(__file__).parent / "rasa_nlu"


class _Threaded(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class RasaProcess:
    """Answers at `url` once `start` has returned; `kill` is a kill -9."""

    folder: Path
    port: int = field(default_factory=free_port)
    actions_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "rasa.log"

    def start(self) -> None:
        train(folder=FEW)
        endpoints, credentials = write_surroundings(self.folder)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    engine_python(), "-m", "rasa", "run", "--model", model_path(folder=FEW),
                    "--interface", "127.0.0.1", "--port", str(self.port),
                    "--endpoints", endpoints, "--credentials", credentials,
                ],
                cwd=settings.BASE_DIR, env=engine_environment(), stdout=log, stderr=log,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                with urllib.request.urlopen(f"{self.url}/status", timeout=2) as answer:  # noqa: S310
                    if answer.status == 200:
                        return None
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in (401, 404):  # no API is open, which is how it should be
                    return self._wait_for_agent()
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"Rasa did not start: {self.log.read_text()[-3000:]}")

    def _wait_for_agent(self) -> None:
        """Rasa listens before its model is loaded; it says so in its log."""
        while "Rasa server is up and running" not in self.log.read_text():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            time.sleep(0.2)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def inner_door(port: int) -> Iterator[None]:
    """The paths that Rasa asks, served from this process, so that it sees the test's database."""
    with override_settings(
        ROOT_URLCONF="apps.assistant.rasa.urls",
        MIDDLEWARE=["apps.base.requests.RequestIdMiddleware"],
    ):
        server = _Threaded(("127.0.0.1", port), _Quiet)
        server.set_app(_closing(get_wsgi_application()))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _closing(application: Any) -> Any:
    """Each thread gives its connection back, or the test database could not be dropped."""

    def app(environ: Any, start_response: Any) -> Any:
        try:
            return list(application(environ, start_response))
        finally:
            connections.close_all()

    return app
