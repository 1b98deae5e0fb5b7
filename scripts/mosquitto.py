"""A private Mosquitto on a loopback port of its own (MQTT clients for Python only speak TCP)."""

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from scripts.daemon import Daemon
from scripts.ports import answers, free_port, is_free
from scripts.progress import StepFailed

ADMIN = "citizen"
PLUGIN = "mosquitto_dynamic_security.so"


@dataclass(frozen=True)
class Mosquitto(Daemon):
    NAMES: ClassVar[tuple[str, ...]] = ("CITIZEN_MQTT_URL",)

    def variables(self) -> dict[str, str]:
        self._make_folder()
        return {"CITIZEN_MQTT_URL": f"mqtt://{ADMIN}:{self._password()}@127.0.0.1:{self.port()}"}

    def start(self) -> None:
        if self.is_running():
            return
        self._make_folder()
        self._know_the_city()
        port = self.port()
        config = self.folder / "mosquitto.conf"
        config.write_text(self._settings(port))
        # An ordinary user's PATH leaves out where Debian keeps servers.
        program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
        self._launch(program, ["mosquitto", "-c", config], lambda: answers(port))

    def _know_the_city(self) -> None:
        """The dynamic-security plugin's file, with us as the one who may tell it more."""
        if self._logins.exists():
            return
        tool = shutil.which("mosquitto_ctrl")
        if tool is None:
            raise StepFailed("mosquitto_ctrl was not found: apt-get install mosquitto")
        command = (tool, "dynsec", "init", str(self._logins), ADMIN, self._password())
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self._logins.chmod(0o600)

    def _password(self) -> str:
        kept = self.folder / "password"
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(24))
        return kept.read_text()

    @property
    def _logins(self) -> Path:
        return self.folder / "dynamic-security.json"

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
            f"{as_root}listener {port} 127.0.0.1\nallow_anonymous false\n"
            f"plugin {_plugin()}\nplugin_opt_config_file {self._logins}\n"
            f"persistence true\npersistence_location {self.folder}/\n"
            "autosave_interval 30\nmax_inflight_messages 5000\nmax_queued_messages 0\n"
        )


def _plugin() -> Path:
    """Debian puts it beside the machine's libraries."""
    found = sorted(Path("/usr/lib").glob(f"*/{PLUGIN}")) or sorted(Path("/usr").rglob(PLUGIN))
    if not found:
        raise StepFailed(f"{PLUGIN} was not found: apt-get install mosquitto")
    return found[0]
