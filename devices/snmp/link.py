"""SNMP v1 and v2c over UDP on asyncio: one socket for all agents, requests matched by number.

Loss is ordinary with UDP: a request is sent again after `patience_s`, then given up. An answer
counts only if its number, sender and community are those of the request; whatever else arrives is
dropped and counted. (pysnmp takes some 4.5 ms of CPU for a GET of five objects; a city of 500
controllers polled twice a second would need four cores for it.)
"""

import asyncio
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from devices.protocols.snmp import messages
from devices.protocols.snmp.ber import Malformed, Oid, Value
from devices.protocols.snmp.messages import (
    V2C,
    Binding,
    ErrorStatus,
    Kind,
    Message,
    Pdu,
    TrapV1,
)

Address = tuple[str, int]
TrapListener = Callable[[Address, Message | TrapV1], None]

_SPACE = 2**31 - 1


class Silent(TimeoutError):
    """The agent does not answer."""


class Declined(Exception):
    """The agent answers, but does not do it."""

    def __init__(self, status: int, oid: Oid | None) -> None:
        known = status in ErrorStatus._value2member_map_
        self.status = ErrorStatus(status) if known else ErrorStatus.GEN_ERR
        self.oid = oid
        where = ".".join(map(str, oid)) if oid else "the request"
        super().__init__(f"{self.status.name} for {where}")


class WrongAnswer(Exception):
    """The agent answers with other objects than it was asked for."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Whom to ask. `patience_s` is how long one try may take."""

    address: Address
    community: bytes = b"public"
    version: int = V2C
    patience_s: float = 0.5
    tries: int = 3


@dataclass(frozen=True, slots=True)
class Question:
    """Objects asked for again and again, encoded once."""

    oids: tuple[Oid, ...]
    encoded: bytes = field(repr=False)

    @classmethod
    def of(cls, oids: Sequence[Oid]) -> "Question":
        nothing: tuple[Binding, ...] = tuple((oid, None) for oid in oids)
        return cls(tuple(oids), messages.encode_bindings(nothing))


@dataclass(slots=True)
class _Waiting:
    agent: Agent
    answer: asyncio.Future[Pdu]


class Link(asyncio.DatagramProtocol):
    """Open with `await Link.open()`; `await close()` ends it and every request still waiting."""

    def __init__(self, on_trap: TrapListener | None = None) -> None:
        self.dropped = 0
        self._on_trap = on_trap
        self._waiting: dict[int, _Waiting] = {}
        self._numbers = itertools.count(random.randrange(_SPACE))
        self._transport: asyncio.DatagramTransport | None = None
        self._gone = asyncio.Event()

    @classmethod
    async def open(
        cls, *, local: Address | None = None, on_trap: TrapListener | None = None
    ) -> "Link":
        loop = asyncio.get_running_loop()
        _transport, link = await loop.create_datagram_endpoint(
            lambda: cls(on_trap),
            local_addr=local or ("0.0.0.0", 0),  # noqa: S104 - agents answer
        )
        return link

    async def close(self) -> None:
        for waiting in self._waiting.values():
            waiting.answer.cancel()
        if self._transport is not None:
            self._transport.close()
            await self._gone.wait()

    async def get(self, agent: Agent, question: Question) -> tuple[Value, ...]:
        """The values of the objects asked for, in their order.

        Raises:
            Silent: no answer, however often we asked.
            Declined: the agent has no such object (v1), or will not tell.
            WrongAnswer: other objects came back.
        """
        answer = await self._ask(agent, Kind.GET, question.encoded)
        if tuple(oid for oid, _value in answer.bindings) != question.oids:
            raise WrongAnswer(f"{agent.address[0]} answers with other objects.")
        return tuple(value for _oid, value in answer.bindings)

    async def set(self, agent: Agent, bindings: Sequence[Binding]) -> None:
        """Write all objects or none (RFC 3416, section 4.2.5). Raises as `get` does."""
        await self._ask(agent, Kind.SET, messages.encode_bindings(bindings))

    async def get_bulk(self, agent: Agent, oid: Oid, *, most: int) -> tuple[Binding, ...]:
        """Up to `most` objects behind `oid` (v2c)."""
        encoded = messages.encode_bindings([(oid, None)])
        answer = await self._ask(agent, Kind.GET_BULK, encoded, index=most)
        return answer.bindings

    async def _ask(self, agent: Agent, kind: Kind, encoded: bytes, *, index: int = 0) -> Pdu:
        number = next(self._numbers) % _SPACE
        pdu = Pdu(kind, number, (), 0, index)
        datagram = messages.encode_request(agent.version, agent.community, pdu, encoded)
        waiting = _Waiting(agent, asyncio.get_running_loop().create_future())
        self._waiting[number] = waiting
        try:
            answer = await self._patiently(agent, datagram, waiting.answer)
        finally:
            del self._waiting[number]
        if answer.error_status:
            names = [oid for oid, _value in answer.bindings]
            at = answer.error_index - 1
            raise Declined(answer.error_status, names[at] if 0 <= at < len(names) else None)
        return answer

    async def _patiently(self, agent: Agent, datagram: bytes, answer: asyncio.Future[Pdu]) -> Pdu:
        assert self._transport is not None
        for _try in range(agent.tries):
            self._transport.sendto(datagram, agent.address)
            done, _ = await asyncio.wait((answer,), timeout=agent.patience_s)
            if done:
                return answer.result()
        raise Silent(f"{agent.address[0]}:{agent.address[1]} does not answer.")

    # ------------------------------------------------------------ called by asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone.set()

    def datagram_received(self, data: bytes, address: Address) -> None:
        try:
            message = messages.decode(data)
        except Malformed:
            self.dropped += 1
            return
        if isinstance(message, TrapV1) or message.pdu.kind in (Kind.TRAP, Kind.INFORM):
            self._hear_trap(address, message)
            return
        waiting = self._waiting.get(message.pdu.request_id)
        if waiting is None or not _answers(message, waiting.agent, address):
            self.dropped += 1
        elif not waiting.answer.done():
            waiting.answer.set_result(message.pdu)

    def _hear_trap(self, address: Address, message: Message | TrapV1) -> None:
        if self._on_trap is None:
            self.dropped += 1
        else:
            self._on_trap(address, message)

    def error_received(self, exc: Exception) -> None:
        """A port that nobody listens at: the request's own patience deals with it."""


def _answers(message: Message, agent: Agent, address: Address) -> bool:
    return (
        message.pdu.kind == Kind.RESPONSE
        and address[:2] == agent.address
        and message.community == agent.community
        and message.version == agent.version
    )
