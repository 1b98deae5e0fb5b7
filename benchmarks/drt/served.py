"""Quotes and confirmations through the front door, twenty a second, as they come: a request that
waits for another counts its waiting."""

import json
import os
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

import numpy as np

from benchmarks.devices.stage import Stage, opened_stage
from benchmarks.report import Metric

RATE_HZ = 20.0
QUOTES, CONFIRMS, BATCH = 600, 300, 50  # offers do not live long
WARM_UP = 8
DAY = timedelta(hours=10)
LIMIT_QUOTE_MS, LIMIT_CONFIRM_MS = 50.0, 100.0
SIDE, WEST, SOUTH, STEP = 10, 127.20, 37.40, 0.006
TOO_MANY = "100000/min"


def served_metrics(*, quick: bool) -> Iterator[Metric]:
    """Both figures are of one web process, with forty vans on the road."""
    os.environ |= {"CITIZEN_RATE_ANONYMOUS": TOO_MANY, "CITIZEN_RATE_USER": TOO_MANY}
    os.environ["CITIZEN_LOG_LEVEL"] = "WARNING"
    with (
        opened_stage("drt", fill="benchmarks.drt.fill") as stage,
        stage.web("citizen.asgi:application"),
    ):
        riders = _Riders(stage)
        for _turn in range(WARM_UP):
            riders.confirm(riders.offered())
        took_ms: list[float] = []
        for _batch in range(0, CONFIRMS, BATCH):
            offers = [riders.offered() for _turn in range(BATCH)]
            took_ms += open_loop(partial(riders.take_one, offers), BATCH)
        yield _metric("http_confirm_p95_ms", took_ms, LIMIT_CONFIRM_MS)
        yield _metric("http_quote_p95_ms", open_loop(riders.quote, QUOTES), LIMIT_QUOTE_MS)
        print(f"{riders.refused} of all requests were answered with an honest no", flush=True)


def _metric(name: str, took_ms: list[float], limit_ms: float) -> Metric:
    case = f"{len(took_ms)} at {RATE_HZ:g} a second, one web process"
    return Metric(name, case, float(np.percentile(took_ms, 95)), "ms", "limit", limit_ms)


def open_loop(ask: Callable[[], Any], count: int) -> list[float]:
    """Each request leaves at its time, whether or not the one before is answered."""
    took_ms: list[float] = []
    begins = time.perf_counter()

    def one(due: float) -> None:
        ask()
        took_ms.append((time.perf_counter() - due) * 1000)

    threads = []
    for number in range(count):
        due = begins + number / RATE_HZ
        time.sleep(max(0.0, due - time.perf_counter()))
        threads.append(threading.Thread(target=one, args=(due,)))
        threads[-1].start()
    for thread in threads:
        thread.join(60)
    if len(took_ms) != count:
        raise RuntimeError("not every request was answered")
    return took_ms


class _Riders:
    """Sixty signed-in riders who want to go somewhere in the next hours."""

    def __init__(self, stage: Stage) -> None:
        self._url = f"{stage.url}/api/v1/drt"
        self._sessions = stage.told.split(",")
        self._chance = random.Random(4)
        self._turn = 0
        self.refused = 0
        self._lock = threading.Lock()

    def quote(self) -> list[dict[str, Any]]:
        """The offers, or none where the fleet has no place left."""
        with self._lock:
            origin, destination = self._chance.sample(range(SIDE * SIDE), 2)
            after = datetime.now(UTC) + self._chance.random() * DAY
        body = {"origin": _place(origin), "destination": _place(destination)}
        answer = self._post("quotes", body | {"depart_after": after.isoformat()}, {})
        return answer["offers"] if answer else []

    def offered(self) -> list[dict[str, Any]]:
        while not (offers := self.quote()):
            pass
        return offers

    def take_one(self, waiting: list[list[dict[str, Any]]]) -> None:
        self.confirm(waiting.pop())

    def confirm(self, offers: list[dict[str, Any]]) -> None:
        with self._lock:
            self._turn += 1
            session = self._sessions[self._turn % len(self._sessions)]
        self._post("bookings", {"offer": offers[0]["offer"]}, {"X-Session-Token": session})

    def _post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        """The answer; None where it is an honest no, such as an offer taken meanwhile."""
        request = urllib.request.Request(  # noqa: S310
            f"{self._url}/{path}", json.dumps(body).encode(),
            {"Content-Type": "application/json", **headers},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code != HTTPStatus.CONFLICT:
                raise
            self.refused += 1
            return None


def _place(number: int) -> dict[str, float]:
    return {"lon": WEST + STEP * (number % SIDE) + 0.0007, "lat": SOUTH + STEP * (number // SIDE)}
