"""A connection to the city's broker, as `CITIZEN_MQTT_URL` says."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from gmqtt import Client
from gmqtt.mqtt.constants import MQTTv50

logging.getLogger("gmqtt").setLevel(logging.WARNING)  # it tells every packet

KEPT_S = 7 * 86_400
DEFAULT_PORT = 1883
DEFAULT_TLS_PORT = 8883

Handler = Callable[[Any, str, bytes, int, Any], Awaitable[int]]


class BrokerAway(ConnectionError):
    """The broker does not answer, or does not know us."""


@asynccontextmanager
async def connected(
    name: str,
    *,
    on_message: Handler,
    on_connect: Callable[[Any], None] | None = None,
    url: str = "",
    lasting: bool = False,
) -> AsyncIterator[Any]:
    """A client that acknowledges a message when its handler is done. A `lasting` one has a session
    that the broker keeps for a week while it is away.

    Raises BrokerAway.
    """
    parts = urlsplit(url or settings.MQTT_URL)
    secure = parts.scheme == "mqtts"
    client = Client(
        name,
        clean_session=not lasting,
        session_expiry_interval=KEPT_S if lasting else 0,
        receive_maximum=2_000,
        optimistic_acknowledgement=False,
    )
    client.on_message = on_message
    if on_connect:
        client.on_connect = lambda link, _flags, _code, _properties: on_connect(link)
    if parts.username:
        client.set_auth_credentials(unquote(parts.username), unquote(parts.password or ""))
    try:
        await client.connect(
            parts.hostname,
            parts.port or (DEFAULT_TLS_PORT if secure else DEFAULT_PORT),
            ssl=secure,
            version=MQTTv50,
        )
    except Exception as error:  # gmqtt raises what it pleases
        raise BrokerAway(f"{parts.hostname}:{parts.port}: {error}") from error
    try:
        yield client
    finally:
        await client.disconnect()
