"""A Mosquitto of a module's own, with its dynamic-security plugin."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from devices.mqtt import dynsec
from scripts.mosquitto import Mosquitto


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address with our login."""
    server = Mosquitto(tmp_path_factory.mktemp("mqtt"))
    url = server.variables()["CITIZEN_MQTT_URL"]
    server.start()
    yield url
    server.stop()


def admit(broker: str, name: str, password: str, *, topics: str) -> str:
    """Let somebody who is no gateway speak and listen under `topics`. Returns their address."""
    acls = [
        {"command": "addRoleACL", "rolename": name, "acltype": kind, "topic": topics, "allow": True}
        for kind in ("publishClientSend", "subscribePattern")
    ]
    login = {
        "command": "createClient", "username": name, "password": password,
        "roles": [{"rolename": name}],
    }  # fmt: skip
    dynsec.run_commands([{"command": "createRole", "rolename": name}, *acls, login], url=broker)
    parts = urlsplit(broker)
    return f"mqtt://{name}:{password}@{parts.hostname}:{parts.port}"
