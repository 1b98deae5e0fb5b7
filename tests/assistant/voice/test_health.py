"""The voice process says how it is."""

from typing import Any

import pytest

from apps.assistant.selectors import health
from apps.assistant.voice.pulse import Pulse
from apps.base.threads import in_thread
from citizen.demo.peers.caller import Listen
from tests.assistant.voice.conftest import ended, ring, serving, talk

pytestmark = pytest.mark.usefixtures("_skills")


async def test_it_tells_of_calls_answered_and_refused(settings: Any) -> None:
    async with serving() as server:
        settings.VOICE_HOST, settings.VOICE_PORT = "127.0.0.1", server.port
        call = await ring()
        await talk(server, call, [Listen()])
        await ended(call)
        await talk(server, call, [Listen()])
        found = await in_thread(health.voice)()
    assert found.ok
    assert found.detail.startswith("0 calls, 1 answered, 1 refused")


def test_a_town_without_telephone_is_well(settings: Any) -> None:
    settings.VOICE_PORT = 0
    assert health.voice().ok


async def test_sound_that_is_late_is_told(settings: Any) -> None:
    async with serving() as server:
        settings.VOICE_HOST, settings.VOICE_PORT = "127.0.0.1", server.port
        server.engines.pulse.note_late(0.35)
        found = await in_thread(health.voice)()
    assert not found.ok
    assert "350.0 ms late" in found.detail


def test_the_worst_is_kept() -> None:
    pulse = Pulse()
    for late_s in (0.01, 0.2, 0.05, 0.1):
        pulse.note_late(late_s)
    assert pulse.late_ms == 200
    assert len(pulse._late) == 2  # what can never be the worst is forgotten
