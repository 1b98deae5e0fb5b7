"""An SNMP v1/v2c agent for simulated controllers: answers from a table of objects on loopback."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, cast

from devices.protocols.snmp import ber, messages
from devices.protocols.snmp.ber import Absent, Malformed, Oid, Value
from devices.protocols.snmp.messages import V1, Binding, ErrorStatus, Kind, Message, Pdu

Address = tuple[str, int]


class Objects(Protocol):
    """What the agent speaks for."""

    def read(self, oid: Oid) -> Value | Absent: ...

    def following(self, oid: Oid) -> Oid | None:
        """The next object behind `oid`."""

    def refusal(self, oid: Oid, value: Value) -> ErrorStatus:
        """Why `oid` cannot become `value`; NO_ERROR if it can."""

    def write(self, bindings: tuple[Binding, ...]) -> None:
        """All of them, each known to be accepted."""


class Table:
    """Objects in a dictionary; a `writable` one takes its own type, and `on_write` hears of it."""

    def __init__(
        self,
        values: Mapping[Oid, Value],
        writable: frozenset[Oid] = frozenset(),
        on_write: Callable[[tuple[Binding, ...]], None] | None = None,
    ) -> None:
        self.values = dict(values)
        self._writable = writable
        self._on_write = on_write

    def read(self, oid: Oid) -> Value | Absent:
        return self.values.get(oid, Absent(ber.NO_SUCH_INSTANCE))

    def following(self, oid: Oid) -> Oid | None:
        return min((known for known in self.values if known > oid), default=None)

    def refusal(self, oid: Oid, value: Value) -> ErrorStatus:
        if oid not in self.values:
            return ErrorStatus.NO_CREATION
        if oid not in self._writable:
            return ErrorStatus.NOT_WRITABLE
        fits = isinstance(value, type(self.values[oid]))
        return ErrorStatus.NO_ERROR if fits else ErrorStatus.WRONG_TYPE

    def write(self, bindings: tuple[Binding, ...]) -> None:
        self.values |= dict(bindings)
        if self._on_write is not None:
            self._on_write(bindings)


class SnmpAgent(asyncio.DatagramProtocol):
    """Answers requests of the right community; says nothing to others, as agents do."""

    def __init__(self, objects: Objects, community: bytes = b"public") -> None:
        self.objects = objects
        self.community = community
        self._transport: asyncio.DatagramTransport | None = None
        self._gone = asyncio.Event()

    async def open(self, port: int = 0) -> Address:
        """Listen on loopback; returns the address."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", port)
        )
        address: Address = transport.get_extra_info("sockname")
        return address

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            await self._gone.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()

    def datagram_received(self, data: bytes, address: Address) -> None:
        try:
            message = messages.decode(data)
        except Malformed:
            return
        if isinstance(message, Message) and message.community == self.community:
            assert self._transport is not None
            answer = self.answer(message)
            self._transport.sendto(messages.encode(replace(message, pdu=answer)), address)

    def answer(self, message: Message) -> Pdu:
        asked = message.pdu
        if asked.kind == Kind.SET:
            return self._set(asked)
        bindings = tuple(self._read(asked))
        if message.version == V1:
            absent = [i for i, (_oid, value) in enumerate(bindings) if isinstance(value, Absent)]
            if absent:
                return _refused(asked, ErrorStatus.NO_SUCH_NAME, absent[0])
        return Pdu(Kind.RESPONSE, asked.request_id, bindings)

    def _read(self, asked: Pdu) -> list[Binding]:
        names = [oid for oid, _value in asked.bindings]
        if asked.kind == Kind.GET:
            return [(oid, self.objects.read(oid)) for oid in names]
        if asked.kind == Kind.GET_NEXT:
            return [self._next(oid) for oid in names]
        return self._bulk(names, once=asked.error_status, most=asked.error_index)

    def _next(self, oid: Oid) -> Binding:
        behind = self.objects.following(oid)
        if behind is None:
            return oid, Absent(ber.END_OF_MIB_VIEW)
        return behind, self.objects.read(behind)

    def _bulk(self, names: list[Oid], *, once: int, most: int) -> list[Binding]:
        """RFC 3416, section 4.2.3."""
        found = [self._next(oid) for oid in names[:once]]
        repeated = names[once:]
        for _ in range(min(most, 64)):
            row = [self._next(oid) for oid in repeated]
            found += row
            repeated = [oid for oid, _value in row]
        return found

    def _set(self, asked: Pdu) -> Pdu:
        for i, (oid, value) in enumerate(asked.bindings):
            if status := self.objects.refusal(oid, value):
                return _refused(asked, status, i)
        self.objects.write(asked.bindings)
        return Pdu(Kind.RESPONSE, asked.request_id, asked.bindings)


def _refused(asked: Pdu, status: ErrorStatus, index: int) -> Pdu:
    return Pdu(Kind.RESPONSE, asked.request_id, asked.bindings, status, index + 1)
