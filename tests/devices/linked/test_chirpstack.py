"""ChirpStack v4 over a real broker: what it publishes becomes observations, by way of `ingest`."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async

from apps.base import clock
from devices.linking import keep
from devices.models import LastObservation, LinkedSource, Observation, Quarantine
from devices.mqtt.link import connected
from devices.services.linking import connect_source
from devices.services.provisioning import (
    DatastreamPlan,
    PropertyPlan,
    ThingPlan,
    define_property,
    provision_thing,
)
from tests.devices.conftest import Post
from tests.devices.linked.test_adapters import post, until
from tests.support.broker import admit, broker

__all__ = ["broker", "post"]

OURS, THEIRS = "52f14cd4-c6f1-4fbd-8f87-4025e1d49242", "0b6c01f6-0f9f-4b5a-a8f7-3b0a2b1c9d3e"
EUI = "24e124136b501234"
FULL = "01755A03821E00"  # Milesight EM310-UDL: battery 90 %, 30 mm to what is in the bin
EMPTY = "01755A0382B004"  # 1,200 mm


def event(kind: str = "up", *, application: str = OURS, eui: str = EUI) -> str:
    """The topic of ChirpStack v4's own template."""
    return f"application/{application}/device/{eui}/event/{kind}"


def uplink(f_cnt: int, payload: str = FULL, **more: Any) -> bytes:
    info = {
        "tenantId": "1", "tenantName": "Dalbit", "applicationId": OURS, "applicationName": "bins",
        "deviceProfileName": "EM310-UDL", "deviceName": "bin 1", "devEui": EUI,
        "tags": {"decoder": "milesight"},
    }  # fmt: skip
    at = clock.now().isoformat()
    return json.dumps(
        {"deduplicationId": f"d{f_cnt}", "time": at, "deviceInfo": info, "devAddr": "00189440",
         "adr": True, "dr": 3, "fCnt": f_cnt, "fPort": 85, "confirmed": False,
         "data": base64.b64encode(bytes.fromhex(payload)).decode(), "object": {},
         "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -57, "snr": 9.5}],
         "txInfo": {"frequency": 922_100_000}, **more}
    ).encode()  # fmt: skip


_numbers = count(1)  # the broker keeps what one test did not wait for


async def ignore(*_: Any) -> int:
    return 0


class Server:
    """ChirpStack's side of the broker."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def publish(self, *messages: tuple[str, bytes]) -> None:
        async with connected("", on_message=ignore, url=self.url) as client:
            for topic, payload in messages:
                client.publish(topic, payload, qos=1)
            await until(lambda: _all_sent(client))


async def _all_sent(client: Any) -> bool:
    return not client._persistent_storage.get_all()


def _bin(post: Post) -> None:
    define_property(PropertyPlan(code="bin_distance", names={"en": "Distance"}, unit="m"))
    plan = DatastreamPlan(code=f"{EUI}:distance", observed_property="bin_distance")
    provision_thing(
        gateway=post.gateway, plan=ThingPlan(code="bin", names={"en": "Bin"}, datastreams=(plan,))
    )


@pytest.fixture
async def server(post: Post, broker: str) -> Server:
    await sync_to_async(_bin)(post)
    url = await asyncio.to_thread(admit, broker, "chirpstack", "up", topics="application/#")
    return Server(url)


async def linked(post: Post, server: Server, *, secret: str = "chirpstack:up") -> LinkedSource:
    at = urlsplit(server.url)
    return await sync_to_async(connect_source)(
        code=f"lora-{next(_numbers)}", kind="chirpstack", host=at.hostname or "", port=at.port or 0,
        config={"applications": [OURS]}, secret=secret, gateway=post.gateway,
    )  # fmt: skip


@asynccontextmanager
async def listening(source: LinkedSource, server: Server) -> AsyncIterator[None]:
    """From the first uplink that comes through: before that we may not have subscribed yet."""
    task, first = asyncio.create_task(keep(source)), uplink(0)
    try:
        while not await stored(1):
            await server.publish((event(), first))
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def stored(count: int) -> bool:
    return await Observation.objects.acount() >= count


async def test_what_was_said_before_and_after_we_came_is_stored(post: Post, server: Server) -> None:
    """The broker keeps for us what it could not deliver."""
    source = await linked(post, server)
    async with listening(source, server):
        pass
    await server.publish((event(), uplink(1, EMPTY)))
    assert await Observation.objects.acount() == 1
    async with listening(source, server):
        await until(lambda: stored(2))
    last = await LastObservation.objects.aget()
    assert last.result == pytest.approx(1.2)


async def test_other_events_and_applications_are_no_measurements(
    post: Post, server: Server
) -> None:
    async with listening(await linked(post, server), server):
        await server.publish(
            (event("join"), b"{}"), (event("status"), uplink(2, EMPTY)),
            (event(application=THEIRS), uplink(3, EMPTY)), (event(), uplink(4)),
        )  # fmt: skip
        await until(lambda: stored(2))
    assert [row.result async for row in Observation.objects.all()] == [pytest.approx(0.03)] * 2


async def test_what_cannot_be_read_stops_nobody(post: Post, server: Server) -> None:
    naive = json.dumps(json.loads(uplink(5)) | {"time": "2026-11-22T12:00:00"}).encode()
    unknown = json.loads(uplink(6))
    unknown["deviceInfo"]["tags"] = {"decoder": "abacus"}
    async with listening(await linked(post, server), server):
        await server.publish(
            (event(), b"\xff"), (event(), b"{}"), (event(), uplink(3, "01")),
            (event(), uplink(4, data="%%%")), (event(), naive),
            (event(), json.dumps(unknown).encode()), (event(), uplink(7, EMPTY)),
        )  # fmt: skip
        await until(lambda: stored(2))
    assert (await LastObservation.objects.aget()).result == pytest.approx(1.2)


async def test_the_same_uplink_again_is_stored_once(post: Post, server: Server) -> None:
    once = uplink(1)

    async def told_twice() -> bool:
        source = await LinkedSource.objects.aget()
        return bool(source.counts.get("duplicate"))

    async with listening(await linked(post, server), server):
        await server.publish((event(), once), (event(), once), (event(), uplink(2, EMPTY)))
        await until(lambda: stored(3))
        await until(told_twice)
    assert await Observation.objects.acount() == 3


async def test_a_device_that_nobody_registered_goes_to_quarantine(
    post: Post, server: Server
) -> None:
    stranger = json.loads(uplink(1))
    stranger["deviceInfo"]["devEui"] = "ffffffffffffffff"
    said = json.dumps(stranger).encode()
    async with listening(await linked(post, server), server):
        await server.publish((event(eui="ffffffffffffffff"), said), (event(), uplink(2)))
        await until(lambda: stored(2))
    codes = {row.code async for row in Quarantine.objects.all()}
    assert codes == {"unknown_datastream"}


async def test_a_broker_that_does_not_know_us_is_trouble_on_the_row(
    post: Post, server: Server
) -> None:
    source = await linked(post, server, secret="chirpstack:down")
    await keep(source)
    assert (await LinkedSource.objects.aget()).trouble
