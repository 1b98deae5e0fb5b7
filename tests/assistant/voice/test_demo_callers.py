"""The demo town's people telephone as people do."""

from typing import Any

import pytest

from apps.assistant.models import Call, CallTurn
from apps.base.threads import in_thread
from citizen.demo.peers import callers
from citizen.demo.world.people import PEOPLE
from tests.assistant.voice.conftest import ended, serving

pytestmark = pytest.mark.usefixtures("_skills")


async def test_a_caller_leaves_a_message_for_a_person(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "GREETING_S", 0.1)
    async with serving() as server:
        settings.VOICE_HOST, settings.AUDIO_SOCKET_PORT = "127.0.0.1", server.audio_socket_port
        await callers.call("halmeoni", "ko", ("0", "전화 주세요"))
        call = await ended(await in_thread(Call.objects.get)())
    assert call.language == "ko"
    turns = await in_thread(lambda: list(call.turns.order_by("number")))()
    assert [turn.digits for turn in turns if turn.kind == CallTurn.Kind.KEYS] == ["0"]
    assert turns[-1].recorded_ms > 500


def test_each_reason_is_somebodys_and_can_be_said() -> None:
    known = {person.key for person in PEOPLE}
    assert {reason.who for reason in callers.REASONS} <= known
    assert {reason.language for reason in callers.REASONS} == {"ko", "en"}
