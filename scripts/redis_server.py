"""A private Redis on a Unix socket. It holds nothing that can't be lost."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from scripts.daemon import Daemon


@dataclass(frozen=True)
class Redis(Daemon):
    NAMES: ClassVar[tuple[str, ...]] = ("CITIZEN_REDIS_URL", "CITIZEN_CELERY_URL")

    def variables(self) -> dict[str, str]:
        return {
            "CITIZEN_REDIS_URL": f"unix://{self._socket}",
            "CITIZEN_CELERY_URL": f"redis+socket://{self._socket}?virtual_host=1",
        }

    def start(self) -> None:
        if self.is_running():
            return
        self._make_folder()
        self._socket.unlink(missing_ok=True)
        config = self.folder / "redis.conf"
        config.write_text(
            f"port 0\nunixsocket {self._socket}\nunixsocketperm 700\ndir {self.folder}\n"
            'save ""\nappendonly no\n'
        )
        # Debian's `redis-server` is `redis-check-rdb` of redis-tools under another name, so that
        # a server runs without the package that would start one of its own.
        program = shutil.which("redis-server") or shutil.which("redis-check-rdb")
        self._launch(program, ["redis-server", config], self._socket.exists)

    @property
    def _socket(self) -> Path:
        return self.folder / "redis.sock"
