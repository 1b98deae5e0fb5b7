"""Calls that we make: asked by notify, placed by a provider's REST door, read out, confirmed."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from apps.assistant.models import Call, OutboundCall
from apps.assistant.voice import orders
from apps.assistant.voice.server import VoiceServer
from apps.base.threads import in_thread
from apps.notify.core.messages import Content, Lane, Message
from apps.notify.kinds.telephony import SIGNATURE, signature
from apps.notify.models import Receipt
from apps.notify.services.receipts import receipt_token
from apps.notify.services.telling import tell
from citizen.demo.peers.caller import Listen, Press
from tests.assistant.voice.conftest import ended, eventually, serving, talk
from tests.support.world import People

pytestmark = pytest.mark.usefixtures("_skills")

SECRET = "between notify and the telephone"


@dataclass
class Exchange:
    """Plays Twilio's REST API and Asterisk's ARI on loopback; `refuses` answers first."""

    refuses: list[int] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            given = await request.json()
        else:
            given = dict(await request.post())
        self.asked.append((request.path, given, request.headers.get("Authorization", "")))
        if self.refuses:
            return web.Response(status=self.refuses.pop(0))
        return web.json_response({"sid": f"CA{len(self.asked)}", "id": "x"}, status=201)


@asynccontextmanager
async def exchange(settings: Any, provider: str) -> AsyncIterator[Exchange]:
    peer = Exchange()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", peer.answer)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    peer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    settings.VOICE_PROVIDER, settings.PHONE_PEER_SECRET = provider, SECRET
    settings.TWILIO_URL = settings.ARI_URL = peer.url
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.ARI_USER, settings.ARI_PASSWORD = "citizen", "secret"
    try:
        yield peer
    finally:
        await runner.cleanup()


async def order(server: VoiceServer, secret: str = SECRET, **more: Any) -> int:
    asked = {
        "to": "+82319201234", "language": "en", "key": "k1", "repeat": 2,
        "speech": "The river rises. Go to higher ground. Press 1 if you have understood.", **more,
    }  # fmt: skip
    body = msgspec.json.encode(asked)
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{server.port}/voice/call",
            data=body,
            headers={SIGNATURE: signature(body, secret)},
        ) as answer,
    ):
        return answer.status


async def placed() -> OutboundCall:
    row: OutboundCall = await eventually(
        lambda: OutboundCall.objects.select_related("call").exclude(state="waiting").get(),
        OutboundCall.DoesNotExist,
    )
    return row


async def test_asterisk_is_told_to_ring_and_the_message_is_confirmed(
    settings: Any, people: People
) -> None:
    def told() -> str:
        content = Content(title="Flood", body="The river rises.")
        telling = tell(
            to=people.halmeoni, message=Message(contents={"ko": content}),
            lane=Lane.LIFE_SAFETY, key="flood",
        )  # fmt: skip
        return receipt_token(telling=telling.pk, transport="voice", person=people.halmeoni.pk)

    reference = await in_thread(told)()
    async with exchange(settings, "asterisk") as peer, serving() as server:
        assert await order(server, reference=reference) == 202
        row = await placed()
        call = row.call
        assert call is not None
        path, given, _who = peer.asked[0]
        assert path == "/ari/channels"
        assert given["endpoint"] == "PJSIP/+82319201234@trunk"
        assert given["variables"]["CALL"] == str(call.code)
        caller = await talk(server, call, [Listen(), Press("2"), Press("1"), Listen()])
        await ended(call)
    assert caller.arrivals
    receipt = await in_thread(Receipt.objects.get)()
    assert receipt.acknowledged_at is not None
    await in_thread(row.refresh_from_db)()
    assert row.state == OutboundCall.State.CONFIRMED


async def test_twilio_gets_our_stream_as_twiml(settings: Any) -> None:
    async with exchange(settings, "twilio") as peer, serving() as server:
        await order(server)
        row = await placed()
    path, given, who = peer.asked[0]
    assert path == "/2010-04-01/Accounts/AC1/Calls.json"
    assert (given["To"], who.split()[0]) == ("+82319201234", "Basic")
    assert "<Connect><Stream" in given["Twiml"]
    assert row.call is not None
    assert row.call.provider_call == "CA1"


async def test_the_same_order_twice_rings_once(settings: Any) -> None:
    async with exchange(settings, "asterisk") as peer, serving() as server:
        assert [await order(server), await order(server)] == [202, 202]
        await placed()
    assert len(peer.asked) == 1


async def test_a_provider_that_is_away_is_asked_again(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "FIRST_WAIT_S", 0.01)
    async with exchange(settings, "asterisk") as peer, serving() as server:
        peer.refuses = [503, 429]
        await order(server)
        row = await placed()
    assert (len(peer.asked), row.state) == (3, OutboundCall.State.PLACED)


async def test_a_refused_number_is_not_rung_again(settings: Any) -> None:
    async with exchange(settings, "asterisk") as peer, serving() as server:
        peer.refuses = [400]
        await order(server)
        row = await placed()
    assert (len(peer.asked), row.state) == (1, OutboundCall.State.FAILED)
    assert row.call is not None
    assert row.call.state == Call.State.FAILED


@pytest.mark.parametrize(
    ("how", "status"), [({"secret": "another"}, 401), ({"speech": 7}, 400), ({"to": None}, 400)]
)
async def test_a_bad_order_is_refused(settings: Any, how: dict[str, Any], status: int) -> None:
    async with exchange(settings, "asterisk") as peer, serving() as server:
        assert await order(server, **how) == status
    assert peer.asked == []
    assert not await in_thread(OutboundCall.objects.exists)()


async def test_without_a_provider_it_says_to_come_back(settings: Any) -> None:
    async with exchange(settings, "") as peer, serving() as server:
        assert await order(server) == 503
    assert json.dumps(peer.asked) == "[]"
