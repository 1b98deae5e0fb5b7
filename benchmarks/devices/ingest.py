"""How many observations a second go through the door, beside a bare COPY."""

import struct
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from statistics import median

import psycopg

from benchmarks.devices.batches import ROWS, bodies, copies
from benchmarks.devices.fill import STREAMS
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric

BATCHES = 120
ROUNDS = 3
CONNECTIONS = 3
SERVED = "benchmarks.devices.served:application"


def measure(stage: Stage) -> Metric:
    """Rounds of ours and theirs by turns, each on rows of its own; medians."""
    ours, theirs = [], []
    with stage.web(SERVED):
        for turn in range(ROUNDS + 1):
            before = datetime.now(UTC) - timedelta(minutes=10 * (turn + 1))
            ours.append(_post(stage, before))
            theirs.append(copy_again(stage, before - timedelta(minutes=5)))
    # The first round warms up.
    return Metric(
        "ingest_http_obs_per_s", f"batches of {ROWS}, dedupe, last value, one receiver",
        median(ours[1:]), "observations/s", "binary COPY of the same rows", median(theirs[1:]),
    )  # fmt: skip


def _post(stage: Stage, before: datetime) -> float:
    made = list(bodies(BATCHES, streams=STREAMS, before=before))
    command = [sys.executable, "-m", "benchmarks.devices.load", "127.0.0.1", str(stage.port),
               stage.told, str(CONNECTIONS)]  # fmt: skip
    done = subprocess.run(
        command,
        input=b"".join(struct.pack("<I", len(body)) + body for body in made),
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, stored = done.stdout.split()
    assert int(stored) == BATCHES * ROWS, "every row was new"
    return BATCHES * ROWS / float(seconds)


def copy_again(stage: Stage, before: datetime) -> float:
    """Rows a second by COPY into the same table."""
    with psycopg.connect(stage.database_url) as link:
        streams = [
            row[0]
            for row in link.execute(
                "SELECT id FROM devices_datastream WHERE code LIKE 's%' ORDER BY id"
            )
        ]
        made = list(copies(BATCHES, streams=streams, before=before))
        started = time.perf_counter()
        for frames in made:
            with link.cursor().copy(
                "COPY devices_observation (datastream_id, phenomenon_at, result, received_at)"
                " FROM STDIN (FORMAT binary)"
            ) as copy:
                copy.write(frames)
            link.commit()
        return BATCHES * ROWS / (time.perf_counter() - started)
