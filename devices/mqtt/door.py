"""The MQTT door: messages of many gateways into few transactions, each message acknowledged to the
broker once it is committed.

While transactions run the next messages gather, so the busier it is the larger they get; one writer
reads its messages while the database works for the other. While the database is away nothing is
acknowledged; the broker keeps what we have not said we have.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from devices.ingest.accept import ForeignDatastream, accept
from devices.ingest.connections import give_back
from devices.ingest.speaker import Speaker, UnknownGateway, known_as
from devices.mqtt.link import Delivery, acknowledge
from devices.protocols import cbor, json
from devices.protocols.batch import (
    Batch,
    Oversized,
    Reason,
    Refused,
    Row,
    Unreadable,
    all_readable,
)
from devices.protocols.topics import gateway_of

WRITERS = 2
MOST_MESSAGES = 400
LONGEST_WAIT_S = 10.0
_SHOWN_BYTES = 500
logger = logging.getLogger(__name__)


class Door:
    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Delivery] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(WRITERS, thread_name_prefix="mqtt")
        self._acknowledged = asyncio.Event()  # those taken before
        self._acknowledged.set()

    def hear(self, message: Delivery) -> None:
        """Let it wait for the next transaction."""
        self._waiting.put_nowait(message)

    async def serve(self) -> None:
        """Take messages until cancelled."""
        await asyncio.gather(*(self._write() for _writer in range(WRITERS)))

    async def _write(self) -> None:
        while True:
            messages = [await self._waiting.get()]
            while len(messages) < MOST_MESSAGES and not self._waiting.empty():
                messages.append(self._waiting.get_nowait())
            before, self._acknowledged = self._acknowledged, asyncio.Event()
            ours = self._acknowledged
            await self._take_until_taken(messages)
            await before.wait()  # MQTT 5.0, 4.6: acknowledged in the order they came
            acknowledge(messages)
            ours.set()

    async def _take_until_taken(self, messages: Sequence[Delivery]) -> None:
        wait_s = 0.5
        while True:
            try:
                await asyncio.get_running_loop().run_in_executor(
                    self._threads, take_and_close, messages
                )
            except (OperationalError, InterfaceError) as error:
                logger.warning("mqtt: observations wait, the database is away (%s)", error)
                await asyncio.sleep(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
            else:
                break


def take_and_close(messages: Sequence[Delivery]) -> None:
    try:
        take(messages)
    finally:
        give_back()


def take(messages: Sequence[Delivery]) -> None:
    """Accept messages, all in one transaction, those of one gateway as one batch. Two writers take
    gateways in the same order, so that neither waits for the other in turn."""
    by_gateway: dict[str, list[Batch]] = {}
    for message in messages:
        code = gateway_of(message.topic)
        if code is not None:
            by_gateway.setdefault(code, []).append(_decode(message))
    with transaction.atomic():
        for code, batches in sorted(by_gateway.items()):
            _take_of(code, batches)


def _take_of(code: str, batches: list[Batch]) -> None:
    try:
        speaker = known_as(code)
    except UnknownGateway:
        logger.warning("mqtt: the broker let %s speak, whom we do not know", code)
        return
    try:
        accept(merged(batches), speaker)
    except ForeignDatastream:
        for batch in batches:
            _take_alone(batch, speaker)


def _take_alone(batch: Batch, speaker: Speaker) -> None:
    """Nobody waits for an answer here, so what may not be said goes to quarantine."""
    try:
        accept(batch, speaker)
    except ForeignDatastream as error:
        detail = f"This gateway may not speak for {error.extra['datastream']!r}."
        accept(
            Batch([], [], [Refused(0, Reason.FOREIGN_DATASTREAM, detail, _shown(batch))]), speaker
        )


def _shown(batch: Batch) -> list[Any]:
    return [[row.datastream, row.phenomenon_time.isoformat(), row.result] for row in batch.rows]


def merged(batches: Sequence[Batch]) -> Batch:
    """Several batches as one; places are counted through."""
    if len(batches) == 1:
        return batches[0]
    if not any(batch.refused for batch in batches):
        return all_readable(list(chain.from_iterable(batch.rows for batch in batches)))
    rows: list[Row] = []
    places: list[int] = []
    refused: list[Refused] = []
    start = 0
    for batch in batches:
        rows.extend(batch.rows)
        places.extend(start + place for place in batch.places)
        refused.extend(
            Refused(start + one.i, one.code, one.detail, one.raw, one.datastream_id)
            for one in batch.refused
        )
        start += batch.received
    return Batch(rows, places, refused)


def _decode(message: Delivery) -> Batch:
    kind = message.properties.get("content_type", [""])[0]
    decode = cbor.decode if kind == cbor.CONTENT_TYPE else json.decode
    try:
        return decode(message.payload)
    except (Unreadable, Oversized) as error:
        raw = message.payload[:_SHOWN_BYTES].decode("utf-8", "replace")
        return Batch([], [], [Refused(0, Reason.MALFORMED, str(error), raw)])
