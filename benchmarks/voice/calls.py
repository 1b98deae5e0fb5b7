"""Whole calls by a synthetic caller: how long a report by keys alone takes, and how quickly the
system speaks, answers, and falls silent.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.report import Metric
from benchmarks.voice.doors import Doors, announce

DTMF_LIMIT_S, FIRST_AUDIO_MS, TURN_GAP_MS, BARGE_IN_MS = 90, 300, 900, 250
WORDS = {
    "ko": "다리 옆 가로등이 꺼져서 밤에 너무 어둡습니다",
    "en": "the street light near the library is broken",
}
CALLS_A_LANGUAGE = 2
INTERRUPTING_PAIRS = 3
GREETING_S, FIRST_CHOICES_S = 10.0, 6.0


def spoken(text: str, language: str) -> bytes:
    """The caller's own voice, not the system's."""
    from apps.assistant.speech.kinds.espeak import Espeak

    audio = asyncio.run(Espeak("+m3").speak(text, language))
    assert audio is not None
    return audio


def report_by_keys(language: str) -> list[object]:
    """1: report something. Words are recorded. Then kind, district, yes: send it; the number and
    the date are heard to the end. Of a menu the caller hears the first choices, then presses."""
    from citizen.demo.peers.caller import Listen, Press, Say

    return [
        Press("1", over_prompt_s=GREETING_S), Say(spoken(WORDS[language], language)),
        Press("1", over_prompt_s=FIRST_CHOICES_S), Press("1", over_prompt_s=FIRST_CHOICES_S),
        Press("1"), Listen(),
    ]  # fmt: skip


async def one_call(doors: Doors, number: int, language: str, steps: Sequence[object]) -> Any:
    from apps.base.threads import in_thread
    from citizen.demo.peers.caller import Caller

    code = await in_thread(announce)(number, language=language)
    caller = Caller("127.0.0.1", doors.audio_socket_port, code)
    await caller.talk(steps)  # type: ignore[arg-type]
    return caller


async def _at_once(*calls: Coroutine[Any, Any, Any]) -> list[Any]:
    return list(await asyncio.gather(*calls))


def measure(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    """A caller of each language at a time, so that the whole ends in some minutes."""
    taken: dict[str, list[float]] = {language: [] for language in WORDS}
    first_ms: list[float] = []
    gaps_ms: list[float] = []
    steps = {language: report_by_keys(language) for language in WORDS}
    for number in range(1 if quick else CALLS_A_LANGUAGE):
        before = _filed()
        calls = [
            one_call(doors, 10 * number + at, language, steps[language])
            for at, language in enumerate(WORDS)
        ]
        callers = dict(zip(WORDS, asyncio.run(_at_once(*calls)), strict=True))
        if _filed() != before + len(callers):
            raise RuntimeError("a call filed nothing")
        for language, caller in callers.items():
            taken[language].append(caller.ended_s - caller.connected_s)
            first_ms.append((caller.arrivals[0] - caller.connected_s) * 1000)
            gaps_ms += [gap * 1000 for gap in caller.first_after]
    for language, seconds in taken.items():
        yield Metric("dtmf_complaint_s", language, max(seconds), "s", "limit", DTMF_LIMIT_S)
    yield Metric("first_audio_ms", "worst", max(first_ms), "ms", "limit", FIRST_AUDIO_MS)
    gap_ms = float(np.percentile(gaps_ms, 95))
    yield Metric("turn_gap_p95_ms", "keys and recorded words", gap_ms, "ms", "limit", TURN_GAP_MS)


def measure_interruptions(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    """English commands said over what is said, as soon as the greeting is over: how long it goes
    on, and the gap after them."""
    from citizen.demo.peers.caller import HangUp, Listen, Say

    words = spoken("please repeat that", "en")
    again = Say(words, over_prompt_s=1.0)
    steps = [Say(words, over_prompt_s=GREETING_S), again, again, Listen(), HangUp()]
    silent_ms, gaps_ms = [], []
    for number in range(1 if quick else INTERRUPTING_PAIRS):
        pair = (one_call(doors, 500 + 2 * number + at, "en", steps) for at in range(2))
        for caller in asyncio.run(_at_once(*pair)):
            silent_ms += [late * 1000 for late in caller.barge_ins]
            gaps_ms += [gap * 1000 for gap in caller.first_after]
    yield Metric(
        "barge_in_ms", f"worst of {len(silent_ms)}", max(silent_ms), "ms", "limit", BARGE_IN_MS
    )
    gap_ms = float(np.percentile(gaps_ms, 95))
    yield Metric("turn_gap_p95_ms", "English by voice", gap_ms, "ms", "limit", TURN_GAP_MS)


def _filed() -> int:
    from apps.complaints.models import ServiceRequest

    return ServiceRequest.objects.count()
