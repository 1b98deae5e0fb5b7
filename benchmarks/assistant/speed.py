"""A reply through the whole path: the channel's door, the mask, Rasa, our action, PostgreSQL, back.

Messages arrive whether the last was answered or not (an open loop), each from one of many people;
the clock of a message starts when it was due. Thirty a second are the goal, fewer stand beside.
"""

import asyncio
import time
from collections.abc import Iterator

import aiohttp
import numpy as np

from benchmarks.assistant.doors import KAKAO, SAYINGS, kakao_body, kakao_headers
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

RATES, WARM_S, TAKEN_S, PEOPLE = (10, 20, 30), 5, 20, 120
LIMIT_MS = 400


def measure(stage: Stage) -> Iterator[Metric]:
    for per_second in RATES:
        taken_ms = asyncio.run(_knock(stage.url, per_second))
        p95 = float(np.percentile(taken_ms, 95))
        case = f"{per_second} messages/s, {PEOPLE} people"
        yield Metric("reply_p95_ms", case, p95, "ms", "limit", LIMIT_MS)


async def _knock(url: str, per_second: int) -> list[float]:
    async with aiohttp.ClientSession(headers=kakao_headers()) as session:
        began = time.monotonic()
        tasks = []
        for number in range((WARM_S + TAKEN_S) * per_second):
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(_ask(session, url, number, due)))
        taken = await asyncio.gather(*tasks)
    return [ms for number, ms in taken if number >= WARM_S * per_second]


async def _ask(
    session: aiohttp.ClientSession, url: str, number: int, due: float
) -> tuple[int, float]:
    body = kakao_body(f"u{number % PEOPLE}", SAYINGS[number % len(SAYINGS)])
    async with session.post(f"{url}{KAKAO}", data=body) as answer:
        answer.raise_for_status()
        await answer.read()
    return number, (time.monotonic() - due) * 1000
