"""Channel events, a tenth of them delivered again, all of them shuffled; the worker is killed on
the way. What is neither answered nor waiting is lost; what was answered twice is doubled."""

import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import psycopg

from benchmarks.assistant.doors import LINE, SECRET, line_body, line_event
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

PEOPLE, BATCH, AGAIN = 400, 20, 0.1
DONE_WITHIN_S = 1800


def measure(stage: Stage, *, count: int) -> Iterator[Metric]:
    stage.environment |= {
        "CITIZEN_LINE_SECRET": SECRET, "CITIZEN_ASSISTANT_ENGINE": "",
        "CITIZEN_RATE_ANONYMOUS": "1000000/min",
    }  # fmt: skip
    with stage.web("citizen.asgi:application"):
        worker = _worker(stage)
        try:
            half = _shuffled(count)
            middle = len(half) // 2
            _post(stage, half[:middle])
            worker.kill()
            worker.wait()
            _post(stage, half[middle:])
        finally:
            worker.kill()
            worker.wait()
    worker = _worker(stage)
    try:
        _wait(stage)
    finally:
        worker.kill()
        worker.wait()
    lost, doubled = _judged(stage, count)
    case = f"{count} events, {AGAIN:.0%} again, shuffled, worker killed"
    yield Metric("events_lost", case, lost, "events", "limit", 0)
    yield Metric("events_doubled", case, doubled, "events", "limit", 0)


def _shuffled(count: int) -> list[dict[str, Any]]:
    chance = random.Random(9)
    events = [line_event(n, f"U{n % PEOPLE}", f"message {n}") for n in range(count)]
    events += chance.sample(events, int(count * AGAIN))
    chance.shuffle(events)
    return events


def _post(stage: Stage, events: list[dict[str, Any]]) -> None:
    for i in range(0, len(events), BATCH):
        body, headers = line_body(events[i : i + BATCH])
        request = urllib.request.Request(f"{stage.url}{LINE}", body, headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            assert answer.status == 200


def _worker(stage: Stage) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "benchmarks.assistant.worker"]
    return subprocess.Popen(command, env=stage.environment)


def _wait(stage: Stage) -> None:
    gives_up_at = time.monotonic() + DONE_WITHIN_S
    while _one(stage, "SELECT count(*) FROM base_work WHERE state = 'waiting'"):
        if time.monotonic() > gives_up_at:
            raise RuntimeError("the worker does not come to an end")
        time.sleep(0.5)


def _judged(stage: Stage, count: int) -> tuple[int, int]:
    answered = _one(
        stage,
        "SELECT count(*) FROM assistant_inboundevent WHERE channel = 'line' AND state = 'answered'",
    )
    turns = _one(
        stage,
        "SELECT count(*) FROM assistant_turn t JOIN assistant_inboundevent e ON e.id = t.event_id "
        "WHERE t.side = 'citizen' AND e.channel = 'line'",
    )
    tellings = _one(stage, "SELECT count(*) FROM notify_telling WHERE key LIKE 'assistant:%'")
    return count - answered, max(turns, tellings) - count


def _one(stage: Stage, query: str) -> int:
    with psycopg.connect(stage.database_url) as link:
        row = link.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])
