"""How many observations a second come in over MQTT, twenty to a message, until the last is
committed; beside a bare COPY of the same rows."""

import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import LiteralString
from urllib.parse import urlsplit

import psycopg

from benchmarks.devices.batches import bodies
from benchmarks.devices.fill import STREAMS
from benchmarks.devices.ingest import copy_again
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric
from devices.protocols.topics import observations_topic
from scripts.mosquitto import Mosquitto

MESSAGES, ROWS, ROUNDS = 4_000, 20, 3
QUIET_S = 0.5


def measure(stage: Stage) -> Metric:
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder, _listening(stage, Path(folder)) as broker:
        for turn in range(ROUNDS + 1):
            before = datetime.now(UTC) - timedelta(days=1, minutes=10 * turn)
            ours.append(_publish(stage, broker, before))
            theirs.append(copy_again(stage, before - timedelta(minutes=5)))
    return Metric(
        "ingest_mqtt_obs_per_s", f"{ROWS} per message, QoS 1, dedupe, last value, one receiver",
        median(ours[1:]), "observations/s", "binary COPY of the same rows", median(theirs[1:]),
    )  # fmt: skip


@contextmanager
def _listening(stage: Stage, folder: Path) -> Iterator[str]:
    server = Mosquitto(folder)
    url = server.variables()["CITIZEN_MQTT_URL"]
    server.start()
    environment = {**stage.environment, "CITIZEN_MQTT_URL": url}
    command = [sys.executable, "-m", "benchmarks.devices.listening"]
    subprocess.run([*command, "tell"], env=environment, check=True)
    process = subprocess.Popen(command, env=environment)
    time.sleep(5)  # until it has subscribed, so that nothing is dropped
    try:
        yield url
    finally:
        process.kill()
        process.wait()
        server.stop()


def _publish(stage: Stage, broker: str, before: datetime) -> float:
    parts = urlsplit(broker)
    key = stage.told
    url = f"mqtt://bench.{key[:9]}:{key}@{parts.hostname}:{parts.port}"
    made = bodies(MESSAGES, streams=STREAMS, rows=ROWS, before=before)
    given = b"".join(struct.pack("<I", len(body)) + body for body in made)
    command = [sys.executable, "-m", "benchmarks.devices.publish", url, observations_topic("bench")]
    with psycopg.connect(stage.database_url, autocommit=True) as link:
        goal = _count(link) + MESSAGES * ROWS
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=stage.environment) as process:
            assert process.stdin
            process.stdin.write(given)
            process.stdin.close()
            return MESSAGES * ROWS / _took_s(link, goal)


def _took_s(link: "psycopg.Connection[tuple[int]]", goal: int) -> float:
    """Seconds from the first commit to the last. The table itself, which costs a scan, is only
    counted once nothing comes any more."""
    noted, started, changed = _noted(link), 0.0, time.perf_counter()
    while True:
        time.sleep(0.02)
        now, seen = time.perf_counter(), _noted(link)
        if seen != noted:
            noted, started, changed = seen, started or now, now
        elif started and now - changed > QUIET_S and _count(link) >= goal:
            return changed - started


def _noted(link: "psycopg.Connection[tuple[int]]") -> int:
    """Every transaction notes the hours it has touched; here nobody sums them up."""
    return _one(link, "SELECT count(*) FROM devices_hourtosum")


def _count(link: "psycopg.Connection[tuple[int]]") -> int:
    return _one(link, "SELECT count(*) FROM devices_observation")


def _one(link: "psycopg.Connection[tuple[int]]", query: LiteralString) -> int:
    row = link.execute(query).fetchone()
    assert row
    return row[0]
