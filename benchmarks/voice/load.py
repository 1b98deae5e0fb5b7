"""Calls at once: callers talk with one `voice` process, and the longest gap in what each of them
hears is noted. Five share a process of their own, so that they hardly disturb one another.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.report import Metric
from benchmarks.voice.doors import Doors

GAP_MS, CALLS, A_PROCESS = 60.0, 10, 5
STEPS = (6, 8, 10, 14)
SECONDS = 25.0


def measure(doors: Doors, *, quick: bool) -> Iterator[Metric]:
    """How many at once without a gap over 60 ms, and what a minute of call costs."""
    best = 0
    for calls in (CALLS,) if quick else STEPS:
        before_s = doors.cpu_s()
        heard = _together(doors, calls)
        cpu_s = doors.cpu_s() - before_s
        if max(heard.gaps_ms) <= GAP_MS:
            best = calls
        if calls == CALLS:
            ten, cost = heard, cpu_s / heard.minutes
    yield Metric("calls_at_once", "no gap over 60 ms", best, "", "limit", CALLS)
    case = f"{CALLS} calls"
    yield Metric("longest_gap_ms", case, max(ten.gaps_ms), "ms", "limit", GAP_MS)
    yield Metric(
        "longest_gap_ms", f"{case}, beside a bare loop", max(ten.gaps_ms), "ms",
        "a bare loop of 20 ms in the callers' processes", ten.bare_ms,
    )  # fmt: skip
    yield Metric("cpu_s_per_call_minute", case, cost, "s")


@dataclass(frozen=True, slots=True)
class Heard:
    """Each caller's longest gap, how many minutes they talked in all, and the longest gap of a loop
    that does nothing but wait for the next 20 ms: what the machine itself adds."""

    gaps_ms: list[float]
    minutes: float
    bare_ms: float


def _together(doors: Doors, calls: int) -> Heard:
    shares = [len(range(at, calls, -(-calls // A_PROCESS))) for at in range(-(-calls // A_PROCESS))]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.voice.load", str(doors.audio_socket_port), str(n)],
            stdout=subprocess.PIPE, env={**os.environ, "CALLS_FROM": str(at * 100)},
        )
        for at, n in enumerate(shares)
    ]  # fmt: skip
    heard = [json.loads(one.communicate()[0]) for one in started]
    return Heard(
        gaps_ms=[gap for one in heard for gap in one["gaps_ms"]],
        minutes=sum(one["minutes"] for one in heard),
        bare_ms=max(one["bare_ms"] for one in heard),
    )


def main() -> None:
    """So many callers of one process: they listen, press, speak, and listen again."""
    import django

    django.setup()
    port, count = int(sys.argv[1]), int(sys.argv[2])
    print(json.dumps(asyncio.run(_callers(port, count))))


async def _callers(port: int, count: int) -> dict[str, object]:
    from apps.assistant.speech.kinds.espeak import Espeak
    from apps.base.threads import in_thread
    from benchmarks.voice.doors import announce
    from citizen.demo.peers.caller import Caller, Listen, Press, Say, Step, worst_gap_ms

    words = await Espeak("+m3").speak("please repeat that", "en")
    assert words is not None
    start = int(os.environ["CALLS_FROM"])
    callers = []
    for number in range(count):
        code = await in_thread(announce)(start + number, language=("en", "ko")[number % 2])
        callers.append(Caller("127.0.0.1", port, code))
    steps: list[Step] = [Listen(), Say(words), Press("1"), Say(words), Listen()]
    talks = [asyncio.create_task(caller.talk(steps)) for caller in callers]
    ticks: list[float] = []
    ticking = asyncio.create_task(_tick(ticks))
    _done, slow = await asyncio.wait(talks, timeout=SECONDS)
    ticking.cancel()
    for talk in slow:
        talk.cancel()
    await asyncio.gather(*talks, return_exceptions=True)
    minutes = sum(caller.ended_s - caller.connected_s for caller in callers) / 60
    gaps_ms = [worst_gap_ms(one.arrivals) for one in callers]
    return {"gaps_ms": gaps_ms, "minutes": minutes, "bare_ms": worst_gap_ms(ticks)}


async def _tick(ticks: list[float]) -> None:
    """A clock of 20 ms and nothing else."""
    next_s = time.monotonic()
    while True:
        ticks.append(time.monotonic())
        next_s += 0.02
        await asyncio.sleep(max(0.0, next_s - time.monotonic()))


if __name__ == "__main__":
    main()
