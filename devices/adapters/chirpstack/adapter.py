"""ChirpStack v4 over MQTT: every uplink of the applications named, acknowledged once committed.

What cannot be read is logged and left, so that one device does not hold up the others. `secret` is
`name:password` of the broker.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from devices.adapters.linked import Away, BadSettings, Target, Tell
from devices.mqtt.link import BrokerAway, connected
from devices.protocols.lorawan.chirpstack import NotAnUplink, is_up_topic, read_up

logger = logging.getLogger(__name__)


class _Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`applications` are ids; none means all."""

    applications: list[str] = []
    secure: bool = False


class ChirpStack:
    def check(self, config: Mapping[str, Any]) -> None:
        _settings(config)

    async def run(self, target: Target, tell: Tell) -> None:
        settings = _settings(target.config)
        topics = [f"application/{one}/device/+/event/up" for one in settings.applications or ["+"]]

        async def hear(_client: Any, topic: str, payload: bytes, _qos: int, _more: Any) -> int:
            if is_up_topic(topic):
                try:
                    await tell(read_up(payload).rows())
                except NotAnUplink as error:
                    logger.warning("chirpstack %s: %s", topic, error)
            return 0

        def subscribe(client: Any) -> None:
            for topic in topics:
                client.subscribe(topic, qos=1)

        name = f"citizen-{target.code}"
        try:
            async with connected(
                name, on_message=hear, on_connect=subscribe, url=_url(target, settings),
                lasting=True,
            ):  # fmt: skip
                await asyncio.Event().wait()
        except BrokerAway as error:
            raise Away(str(error)) from error


def _url(target: Target, settings: _Settings) -> str:
    user, _colon, password = target.secret.partition(":")
    who = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    return f"{'mqtts' if settings.secure else 'mqtt'}://{who}{target.host}:{target.port}"


def _settings(config: Mapping[str, Any]) -> _Settings:
    try:
        return msgspec.convert(dict(config), _Settings)
    except msgspec.ValidationError as error:
        raise BadSettings(str(error)) from error


adapter = ChirpStack()
