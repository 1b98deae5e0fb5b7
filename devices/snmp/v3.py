"""SNMP v3 (user-based security, RFC 3414) by pysnmp: the same questions, told apart by a user.

An agent's `community` holds the credentials, `user:password:key` (SHA and AES-128; less would be as
open as v2c). It costs some hundred times the CPU of v2c: for whoever asks for it.
"""

from collections.abc import Sequence
from typing import Any

from pysnmp.hlapi.v3arch.asyncio import (
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    UsmUserData,
    get_cmd,
    set_cmd,
    usmAesCfb128Protocol,
    usmHMACSHAAuthProtocol,
)
from pysnmp.proto.rfc1902 import Integer32, ObjectIdentifier, OctetString

from devices.protocols.snmp import ber
from devices.protocols.snmp.ber import Absent, Oid, Value
from devices.protocols.snmp.messages import Binding
from devices.snmp.link import Agent, Declined, Question, Silent, WrongAnswer


class LinkV3:
    """One engine for all agents of a process."""

    def __init__(self) -> None:
        self._engine = SnmpEngine()

    async def close(self) -> None:
        self._engine.close_dispatcher()

    async def get(self, agent: Agent, question: Question) -> tuple[Value, ...]:
        names = [ObjectType(ObjectIdentity(oid)) for oid in question.oids]
        answer = await self._ask(get_cmd, agent, names)
        if tuple(oid for oid, _value in answer) != question.oids:
            raise WrongAnswer(f"{agent.address[0]} answers with other objects.")
        return tuple(value for _oid, value in answer)

    async def set(self, agent: Agent, bindings: Sequence[Binding]) -> None:
        await self._ask(
            set_cmd, agent, [ObjectType(ObjectIdentity(o), _theirs(v)) for o, v in bindings]
        )

    async def _ask(self, ask: Any, agent: Agent, objects: list[Any]) -> list[tuple[Oid, Value]]:
        target = await UdpTransportTarget.create(
            agent.address, timeout=agent.patience_s, retries=agent.tries - 1
        )
        trouble, status, index, found = await ask(
            self._engine, _user(agent.community), target, ContextData(), *objects,
            lookupMib=False,
        )  # fmt: skip
        if trouble:
            raise Silent(f"{agent.address[0]}:{agent.address[1]}: {trouble}")
        answer = [(tuple(name), _ours(value)) for name, value in found]
        if status:
            place = int(index) - 1
            raise Declined(int(status), answer[place][0] if 0 <= place < len(answer) else None)
        return answer


def _user(credentials: bytes) -> UsmUserData:
    user, password, key = (*credentials.decode().split(":", 2), "", "")[:3]
    if not (user and password and key):
        raise Silent("SNMP v3 needs user:password:key.")
    return UsmUserData(
        user, password, key, authProtocol=usmHMACSHAAuthProtocol, privProtocol=usmAesCfb128Protocol
    )


_ABSENT = {
    "NoSuchObject": ber.NO_SUCH_OBJECT,
    "NoSuchInstance": ber.NO_SUCH_INSTANCE,
    "EndOfMibView": ber.END_OF_MIB_VIEW,
}


def _ours(value: Any) -> Value:
    kind = type(value).__name__
    if kind in _ABSENT:
        return Absent(_ABSENT[kind])
    if isinstance(value, ObjectIdentifier):
        return tuple(value)
    if isinstance(value, OctetString):
        return bytes(value)
    return int(value) if hasattr(value, "__int__") else None


def _theirs(value: Value) -> Any:
    if isinstance(value, bytes):
        return OctetString(value)
    if isinstance(value, tuple):
        return ObjectIdentifier(value)
    return Integer32(value)
