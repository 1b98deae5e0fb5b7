"""CPU for polling a controller: our codec on asyncio beside pysnmp, the same agent, one run."""

import asyncio
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

from pysnmp.hlapi.v3arch.asyncio import (
    CommunityData,
    ContextData,
    ObjectIdentity,
    ObjectType,
    SnmpEngine,
    UdpTransportTarget,
    get_cmd,
)

from benchmarks.report import Metric
from devices.protocols import ntcip1202
from devices.protocols.ntcip1202 import StatusColumn
from devices.simulators.snmp_agent import SnmpAgent, Table
from devices.snmp.link import Agent, Link, Question

OIDS = [
    ntcip1202.phase_status(column, 1)
    for column in (StatusColumn.REDS, StatusColumn.YELLOWS, StatusColumn.GREENS, StatusColumn.WALKS)
] + [ntcip1202.PATTERN_STATUS]
OURS, THEIRS = 10_000, 400
AT_ONCE = 20


def measure() -> Metric:
    ours_end, agent_end = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(agent_end,))
    process.start()
    try:
        address = ours_end.recv()
        ours, theirs = asyncio.run(_both(address))
    finally:
        process.kill()
        process.join()
    return Metric("ntcip_gets_per_cpu_s", "GET of five objects, v2c", ours, "1/s", "pysnmp", theirs)


def _serve(told: Connection) -> None:
    async def serve() -> None:
        told.send(await SnmpAgent(Table(dict.fromkeys(OIDS, 85))).open())
        await asyncio.Event().wait()

    asyncio.run(serve())


async def _both(address: tuple[str, int]) -> tuple[float, float]:
    return await _ours(address), await _theirs(address)


async def _ours(address: tuple[str, int]) -> float:
    link = await Link.open()
    agent, question = Agent(address), Question.of(OIDS)
    try:
        return await _per_cpu_s(lambda: link.get(agent, question), OURS)
    finally:
        await link.close()


async def _theirs(address: tuple[str, int]) -> float:
    engine = SnmpEngine()
    target = await UdpTransportTarget.create(address)
    wanted = [ObjectType(ObjectIdentity(".".join(map(str, oid)))) for oid in OIDS]
    who = CommunityData("public", mpModel=1)  # noqa: S508 - version 2c is what is compared
    try:
        return await _per_cpu_s(
            lambda: get_cmd(engine, who, target, ContextData(), *wanted), THEIRS
        )
    finally:
        engine.close_dispatcher()


async def _per_cpu_s(ask: Callable[[], Awaitable[object]], times: int) -> float:
    """Requests per second of this process's own CPU time, `AT_ONCE` under way."""
    await ask()

    async def several() -> None:
        for _ in range(times // AT_ONCE):
            await ask()

    began_s = time.process_time()
    await asyncio.gather(*(several() for _ in range(AT_ONCE)))
    return times / (time.process_time() - began_s)
