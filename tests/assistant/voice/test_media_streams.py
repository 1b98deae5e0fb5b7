"""Calls over the WebSocket door: Twilio's dialect, and the app's microphone, which speaks it."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from django.test import Client

from apps.assistant.models import Call, ChannelIdentity
from apps.assistant.speech.core import mulaw
from apps.assistant.voice import records
from apps.assistant.voice.server import VoiceServer
from apps.base.threads import in_thread
from tests.assistant.voice.conftest import ended, ring, serving
from tests.support.world import People

pytestmark = pytest.mark.usefixtures("_skills")


@dataclass
class Stream:
    """A provider's side of one stream: counts what it hears, echoes marks as if played."""

    socket: aiohttp.ClientWebSocketResponse
    media: int = 0
    marks: list[str] = field(default_factory=list)
    clears: int = 0

    async def send(self, event: str, **more: Any) -> None:
        await self.socket.send_str(json.dumps({"event": event, "streamSid": "MZ1", **more}))

    async def start(self, proof: str, **media_format: Any) -> None:
        form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1, **media_format}
        start = {
            "callSid": "CA1", "streamSid": "MZ1", "mediaFormat": form,
            "customParameters": {"proof": proof},
        }  # fmt: skip
        await self.send("connected", protocol="Call", version="1.0.0")
        await self.send("start", start=start)

    async def hear_prompt(self) -> None:
        """To its end."""
        await self.hear()

    async def hear(self, until: str = "") -> None:
        """Until a mark, or the last one of a prompt; marks go back as Twilio sends them."""
        async for message in self.socket:
            frame = json.loads(message.data)
            self.media += frame["event"] == "media"
            self.clears += frame["event"] == "clear"
            if frame["event"] == "mark":
                name = frame["mark"]["name"]
                self.marks.append(name)
                await self.send("mark", mark={"name": name})
                if name == until or (not until and "." not in name and name != "greeting"):
                    return

    async def press(self, digit: str) -> None:
        await self.send("dtmf", dtmf={"track": "inbound_track", "digit": digit})


@asynccontextmanager
async def streaming(server: VoiceServer) -> AsyncIterator[Stream]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{server.port}/voice/media") as socket,
    ):
        yield Stream(socket)


async def test_a_stream_with_our_proof_is_a_call() -> None:
    async with serving() as server:
        call = await ring(provider="twilio")
        async with streaming(server) as stream:
            await stream.start(await in_thread(records.proof_of)(call))
            await stream.hear_prompt()
            await stream.press("2")
            await stream.hear_prompt()
            quiet = base64.b64encode(mulaw.encode(bytes(320))).decode()
            await stream.send("media", media={"track": "inbound", "payload": quiet})
            await stream.send("stop", stop={"callSid": "CA1"})
            row = await ended(call)
    assert row.ended_because == "hang-up"
    assert stream.media > 5
    assert [turn.digits for turn in await in_thread(lambda: list(call.turns.all()))()] == ["2"]


async def test_a_key_clears_what_the_provider_still_holds() -> None:
    async with serving() as server:
        call = await ring(provider="twilio")
        async with streaming(server) as stream:
            await stream.start(await in_thread(records.proof_of)(call))
            await stream.hear(until="m1.0")
            await stream.press("2")
            await stream.hear_prompt()
            await stream.send("stop", stop={})
            await ended(call)
    assert stream.clears == 1


@pytest.mark.parametrize("how", ["forged", "another's", "no start", "codec", "bytes", "noise"])
async def test_what_is_no_call_of_ours_is_refused_and_others_go_on(how: str) -> None:
    async with serving() as server:
        call, good = await ring(provider="twilio"), await ring("+82 31 920 7777", provider="twilio")
        proof = await in_thread(records.proof_of)(call)
        async with streaming(server) as other:
            await other.start(await in_thread(records.proof_of)(good))
            async with streaming(server) as stream:
                match how:
                    case "forged":
                        await stream.start(proof[:-2] + "xx")
                    case "another's":
                        from apps.base import tokens

                        await stream.start(tokens.sign("offer", "x", lasts=records.PROOF_LASTS))
                    case "no start":
                        await stream.press("1")
                    case "codec":
                        await stream.start(proof, encoding="audio/x-l16", sampleRate=16000)
                    case "bytes":
                        await stream.socket.send_bytes(b"\x00" * 320)
                    case _:
                        await stream.socket.send_str("{" * 50)
                message = await stream.socket.receive(timeout=5)
                assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            await other.hear_prompt()
            await other.send("stop", stop={})
            await ended(good)
    state = await in_thread(lambda: Call.objects.get(pk=call.pk).state)()
    assert state == Call.State.RINGING
    assert other.media > 0


async def test_a_broken_frame_in_a_call_ends_it_and_keeps_its_record() -> None:
    async with serving() as server:
        call = await ring(provider="twilio")
        async with streaming(server) as stream:
            await stream.start(await in_thread(records.proof_of)(call))
            await stream.press("2")
            await stream.hear_prompt()
            await stream.send("media", media={"payload": "!!"})
            row = await ended(call)
    assert row.ended_because.startswith("broken")
    assert await in_thread(call.turns.count)() == 1


def test_the_app_opens_a_call_and_is_known_when_signed_in(
    client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    anonymous = client.post("/api/v1/assistant/calls")
    assert anonymous.status_code == 201
    opened = anonymous.json()
    assert opened["url"].startswith("ws")
    assert Call.objects.get(code=opened["code"]).provider == "web"
    signed_in = records.announce_web_call(person=people.sora, language="ko")
    answered = records.answer_call(code=str(signed_in.code))
    assert answered.identity is not None
    assert (answered.identity.person, answered.identity.verified_at is not None) == (
        people.sora,
        True,
    )
    records.end_call(call=answered, because="hang-up")
    assert ChannelIdentity.objects.get(pk=answered.identity.pk).verified_at is None


def test_calls_from_the_app_are_limited(client: Client, db: None) -> None:
    answers = [client.post("/api/v1/assistant/calls").status_code for _ in range(14)]
    assert answers.count(201) == 12
    assert answers[-1] == 429


async def test_a_flood_of_keys_on_a_stream_ends_it_politely() -> None:
    async with serving() as server:
        call = await ring(provider="twilio")
        async with streaming(server) as stream:
            await stream.start(await in_thread(records.proof_of)(call))
            for _ in range(80):
                await stream.press("5")
            await stream.hear_prompt()
            row = await ended(call)
    assert row.ended_because == "flood"
