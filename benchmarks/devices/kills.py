"""How many acknowledged observations are lost over kills -9 of the web process."""

import random
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg

from benchmarks.devices.ingest import SERVED
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric
from devices.simulators.sender import Sender

KILLS = 50
ROWS = 40


def measure(stage: Stage) -> Metric:
    """Send without pause while the web process is killed again and again; then count."""
    sender = Sender(stage.url, stage.told, tries=400, wait=_soon)
    acknowledged: list[tuple[str, datetime]] = []
    over = threading.Event()
    sending = threading.Thread(target=_send, args=(sender, acknowledged, over))
    process = stage.start_web(SERVED)
    sending.start()
    chance = random.Random(50)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.05, 0.4))
        process.kill()
        process.wait()
        process = stage.start_web(SERVED)
    over.set()
    sending.join()
    process.kill()
    process.wait()
    lost = _lost(stage, acknowledged)
    return Metric(
        "lost_after_kill", f"{KILLS} kill -9, {len(acknowledged)} acknowledged", lost,
        "observations", "limit", 0.0,
    )  # fmt: skip


def _soon(_wait_s: float) -> None:
    time.sleep(0.05)


def _send(sender: Sender, acknowledged: list[tuple[str, datetime]], over: threading.Event) -> None:
    n = 0
    start = datetime.now(UTC) - timedelta(days=5)
    while not over.is_set():
        rows = [(f"s{(n + i) % 100}", start + timedelta(seconds=n + i)) for i in range(ROWS)]
        n += ROWS
        receipt = sender.send(
            [
                {"datastream": code, "phenomenonTime": at.isoformat(), "result": 1.0}
                for code, at in rows
            ]
        )
        assert receipt["stored"] + receipt["duplicate"] == ROWS
        acknowledged.extend(rows)


def _lost(stage: Stage, acknowledged: list[tuple[str, datetime]]) -> int:
    with psycopg.connect(stage.database_url) as link:
        held = set(
            link.execute(
                "SELECT code, phenomenon_at FROM devices_observation"
                " JOIN devices_datastream ON id = datastream_id"
            ).fetchall()
        )
    return sum(row not in held for row in acknowledged)
