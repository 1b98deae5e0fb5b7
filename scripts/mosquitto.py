"""A private Mosquitto on a loopback port of its own (MQTT clients for Python only speak TCP)."""

import os
import shutil
from dataclasses import dataclass
from typing import ClassVar

from scripts.daemon import Daemon
from scripts.ports import answers, free_port, is_free


@dataclass(frozen=True)
class Mosquitto(Daemon):
    NAMES: ClassVar[tuple[str, ...]] = ("CITIZEN_MQTT_URL",)

    def variables(self) -> dict[str, str]:
        return {"CITIZEN_MQTT_URL": f"mqtt://127.0.0.1:{self.port()}"}

    def start(self) -> None:
        if self.is_running():
            return
        self._make_folder()
        port = self.port()
        config = self.folder / "mosquitto.conf"
        config.write_text(self._settings(port))
        # An ordinary user's PATH leaves out where Debian keeps servers.
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        self._launch(program, ["mosquitto", "-c", config], lambda: answers(port))

    def port(self) -> int:
        """Asked of the kernel once, and then kept while nobody else has taken it."""
        kept = self.folder / "port"
        if kept.exists() and (self.is_running() or is_free(int(kept.read_text()))):
            return int(kept.read_text())
        port = free_port()
        self._make_folder()
        kept.write_text(str(port))
        return port

    def _settings(self, port: int) -> str:
        # As root it would become another user and then be kept out of its own folder.
        as_root = "user root\n" if os.geteuid() == 0 else ""
        return (
            f"{as_root}listener {port} 127.0.0.1\nallow_anonymous true\n"
            f"persistence true\npersistence_location {self.folder}/\n"
            "max_inflight_messages 5000\nmax_queued_messages 0\n"
        )
