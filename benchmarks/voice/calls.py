"""Whole calls by a synthetic caller: how long a report by keys alone takes, and how quickly the
system speaks, answers, and falls silent.
"""

import asyncio
from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.report import Metric
from benchmarks.voice.doors import Doors, announce

DTMF_LIMIT_S, FIRST_AUDIO_MS, TURN_GAP_MS, BARGE_IN_MS = 90, 300, 900, 250
WORDS = {
    "ko": "다리 옆 가로등이 꺼져서 밤에 너무 어둡습니다",
    "en": "the street light near the library is broken",
}
CALLS_A_LANGUAGE = 3
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


def one_call(doors: Doors, number: int, language: str, steps: Sequence[object]) -> object:
    from citizen.demo.peers.caller import Caller

    caller = Caller("127.0.0.1", doors.audio_socket_port, announce(number, language=language))
    asyncio.run(caller.talk(steps))  # type: ignore[arg-type]
    return caller


def measure(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    first_ms: list[float] = []
    gaps_ms: list[float] = []
    for language in ("ko", "en"):
        taken: list[float] = []
        for number in range(1 if quick else CALLS_A_LANGUAGE):
            before = _filed()
            caller = one_call(doors, number, language, report_by_keys(language))
            if _filed() != before + 1:
                raise RuntimeError(f"the call in {language!r} filed nothing")
            taken.append(caller.ended_s - caller.connected_s)  # type: ignore[attr-defined]
            first_ms.append((caller.arrivals[0] - caller.connected_s) * 1000)  # type: ignore[attr-defined]
            gaps_ms += [gap * 1000 for gap in caller.first_after]  # type: ignore[attr-defined]
        yield Metric("dtmf_complaint_s", language, max(taken), "s", "limit", DTMF_LIMIT_S)
    yield Metric("first_audio_ms", "worst", max(first_ms), "ms", "limit", FIRST_AUDIO_MS)
    gap_ms = float(np.percentile(gaps_ms, 95))
    yield Metric("turn_gap_p95_ms", "keys and recorded words", gap_ms, "ms", "limit", TURN_GAP_MS)
    yield from _barge_ins(doors, quick=quick)


def _barge_ins(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    """English commands said over the menu: how long the prompt goes on, and the gap after them."""
    from citizen.demo.peers.caller import Listen, Say

    words = spoken("please repeat that", "en")
    silent_ms, gaps_ms = [], []
    for number in range(3 if quick else 10):
        steps = [Listen(), Say(words), Say(words, over_prompt_s=1.0), Listen()]
        caller = one_call(doors, 500 + number, "en", steps)
        silent_ms += [late * 1000 for late in caller.barge_ins]  # type: ignore[attr-defined]
        gaps_ms += [gap * 1000 for gap in caller.first_after]  # type: ignore[attr-defined]
    yield Metric(
        "barge_in_ms", f"worst of {len(silent_ms)}", max(silent_ms), "ms", "limit", BARGE_IN_MS
    )
    gap_ms = float(np.percentile(gaps_ms, 95))
    yield Metric("turn_gap_p95_ms", "English by voice", gap_ms, "ms", "limit", TURN_GAP_MS)


def _filed() -> int:
    from apps.complaints.models import ServiceRequest

    return ServiceRequest.objects.count()
