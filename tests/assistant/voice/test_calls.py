"""Whole calls over AudioSocket, by a caller in real time."""

import asyncio

import pytest

from apps.assistant.channels.registry import channels
from apps.assistant.models import Call, CallTurn, Conversation
from apps.assistant.voice import lines, records
from apps.assistant.voice.dialects import audio_socket
from apps.base.threads import in_thread
from citizen.demo.peers.caller import HangUp, Listen, Press, Say
from tests.assistant import umbrella
from tests.assistant.voice.conftest import Scripted, ended, ring, serving, talk
from tests.support.registries import registered

pytestmark = pytest.mark.usefixtures("_skills")

UMBRELLA = Press("2")  # after reports, before what becomes of them


def voice(seconds: float) -> bytes:
    """Something that the detector takes for a voice: a buzz with formants."""
    import numpy as np

    at = np.arange(int(8_000 * seconds)) / 8_000
    buzz = sum(np.sin(2 * np.pi * 120 * n * at) / n for n in range(1, 25))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * at)
    return bytes((6_000 * np.asarray(buzz) * swell).clip(-32_000, 32_000).astype("<i2").tobytes())


async def turns_of(call: Call) -> list[CallTurn]:
    return await in_thread(lambda: list(call.turns.order_by("number")))()


async def test_it_carries_a_call_by_keys_alone() -> None:
    async with serving() as server:
        call = await ring()
        await talk(server, call, [UMBRELLA, Listen(), HangUp()])
        row = await ended(call)
    assert (row.state, row.language) == (Call.State.ENDED, "en")
    conversation = await in_thread(Conversation.objects.get)()
    assert (conversation.skill, conversation.asked) == ("umbrella", "place")
    assert [turn.digits for turn in await turns_of(call)] == ["2"]


async def test_it_fills_and_confirms_by_voice_what_an_engine_is_sure_of() -> None:
    ear = Scripted("the old bridge", "blue", "It fell into the river", "yes")
    said = Say(voice(0.6))
    async with serving(ear) as server:
        call = await ring()
        await talk(server, call, [UMBRELLA, said, said, said, said, Listen()])
        await ended(call)
    assert umbrella.performed[0][1] == {
        "place": "the old bridge", "colour": "blue", "story": "It fell into the river",
    }  # fmt: skip
    turns = [turn for turn in await turns_of(call) if turn.kind == "voice"]
    assert [turn.understood for turn in turns] == ["sure"] * 4
    assert {turn.engine for turn in turns} == {"scripted"}
    assert [wanted.want.value for wanted in ear.wanted] == [
        "place", "words", "free", "yes_no",
    ]  # fmt: skip
    assert "blue" in ear.wanted[1].words


async def test_words_that_nobody_understands_are_recorded_and_marked() -> None:
    async with serving(Scripted("the bridge", "red", "", "yes")) as server:
        call, said = await ring(), Say(voice(0.6))
        await talk(server, call, [UMBRELLA, said, said, said, said, Listen()])
        await ended(call)
    turn = (await turns_of(call))[3]
    assert (turn.understood, turn.transcript, turn.asked) == ("not", "", "text")
    story = umbrella.performed[0][1]["story"]
    assert story == f"☎ {str(call.code)[:8]}/{turn.number}", "the report says where to listen"
    audio = await in_thread(records.recording_of)(turn)
    assert len(audio) == turn.recorded_ms * 16
    assert turn.recorded_ms > 1_000


class Talkative:
    """Every sentence takes it a minute."""

    async def speak(self, sentence: str, language: str) -> bytes | None:
        return b"\x00\x10\x00\xf0" * 240_000


async def test_a_prompt_stops_when_the_caller_speaks() -> None:
    async with serving(Scripted("please repeat that"), Talkative()) as server:
        call = await ring()
        over = Say(voice(0.6), over_prompt_s=0.1)
        caller = await talk(server, call, [Press("2", over_prompt_s=0.1), over, HangUp()])
        await ended(call)
    assert len(caller.arrivals) < 60 * 50, "neither greeting nor question was said to its end"
    turns = await turns_of(call)
    assert [turn.kind for turn in turns] == ["keys", "voice"]


async def test_nothing_is_listened_to_before_the_caller_knows_of_the_recording() -> None:
    async with serving() as server:
        call = await ring()
        await talk(server, call, [Say(voice(0.05), over_prompt_s=0.0), HangUp()])
        await ended(call)
    assert await turns_of(call) == []


async def test_a_flood_of_keys_ends_one_call_and_harms_no_other() -> None:
    async with serving() as server:
        bad, good = await ring("+82 31 920 9999"), await ring()
        flood = Press("5" * 300)
        both = await asyncio.gather(
            talk(server, bad, [flood, Listen(), Listen()]),
            talk(server, good, [UMBRELLA, Listen(), HangUp()]),
        )
        await both[0].until_over()
        row, other = await ended(bad), await ended(good)
    assert row.ended_because == "flood"
    assert other.ended_because == "hang-up"
    assert len(await turns_of(bad)) <= 64


async def test_a_line_for_no_announced_call_is_refused() -> None:
    async with serving() as server:
        call = await ring()
        call.code = type(call.code)(int=call.code.int ^ 1)
        caller = await talk(server, call, [Listen()])
        await caller.until_over()
    assert caller.arrivals == []
    assert await in_thread(Call.objects.filter(state="ringing").count)() == 1


async def test_a_call_is_answered_once() -> None:
    async with serving() as server:
        call = await ring()
        await talk(server, call, [Listen()])
        await ended(call)
        again = await talk(server, call, [Listen()])
        await again.until_over()
    assert again.arrivals == []


async def test_broken_frames_end_the_call_and_keep_what_was_said() -> None:
    async with serving() as server:
        call, other = await ring(), await ring("+82 31 920 7777")
        reader, writer = await asyncio.open_connection("127.0.0.1", server.audio_socket_port)
        writer.write(audio_socket.identity_frame(str(call.code)))
        await reader.readexactly(3 + 320)
        writer.write(audio_socket.key_frame("1") + b"\x66\x00\x01x")
        row = await ended(call)
        fine = await talk(server, other, [UMBRELLA, Listen(), HangUp()])
        await ended(other)
        writer.close()
    assert row.ended_because.startswith("broken")
    assert [turn.digits for turn in await turns_of(call)] == ["1"]
    assert fine.arrivals


async def test_a_service_that_fails_ends_no_call() -> None:
    umbrella.failing.append(RuntimeError("a defect"))
    async with serving(Scripted("the bridge", "red", "lost")) as server:
        call, said = await ring(), Say(voice(0.5))
        caller = await talk(server, call, [UMBRELLA, said, said, said, Press("1"), Listen()])
        row = await ended(call)
    assert umbrella.performed == []
    assert len(caller.first_after) == 5, "it was told so"
    assert row.ended_because == "hang-up"


async def test_a_dialogue_that_breaks_says_so_and_hangs_up() -> None:
    with registered(channels, "voice", "tests.assistant.nowhere.channel"):
        async with serving() as server:
            call = await ring()
            caller = await talk(server, call, [Listen(), Listen()])
            await caller.until_over()
            row = await ended(call)
    assert row.ended_because == "trouble"
    assert caller.arrivals


async def test_a_second_call_goes_on_where_the_first_broke_off() -> None:
    async with serving(Scripted("the bridge", "red", "lost", "yes")) as server:
        first = await ring()
        await talk(server, first, [UMBRELLA, Say(voice(0.5)), Listen(), HangUp()])
        await ended(first)
        second = await ring()
        await talk(server, second, [Say(voice(0.5)), Say(voice(0.5)), Press("1"), Listen()])
        await ended(second)
    assert umbrella.performed[0][1]["place"] == "the bridge"


async def test_more_sound_than_time_ends_a_call() -> None:
    async with serving() as server:
        call = await ring()
        _reader, writer = await asyncio.open_connection("127.0.0.1", server.audio_socket_port)
        writer.write(audio_socket.identity_frame(str(call.code)))
        writer.write(audio_socket.sound_frame(bytes(3_200)) * 100)
        row = await ended(call)
        writer.close()
    assert row.ended_because == "broken: more sound than time"


async def test_who_never_says_which_call_it_is_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "OPENS_WITHIN_S", 0.1)
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.audio_socket_port)
        assert await reader.read() == audio_socket.hang_up_frame()
        writer.close()
        assert server.engines.pulse.refused == 1
