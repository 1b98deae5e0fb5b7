"""The `ingest` process: the doors that nobody knocks at by HTTP, and the sources that are asked.

One process with one lasting session: in a shared subscription Mosquitto deals messages to members
that are away as well, and what waits with a dead one is not seen until it comes back.
"""

import asyncio
import logging
import signal
from typing import Any

from django.db import InterfaceError, OperationalError

from devices.ingest.connections import give_back
from devices.linking import keep_linked
from devices.mqtt.door import Door
from devices.mqtt.link import BrokerAway, connected
from devices.protocols.topics import EVERYBODY
from devices.services.pulling import pull_due

NAME = "citizen-ingest"
AGAIN_S = 2.0
ASK_EVERY_S = 1.0
logger = logging.getLogger(__name__)


async def serve(*, name: str = NAME) -> None:
    """Listen until asked to end; wait for a broker that is away."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await asyncio.gather(listen(ended, name=name), ask_sources(ended), keep_linked(ended))


async def ask_sources(ended: asyncio.Event) -> None:
    """Ask the sources that are due, until `ended`."""
    while not ended.is_set():
        await asyncio.to_thread(_pull)
        await _until(ended, ASK_EVERY_S)


def _pull() -> None:
    """Nothing that goes wrong with a source, or with the database, ends the process."""
    try:
        pull_due()
    except (OperationalError, InterfaceError) as error:
        logger.warning("sources wait, the database is away (%s)", error)
    except Exception:
        logger.exception("a source could not be asked")
    finally:
        give_back()


async def listen(
    ended: asyncio.Event, *, name: str = NAME, ready: asyncio.Event | None = None
) -> None:
    """Take messages until `ended`; `ready` is set once the broker keeps them for us."""
    door = Door()
    taking = asyncio.create_task(door.serve())
    while not ended.is_set():
        try:
            await _listen_once(door, ended, name, ready or asyncio.Event())
        except BrokerAway as error:
            logger.warning("mqtt: %s", error)
            await _until(ended, AGAIN_S)
    taking.cancel()


async def _listen_once(door: Door, ended: asyncio.Event, name: str, ready: asyncio.Event) -> None:
    def subscribe(client: Any) -> None:
        """At each connection, whether the broker remembers us or not."""
        client.on_subscribe = lambda *_: ready.set()
        client.subscribe(EVERYBODY, qos=1)

    async with connected(name, on_delivery=door.hear, on_connect=subscribe, lasting=True):
        await ended.wait()


async def _until(ended: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return
