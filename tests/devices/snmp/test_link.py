"""Asking agents over real UDP: ours, Debian's snmpd, and those that misbehave."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from devices.protocols import ntcip1202
from devices.protocols.snmp import messages
from devices.protocols.snmp.ber import Absent, Value
from devices.protocols.snmp.messages import V1, ErrorStatus, Kind, Message, Pdu
from devices.simulators.snmp_agent import Address, SnmpAgent, Table
from devices.snmp.link import Agent, Declined, Link, Question, Silent, WrongAnswer
from devices.snmp.v3 import LinkV3

BACKUP, PATTERN = ntcip1202.UNIT_BACKUP_TIME, ntcip1202.SYSTEM_PATTERN_CONTROL
VALUES: dict[tuple[int, ...], Value] = {BACKUP: 30, PATTERN: 0}


def hasty(address: Address, community: bytes = b"public") -> Agent:
    return Agent(address, community, patience_s=0.05, tries=2)


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    link = await Link.open()
    yield link
    await link.close()


@pytest.fixture
async def agent() -> AsyncIterator[Agent]:
    served = SnmpAgent(Table(VALUES, writable=frozenset({PATTERN})))
    yield Agent(await served.open())
    await served.close()


async def test_it_reads_in_the_order_it_asks(link: Link, agent: Agent) -> None:
    assert await link.get(agent, Question.of([PATTERN, BACKUP])) == (0, 30)


async def test_it_writes_all_or_nothing(link: Link, agent: Agent) -> None:
    with pytest.raises(Declined) as declined:
        await link.set(agent, [(PATTERN, 3), (BACKUP, 1)])
    assert (declined.value.status, declined.value.oid) == (ErrorStatus.NOT_WRITABLE, BACKUP)
    assert await link.get(agent, Question.of([PATTERN])) == (0,)

    await link.set(agent, [(PATTERN, 3)])

    assert await link.get(agent, Question.of([PATTERN])) == (3,)


async def test_an_object_it_does_not_have_is_absent_or_refused(link: Link, agent: Agent) -> None:
    unknown = Question.of([(*ntcip1202.ASC, 99, 0)])
    assert isinstance((await link.get(agent, unknown))[0], Absent)
    with pytest.raises(Declined):
        await link.get(Agent(agent.address, version=V1), unknown)


async def test_many_ask_at_once(link: Link, agent: Agent) -> None:
    answers = await asyncio.gather(*(link.get(agent, Question.of([BACKUP])) for _ in range(200)))
    assert answers == [(30,)] * 200


async def test_it_walks_on_in_bulk(link: Link, agent: Agent) -> None:
    found = await link.get_bulk(agent, ntcip1202.ASC, most=3)
    assert found[:2] == tuple(sorted(VALUES.items()))


async def test_it_gives_up_on_who_is_silent(link: Link, agent: Agent) -> None:
    with pytest.raises(Silent):
        await link.get(hasty(agent.address, b"wrong"), Question.of([BACKUP]))
    assert not link._waiting


class Liar(SnmpAgent):
    """Answers something else than what it was asked."""

    def __init__(self, how: str) -> None:
        super().__init__(Table(VALUES))
        self.how = how

    def datagram_received(self, data: bytes, address: Address) -> None:
        asked = messages.decode(data)
        assert isinstance(asked, Message)
        number, community = asked.pdu.request_id, asked.community
        if self.how == "number":
            number += 1
        if self.how == "community":
            community = b"other"
        oid = PATTERN if self.how == "object" else BACKUP
        pdu = Pdu(Kind.RESPONSE, number, ((oid, 30),))
        answer = messages.encode(Message(asked.version, community, pdu))
        assert self._transport is not None
        self._transport.sendto(answer[:-3] if self.how == "cut" else answer, address)


@pytest.mark.parametrize("how", ["number", "community", "cut"])
async def test_an_answer_to_something_else_is_dropped(link: Link, how: str) -> None:
    liar = Liar(how)
    address = await liar.open()
    with pytest.raises(Silent):
        await link.get(hasty(address), Question.of([BACKUP]))
    assert link.dropped == 2
    await liar.close()


async def test_other_objects_than_asked_for_are_no_answer(link: Link) -> None:
    liar = Liar("object")
    address = await liar.open()
    with pytest.raises(WrongAnswer):
        await link.get(hasty(address), Question.of([BACKUP]))
    await liar.close()


async def test_it_hears_traps() -> None:
    heard: asyncio.Queue[Address] = asyncio.Queue()
    link = await Link.open(
        local=("127.0.0.1", 0), on_trap=lambda address, _trap: heard.put_nowait(address)
    )
    assert link._transport is not None
    port = link._transport.get_extra_info("sockname")[1]
    trap = messages.encode(Message(1, b"public", Pdu(Kind.TRAP, 1, ((BACKUP, 4),))))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(trap, ("127.0.0.1", port))
    assert (await asyncio.wait_for(heard.get(), 5))[0] == "127.0.0.1"
    await link.close()


@pytest.fixture
def snmpd(tmp_path: Path) -> Iterator[Agent]:
    """Debian's agent, the reference implementation, with two of a controller's objects."""
    program = shutil.which("snmpd", path="/usr/sbin:/usr/bin")
    assert program, "snmpd is among the packages that tests install"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    written = [
        "rwcommunity public 127.0.0.1",
        "createUser keeper SHA spoken-secret AES hidden-secret",
        "rwuser keeper priv",
        *(
            "override -rw .{} integer {}".format(".".join(map(str, oid)), value)
            for oid, value in ((BACKUP, 30), (PATTERN, 0))
        ),
    ]
    configuration = tmp_path / "snmpd.conf"
    configuration.write_text("\n".join(written) + "\n")
    process = subprocess.Popen(
        [program, "-f", "-Lo", "-C", "-c", configuration, f"udp:127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        env={"SNMP_PERSISTENT_DIR": str(tmp_path), "MIBS": "", "PATH": "/usr/bin"},
    )
    yield Agent(("127.0.0.1", port), patience_s=0.2, tries=25)
    process.kill()
    process.wait()


@pytest.mark.parametrize("version", [V1, messages.V2C])
async def test_debians_agent_understands_it(link: Link, snmpd: Agent, version: int) -> None:
    agent = Agent(snmpd.address, version=version, patience_s=0.2, tries=25)
    assert await link.get(agent, Question.of([BACKUP, PATTERN])) == (30, 0)

    await link.set(agent, [(PATTERN, 7)])

    assert await link.get(agent, Question.of([PATTERN])) == (7,)


async def test_debians_agent_understands_version_3(snmpd: Agent) -> None:
    keeper = Agent(snmpd.address, b"keeper:spoken-secret:hidden-secret", 3, 1.0, 10)
    link = LinkV3()
    assert await link.get(keeper, Question.of([BACKUP, PATTERN])) == (30, 0)
    await link.set(keeper, [(PATTERN, 7)])
    assert await link.get(keeper, Question.of([PATTERN])) == (7,)
    absent = await link.get(keeper, Question.of([(*ntcip1202.ASC, 99, 0)]))
    assert isinstance(absent[0], Absent)
    for wrong in (b"keeper", b"keeper:spoken-secret:wrong-secret"):
        with pytest.raises(Silent):
            await link.get(Agent(snmpd.address, wrong, 3, 0.3, 1), Question.of([BACKUP]))
    await link.close()
