"""200 callers who hang up at a random point: what they said and pressed before must be there.

Sound is compared frame by frame: of the loud frames that were sent, as many must lie in the call's
recordings. A word is lost where `WORD_S` of them are missing, beyond what the detector needs before
it takes a sound for a voice.
"""

import asyncio
import random
from collections.abc import Iterator

from benchmarks.report import Metric
from benchmarks.voice.calls import spoken
from benchmarks.voice.doors import Doors, announce

CALLERS, AT_ONCE, SEED = 200, 8, 20_260
LONGEST_S, WORD_S = 10.0, 0.4
UNSURE_S = 0.2
LOUD = 400


def measure(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    count = 24 if quick else CALLERS
    audio = spoken("there is water on the street near the river", "en")
    lost = asyncio.run(_all(doors, count, audio))
    yield Metric("words_lost", f"{count} hang-ups", lost, "", "limit", 0)


async def _all(doors: Doors, count: int, audio: bytes) -> int:
    gate, draw = asyncio.Semaphore(AT_ONCE), random.Random(SEED)
    plans = [(number, draw.uniform(0.1, LONGEST_S)) for number in range(count)]

    async def one(number: int, after_s: float) -> int:
        async with gate:
            return await _call(doors, number, after_s, audio)

    return sum(await asyncio.gather(*(one(*plan) for plan in plans)))


async def _call(doors: Doors, number: int, after_s: float, audio: bytes) -> int:
    from apps.base.threads import in_thread
    from citizen.demo.peers.caller import Caller, Press, Say, Step

    code = await in_thread(announce)(1000 + number, language="en")
    caller = Caller("127.0.0.1", doors.audio_socket_port, code)
    steps: list[Step] = [Press("1", over_prompt_s=1.0), Say(audio, over_prompt_s=1.0), Press("12")]
    talking = asyncio.create_task(caller.talk(steps))
    await asyncio.wait([talking], timeout=after_s)
    talking.cancel()
    await asyncio.gather(talking, return_exceptions=True)
    sent = audio[: caller.sent_voiced * 320]
    return await in_thread(_lost)(code, sent, "".join(caller.pressed))


def _lost(code: str, sent: bytes, pressed: str) -> int:
    """Words and keys that the record lacks, once it is closed."""
    import time

    from apps.assistant.models import Call
    from apps.assistant.voice.records import recording_of

    for _ in range(300):
        call = Call.objects.get(code=code)
        if call.ended_at is not None or call.answered_at is None:
            break
        time.sleep(0.05)
    turns = list(call.turns.order_by("number"))
    kept_s = _loud_s(b"".join(recording_of(turn) for turn in turns if turn.recorded_ms))
    digits = "".join(turn.digits for turn in turns)
    missing_s = max(0.0, _loud_s(sent) - UNSURE_S - kept_s)
    return int(missing_s / WORD_S) + len(pressed) - len(digits)


def _loud_s(audio: bytes) -> float:
    from apps.assistant.speech.core.audio import FRAME_S, frames_of, samples_of

    return FRAME_S * sum(
        float(abs(samples_of(frame).astype("i4")).mean()) > LOUD for frame in frames_of(audio)
    )
