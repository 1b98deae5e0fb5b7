"""A UG405 outstation over real UDP: stages read, stages asked for, and when it must not be."""

from collections.abc import AsyncIterator

import pytest

from devices.adapters.ntcip1202.adapter import LET_GO, Command, Senseless, Unfit
from devices.adapters.ug405.adapter import Outstation
from devices.protocols import ug405
from devices.protocols.ntcip1202 import Colour, ControlStatus, Walking
from devices.protocols.snmp.ber import Value
from devices.simulators.snmp_agent import SnmpAgent, Table
from devices.snmp.link import Agent, Link

NAMING = ug405.Naming("J03121")
STAGES = (frozenset({1, 2}), frozenset({3, 4}))


@pytest.fixture
async def table() -> Table:
    values: dict[tuple[int, ...], Value] = {
        ug405.OPERATION_MODE: 1, ug405.OPERATION_MODE_TIMEOUT: 20,
        NAMING.stages(): b"\x80", NAMING.detectors(): b"\x20", NAMING.force(): b"\x00",
    }  # fmt: skip
    return Table(values, writable=frozenset({ug405.OPERATION_MODE, NAMING.force()}))


@pytest.fixture
async def outstation(table: Table) -> AsyncIterator[Outstation]:
    served = SnmpAgent(table, b"UTMC")
    agent = Agent(await served.open(), b"UTMC")
    link = await Link.open()
    yield Outstation(link, agent, naming=NAMING, stages=STAGES, phases=4)
    await link.close()
    await served.close()


async def test_the_stage_shown_makes_its_phases_green(outstation: Outstation) -> None:
    reading = await outstation.read()
    assert [phase.vehicles for phase in reading.phases] == [
        Colour.GREEN, Colour.GREEN, Colour.RED, Colour.RED,
    ]  # fmt: skip
    assert {phase.walkers for phase in reading.phases} == {Walking.DARK}
    assert reading.control == ControlStatus.TIMEBASE
    assert await outstation.presence() == {3}


async def test_it_is_asked_for_the_stage_that_serves(outstation: Outstation, table: Table) -> None:
    assert await outstation.backup_time_s() == 20
    await outstation.command(Command(force_off=frozenset({1, 2}), call=frozenset({3, 4})))
    assert table.values[NAMING.force()] == b"\x40"
    assert table.values[ug405.OPERATION_MODE] == ug405.CENTRAL_CONTROL
    await outstation.command(LET_GO)
    assert table.values[NAMING.force()] == b"\x00"
    assert table.values[ug405.OPERATION_MODE] == ug405.LOCAL_CONTROL


async def test_what_cannot_be_served_or_ended_is_not_commanded(
    outstation: Outstation, table: Table
) -> None:
    with pytest.raises(Unfit):
        await outstation.command(Command(call=frozenset({1, 3})))
    with pytest.raises(Unfit):
        await outstation.run_pattern(4)
    table.values[ug405.OPERATION_MODE_TIMEOUT] = 0
    with pytest.raises(Unfit):
        await outstation.backup_time_s()


@pytest.mark.parametrize("bits", [b"\xc0", b"\x01"])
async def test_two_stages_at_once_or_an_unknown_one_make_no_sense(
    outstation: Outstation, table: Table, bits: bytes
) -> None:
    table.values[NAMING.stages()] = bits
    with pytest.raises(Senseless):
        await outstation.read()
