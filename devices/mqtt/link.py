"""A connection to the city's broker, as `CITIZEN_MQTT_URL` says."""

import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from struct import Struct
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from gmqtt import Client
from gmqtt.mqtt.constants import MQTTCommands, MQTTv50

logging.getLogger("gmqtt").setLevel(logging.WARNING)  # it tells every packet

KEPT_S = 7 * 86_400
DEFAULT_PORT = 1883
DEFAULT_TLS_PORT = 8883

_ACKNOWLEDGEMENT = Struct("!BBH")  # command, bytes that follow, the message's number

Handler = Callable[[Any, str, bytes, int, Any], Awaitable[int]]


class BrokerAway(ConnectionError):
    """The broker does not answer, or does not know us."""


class Delivery(NamedTuple):
    """A message, and where the broker waits for its acknowledgement; None where it does not."""

    topic: str
    payload: bytes
    properties: Mapping[str, Any]
    connection: Any
    number: int


@asynccontextmanager
async def connected(
    name: str,
    *,
    on_message: Handler | None = None,
    on_delivery: Callable[[Delivery], None] | None = None,
    on_connect: Callable[[Any], None] | None = None,
    url: str = "",
    lasting: bool = False,
) -> AsyncIterator[Any]:
    """A client that acknowledges a message when `on_message` is done, or gives it to `on_delivery`,
    which sees to it that it will be acknowledged. A `lasting` one has a session that the broker
    keeps for a week while it is away.

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
    if on_message:
        client.on_message = on_message
    if on_delivery:
        _deliver(client, on_delivery)
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


def _deliver(client: Any, take: Callable[[Delivery], None]) -> None:
    """gmqtt makes a task of each message and a write of each acknowledgement: at thousands a second
    most of what a message costs. It has no public door for less."""
    handler = client._package_handler  # noqa: SLF001

    def take_unnumbered(_client: Any, topic: str, payload: bytes, _qos: int, more: Any) -> None:
        take(Delivery(topic, payload, more, None, 0))

    def take_numbered(number: int, payload: bytes, topic: str, more: Any) -> None:
        take(Delivery(topic, payload, more, handler.current_connection, number))

    client.on_message = take_unnumbered
    handler._handle_qos_1_publish_packet = take_numbered  # noqa: SLF001


def acknowledge(deliveries: Iterable[Delivery]) -> None:
    """The broker may forget these: one write a connection. What came over one that is gone comes
    again by itself, perhaps under another number."""
    packets: dict[Any, bytearray] = defaultdict(bytearray)
    for one in deliveries:
        packets[one.connection] += _ACKNOWLEDGEMENT.pack(MQTTCommands.PUBACK, 2, one.number)
    for connection, said in packets.items():
        if connection is not None and not connection.is_closing():
            connection.send_package(said)
