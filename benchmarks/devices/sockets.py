"""How long from a sensor's reading to a driver's screen, while the door is half as busy as it can
be and 200 car parks change each second."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import numpy as np
from websockets.sync.client import ClientConnection, connect

from benchmarks.devices.batches import ROWS, bodies
from benchmarks.devices.fill import CAR_PARKS, STREAMS
from benchmarks.devices.ingest import SERVED
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric
from devices.simulators.sender import Sender

SECONDS = 20.0
CHANGES_PER_S = 200
CHANGES_AT_ONCE = 10
TOPIC = "parking.sites:all"

Item = TypeVar("Item")


def measure(stage: Stage, *, rows_per_s: float) -> Metric:
    """`rows_per_s` is what the door could take: half of it is the load beside the changes."""
    over = threading.Event()
    with stage.web(SERVED), connect(f"ws{stage.url[4:]}/ws/live/", max_size=None) as socket:
        socket.send(json.dumps({"subscribe": TOPIC}))
        socket.recv()  # the snapshot
        with _busy(stage, rows_per_s / 2, over), _changing(stage, over):
            delays = _listen(socket, SECONDS)
    return Metric(
        "sensor_to_socket_p95_s",
        f"{CHANGES_PER_S} changes/s beside {rows_per_s / 2:.0f} observations/s, {len(delays)} seen",
        float(np.percentile(delays, 95)), "s", "limit", 1.0,
    )  # fmt: skip


@contextmanager
def _busy(stage: Stage, rows_per_s: float, over: threading.Event) -> Iterator[None]:
    made = list(
        bodies(
            int(rows_per_s * SECONDS / ROWS) + 1,
            streams=STREAMS,
            before=datetime.now(UTC) - timedelta(days=2),
        )
    )
    sender = Sender(stage.url, stage.told)
    with _running(lambda: _pace(made, sender.send_body, ROWS / rows_per_s, over), over):
        yield


@contextmanager
def _changing(stage: Stage, over: threading.Event) -> Iterator[None]:
    """Counts of free spaces, each another than before, each with the instant of its sending."""
    sender = Sender(stage.url, stage.told)
    turns = range(int(SECONDS * CHANGES_PER_S / CHANGES_AT_ONCE))

    def send(turn: int) -> None:
        at = datetime.now(UTC).isoformat()
        first = turn * CHANGES_AT_ONCE
        sender.send(
            [
                {"datastream": f"free{n % CAR_PARKS}", "phenomenonTime": at,
                 "result": n // CAR_PARKS % 90}
                for n in range(first, first + CHANGES_AT_ONCE)
            ]
        )  # fmt: skip

    with _running(lambda: _pace(turns, send, CHANGES_AT_ONCE / CHANGES_PER_S, over), over):
        yield


@contextmanager
def _running(do: Callable[[], None], over: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=do)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _pace(
    items: Iterable[Item], do: Callable[[Item], object], every_s: float, over: threading.Event
) -> None:
    started = time.perf_counter()
    for n, item in enumerate(items):
        if over.wait(max(0.0, started + n * every_s - time.perf_counter())):
            return
        do(item)


def _listen(socket: ClientConnection, seconds: float) -> list[float]:
    """Seconds from each change's instant to its arrival here."""
    delays: list[float] = []
    ends_at = time.monotonic() + seconds
    while (left := ends_at - time.monotonic()) > 0:
        try:
            message = json.loads(socket.recv(timeout=left))
        except TimeoutError:
            break
        now = datetime.now(UTC)
        delays.extend(
            (now - datetime.fromisoformat(row["observed_at"])).total_seconds()
            for row in message.get("rows", ())
            if row.get("observed_at")
        )
    return delays
