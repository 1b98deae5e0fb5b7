"""Linked sources against peers on loopback: committed first, acknowledged then."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from apps.base import clock
from apps.base.problems import Invalid
from devices.linking import keep, keep_linked
from devices.models import Gateway, LastObservation, LinkedSource, Observation
from devices.protocols.seongnam import ACKNOWLEDGED, Frame, Reader, encode
from devices.services.linking import connect_source
from devices.services.provisioning import (
    DatastreamPlan,
    PropertyPlan,
    ThingPlan,
    define_property,
    provision_thing,
)
from tests.devices.conftest import Post, set_up

STATUS = 0xF2


def streams(gateway: Gateway, *codes: str) -> None:
    define_property(PropertyPlan(code="number", names={"en": "Number"}, unit="1"))
    plans = tuple(DatastreamPlan(code=code, observed_property="number") for code in codes)
    provision_thing(
        gateway=gateway, plan=ThingPlan(code="box", names={"en": "Box"}, datastreams=plans)
    )


@pytest.fixture
async def post(transactional_db: None) -> AsyncIterator[Post]:
    yield await sync_to_async(set_up)()
    await sync_to_async(connections.close_all)()


async def until(is_so: Callable[[], Any]) -> None:
    for _ in range(400):
        if await is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came")


async def test_registers_are_read_by_their_map(post: Post) -> None:
    await sync_to_async(streams)(post.gateway, "pump.level", "pump.on")
    device = SimDevice(1, simdata=(
        [SimData(0, values=[True] * 16, datatype=DataType.BITS)],
        [SimData(0, values=[False] * 16, datatype=DataType.BITS)],
        [SimData(100, values=[215], datatype=DataType.REGISTERS)],
        [SimData(0, values=[0], datatype=DataType.REGISTERS)],
    ))  # fmt: skip
    server = ModbusTcpServer([device], address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    transport: Any = server.transport
    port = transport.sockets[0].getsockname()[1]
    config: dict[str, Any] = {
        "every_s": 0.1,
        "registers": [
            {"datastream": "pump.level", "address": 100, "scale": 0.1},
            {"datastream": "pump.on", "address": 3, "table": "coil", "form": "bool"},
        ],
    }
    source = await sync_to_async(connect_source)(
        code="pump", kind="modbus", host="127.0.0.1", port=port, config=config,
        gateway=post.gateway,
    )  # fmt: skip
    task = asyncio.create_task(keep(source))
    await until(lambda: LastObservation.objects.acount())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await server.shutdown()  # type: ignore[no-untyped-call]
    values = {
        row.datastream.code: row.result
        async for row in LastObservation.objects.select_related("datastream")
    }
    assert values == {"pump.level": pytest.approx(21.5), "pump.on": 1.0}


async def test_a_source_that_is_not_there_says_so_on_its_row(post: Post) -> None:
    config = {"registers": [{"datastream": "a", "address": 1}]}
    source = await sync_to_async(connect_source)(
        code="gone", kind="modbus", host="127.0.0.1", port=1, config=config, gateway=post.gateway
    )
    await keep(source)
    source = await LinkedSource.objects.aget(code="gone")
    assert "does not answer" in source.trouble


async def test_settings_are_checked_before_they_are_kept(post: Post) -> None:
    bad: list[tuple[str, dict[str, Any]]] = [
        ("modbus", {"registers": []}), ("seongnam", {}), ("none", {}),
    ]  # fmt: skip
    for kind, config in bad:
        with pytest.raises(Invalid):
            await sync_to_async(connect_source)(
                code="x", kind=kind, host="h", port=1, config=config, gateway=post.gateway
            )
    assert await LinkedSource.objects.acount() == 0


async def test_a_frame_is_acknowledged_once_it_is_stored(post: Post) -> None:
    await sync_to_async(streams)(post.gateway, "J1:phase")
    acknowledged: list[tuple[int, int]] = []

    async def centre(reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
        at_s = 1_795_000_000
        writing.write(b"rubbish" + encode(Frame(9, at_s, STATUS, b"\x04")))
        for answer in Reader().feed(await reading.read(100)):
            assert answer.command == ACKNOWLEDGED
            acknowledged.append((answer.sequence, await Observation.objects.acount()))
        writing.close()

    server = await asyncio.start_server(centre, "127.0.0.1", 0)
    source = await sync_to_async(connect_source)(
        code="seongnam", kind="seongnam", host="127.0.0.1",
        port=server.sockets[0].getsockname()[1],
        config={"fields": [{"datastream": "J1:phase", "at": 0}]}, gateway=post.gateway,
    )  # fmt: skip
    await keep(source)
    server.close()
    (told,) = acknowledged
    assert told[0] == 9
    source = await LinkedSource.objects.aget(pk=source.pk)
    assert source.trouble == "The centre hung up."
    assert sum(source.counts.values()) == 1


def uplink(eui: str = "24E124136B501234") -> bytes:
    data = base64.b64encode(bytes.fromhex("01755A03821E00")).decode()
    info = {"devEui": eui, "tags": {"decoder": "milesight"}}
    return json.dumps(
        {"deduplicationId": "1", "time": clock.now().isoformat(), "deviceInfo": info,
         "fCnt": 1, "fPort": 85, "data": data}
    ).encode()  # fmt: skip


def test_chirpstack_posts_an_uplink(db: None) -> None:
    post = set_up()
    define_property(PropertyPlan(code="bin_distance", names={"en": "Distance"}, unit="m"))
    plan = DatastreamPlan(code="24e124136b501234:distance", observed_property="bin_distance")
    provision_thing(
        gateway=post.gateway, plan=ThingPlan(code="bin", names={"en": "Bin"}, datastreams=(plan,))
    )
    client, path = Client(), "/api/v1/devices/chirpstack"

    def send(body: bytes, key: str = post.key, event: str = "up") -> int:
        return client.post(
            f"{path}?event={event}", body, content_type="application/json",
            headers={"Authorization": f"Gateway {key}"},
        ).status_code  # fmt: skip

    assert send(uplink(), key="wrong") == 401
    assert send(b"{}") == 400
    assert send(b"{}", event="join") == 204
    assert send(uplink()) == 204
    assert LastObservation.objects.get().result == pytest.approx(0.03)


async def test_tasks_come_and_go_with_their_rows(post: Post) -> None:
    seen: list[str] = []

    async def centre(_reading: asyncio.StreamReader, writing: asyncio.StreamWriter) -> None:
        seen.append("in")
        await _reading.read(1)
        seen.append("out")
        writing.close()

    server = await asyncio.start_server(centre, "127.0.0.1", 0)
    ended = asyncio.Event()
    running = asyncio.create_task(keep_linked(ended, again_s=0.05))
    await sync_to_async(connect_source)(
        code="s", kind="seongnam", host="127.0.0.1", port=server.sockets[0].getsockname()[1],
        config={"fields": []}, gateway=post.gateway,
    )  # fmt: skip

    async def is_in() -> bool:
        return "in" in seen

    async def is_out() -> bool:
        return "out" in seen

    await until(is_in)
    await LinkedSource.objects.aupdate(active=False)
    await until(is_out)
    ended.set()
    await running
    server.close()
