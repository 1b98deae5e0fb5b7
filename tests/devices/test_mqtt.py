"""The MQTT door, through a real Mosquitto with its dynamic-security plugin."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import cbor2
import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from apps.base.clock import Hand
from apps.base.models import Work
from apps.base.work import sweep
from devices import process
from devices.models import Datastream, GatewayKey, Observation, Quarantine, Thing
from devices.mqtt.link import BrokerAway, Delivery, acknowledge, connected
from devices.protocols.topics import EVERYBODY, gateway_of, observations_topic
from devices.services.gateways import create_gateway, end_key, rotate_key, set_active
from devices.services.provisioning import DatastreamPlan, ThingPlan, provision_thing
from tests.devices.conftest import Post, row, set_up
from tests.support.broker import broker

__all__ = ["broker"]


@pytest.fixture
def open_post(hand: Hand, transactional_db: None, broker: str, settings: Any) -> Post:
    settings.MQTT_URL = broker
    post = set_up()
    sweep()
    assert not Work.objects.exclude(state=Work.State.DONE).exists()
    return post


def login(url: str, code: str, key: str) -> str:
    parts = urlsplit(url)
    return f"mqtt://{quote(code)}.{key[:9]}:{key}@{parts.hostname}:{parts.port}"


async def ignore(*_: Any) -> int:
    return 0


async def publish(url: str, topic: str, *payloads: Any, **properties: Any) -> None:
    """As a gateway: QoS 1, gone once the broker has them."""
    async with connected("", on_message=ignore, url=url) as client:
        for payload in payloads:
            client.publish(topic, payload, qos=1, **properties)
        async with asyncio.timeout(5):
            while client._persistent_storage.get_all():
                await asyncio.sleep(0.01)


async def in_thread(do: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    def run() -> Any:
        try:
            return do(*arguments, **options)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()


async def while_listening(name: str, *steps: Awaitable[Any], until: Callable[[], bool]) -> None:
    """Run the ingest process, take the steps, and end when `until` holds."""
    ended, ready = asyncio.Event(), asyncio.Event()
    listening = asyncio.create_task(process.listen(ended, name=name, ready=ready))
    try:
        await asyncio.wait_for(ready.wait(), 10)
        for step in steps:
            await step
        async with asyncio.timeout(15):
            while not await in_thread(until):
                await asyncio.sleep(0.02)
    finally:
        ended.set()
        await listening


def body(*rows: Any) -> bytes:
    return json.dumps({"observations": rows}).encode()


def stored(count: int) -> Callable[[], bool]:
    return lambda: Observation.objects.count() == count


TOPIC = observations_topic("bridge")


def test_what_a_gateway_says_is_stored(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    say = publish(url, TOPIC, body(row(120, ago_s=9)), body(row(121), row(1, of="lamp.on")))

    asyncio.run(while_listening("a", say, until=stored(3)))


def test_cbor_is_named_by_its_content_type(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    payload = cbor2.dumps({"observations": [row(120)]})
    say = publish(url, TOPIC, payload, content_type="application/cbor")

    asyncio.run(while_listening("b", say, until=stored(1)))


def test_what_was_said_while_we_were_away_is_taken_later(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    asyncio.run(while_listening("c", publish(url, TOPIC, body(row(1))), until=stored(1)))
    asyncio.run(publish(url, TOPIC, *(body(row(n, ago_s=n)) for n in range(2, 40))))

    asyncio.run(while_listening("c", until=stored(39)))


async def hear(broker: str, count: int, *, keep: int) -> list[bytes]:
    """Take so many messages in a lasting session; acknowledge only the first `keep` of them, and
    stay until the broker has read that: it answers in the order it is asked."""
    heard: list[Delivery] = []
    subscribed = asyncio.Event()

    def subscribe(client: Any) -> None:
        client.on_subscribe = lambda *_: subscribed.set()
        client.subscribe(EVERYBODY, qos=1)

    async with (
        asyncio.timeout(10),
        connected(
            "forgetful", on_delivery=heard.append, on_connect=subscribe, url=broker, lasting=True
        ) as client,
    ):
        await subscribed.wait()
        while len(heard) < count:
            await asyncio.sleep(0.01)
        acknowledge(heard[:keep])
        subscribed.clear()
        subscribe(client)
        await subscribed.wait()
    return [one.payload for one in heard]


def test_what_is_not_acknowledged_comes_again(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    asyncio.run(hear(broker, 0, keep=0))
    asyncio.run(publish(url, TOPIC, b"1", b"2", b"3"))

    assert asyncio.run(hear(broker, 3, keep=2)) == [b"1", b"2", b"3"]
    assert asyncio.run(hear(broker, 1, keep=1)) == [b"3"]


def test_nonsense_goes_to_quarantine_and_stops_nobody(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    say = publish(url, TOPIC, b"\xff\x00", b"{}", body("x", row(120)), body(row(float("inf"))))

    asyncio.run(while_listening("d", say, until=stored(1)))

    codes = sorted(Quarantine.objects.values_list("code", flat=True))
    assert codes == ["malformed", "malformed", "malformed", "not_a_number"]


def test_speaking_for_a_strangers_datastream_goes_to_quarantine(
    open_post: Post, broker: str
) -> None:
    gateway, _key = create_gateway(code="mill", names={"en": "Mill"}, actor="test")
    stream = DatastreamPlan(code="mill.level", observed_property="test_level")
    provision_thing(
        gateway=gateway, plan=ThingPlan(code="m", names={"en": "M"}, datastreams=(stream,))
    )
    url = login(broker, "bridge", open_post.key)
    say = publish(url, TOPIC, body(row(1, of="mill.level")), body(row(120)))

    asyncio.run(while_listening("e", say, until=stored(1)))

    assert Quarantine.objects.get().code == "foreign_datastream"
    assert Datastream.objects.filter(code="mill.level").exists()
    assert Thing.objects.filter(code="m").exists()


def can_sign_in(url: str) -> bool:
    async def attempt() -> bool:
        with suppress(BrokerAway):
            async with connected("", on_message=ignore, url=url):
                return True
        return False

    return asyncio.run(attempt())


def test_keys_are_logins_as_long_as_they_live(open_post: Post, broker: str) -> None:
    first = login(broker, "bridge", open_post.key)
    second = login(broker, "bridge", rotate_key(gateway=open_post.gateway, actor="test"))
    sweep()
    assert (can_sign_in(first), can_sign_in(second)) == (True, True)

    end_key(key=GatewayKey.objects.order_by("pk")[0], actor="test")
    sweep()
    assert (can_sign_in(first), can_sign_in(second)) == (False, True)

    set_active(gateway=open_post.gateway, active=False, actor="test")
    sweep()
    assert not can_sign_in(second)

    set_active(gateway=open_post.gateway, active=True, actor="test")
    sweep()
    assert can_sign_in(second)
    assert not can_sign_in(second.replace(":gw_", ":gw_x"))


def test_a_gateway_is_heard_under_its_own_name_only(open_post: Post, broker: str) -> None:
    url = login(broker, "bridge", open_post.key)
    create_gateway(code="mill", names={"en": "Mill"}, actor="test")
    say = publish(url, observations_topic("mill"), body(row(1)))
    after = publish(url, TOPIC, body(row(120)))

    asyncio.run(while_listening("f", say, after, until=stored(1)))

    assert not Quarantine.objects.exists(), "the broker let nothing through"


@pytest.mark.parametrize(
    ("topic", "code"),
    [("citizen/v1/a-b/observations", "a-b"), ("citizen/v1/a/b/observations", None),
     ("citizen/v1//observations", None), ("citizen/v1/+/observations", None),
     ("x/citizen/v1/a/observations", None), ("citizen/v1/a/observations/x", None)],
)  # fmt: skip
def test_the_topic_says_who_speaks(topic: str, code: str | None) -> None:
    assert gateway_of(topic) == code
