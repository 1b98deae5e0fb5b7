"""A reply through the whole path: the channel's door, the mask, Rasa, our action, PostgreSQL, back.

Thirty messages a second arrive whether the last was answered or not (an open loop), each from one
of many people; the clock of a message starts when it was due.
"""

import asyncio
import time

import aiohttp
import numpy as np

from benchmarks.assistant.doors import KAKAO, SAYINGS, kakao_body, kakao_headers
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

PER_SECOND, WARM_S, TAKEN_S, PEOPLE = 30, 5, 20, 120
LIMIT_MS = 400


def measure(stage: Stage) -> Metric:
    taken_ms = asyncio.run(_knock(stage.url))
    p95 = float(np.percentile(taken_ms, 95))
    case = f"{PER_SECOND} messages/s, {PEOPLE} people"
    return Metric("reply_p95_ms", case, p95, "ms", "limit", LIMIT_MS)


async def _knock(url: str) -> list[float]:
    async with aiohttp.ClientSession(headers=kakao_headers()) as session:
        began = time.monotonic()
        tasks = []
        for number in range((WARM_S + TAKEN_S) * PER_SECOND):
            due = began + number / PER_SECOND
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            tasks.append(asyncio.create_task(_ask(session, url, number, due)))
        taken = await asyncio.gather(*tasks)
    return [ms for number, ms in taken if number >= WARM_S * PER_SECOND]


async def _ask(
    session: aiohttp.ClientSession, url: str, number: int, due: float
) -> tuple[int, float]:
    body = kakao_body(f"u{number % PEOPLE}", SAYINGS[number % len(SAYINGS)])
    async with session.post(f"{url}{KAKAO}", data=body) as answer:
        answer.raise_for_status()
        await answer.read()
    return number, (time.monotonic() - due) * 1000
