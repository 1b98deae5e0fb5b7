"""How agents are asked, whatever the version of SNMP."""

from collections.abc import Sequence
from typing import Protocol

from devices.protocols.snmp.ber import Value
from devices.protocols.snmp.messages import Binding
from devices.snmp.link import Agent, Question


class Asking(Protocol):
    """`devices.snmp.link.Link` and `devices.snmp.v3.LinkV3`. Both raise Silent, Declined and
    WrongAnswer."""

    async def get(self, agent: Agent, question: Question) -> tuple[Value, ...]: ...

    async def set(self, agent: Agent, bindings: Sequence[Binding]) -> None: ...
