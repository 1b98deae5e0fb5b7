"""How soon a datastream that falls silent is noticed, in its own intervals.

Datastreams speak once in an interval, some stop at any moment; health is judged as often as the
table of what runs when says. No clock is hurried.
"""

import random
import subprocess
import sys
import time
from datetime import UTC, datetime

import psycopg

from benchmarks.devices.ingest import SERVED
from benchmarks.devices.stage import Stage
from benchmarks.report import Metric
from devices.simulators.sender import Sender

INTERVAL_S = 60
SPEAKING, FALLING_SILENT = 1_000, 200

_NOTICED = """
SELECT extract(epoch FROM min(alarm.opened_at) - last.received_at)
FROM devices_alarm AS alarm JOIN devices_datastream AS stream ON stream.id = alarm.datastream_id
JOIN devices_lastobservation AS last ON last.datastream_id = stream.id
WHERE alarm.kind = 'silent' AND stream.code = ANY(%s) GROUP BY stream.id, last.received_at
"""


def measure(stage: Stage) -> Metric:
    silent = [f"s{n}" for n in range(FALLING_SILENT)]
    _forget(stage)
    judging = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.devices.judging"], env=stage.environment
    )
    try:
        with stage.web(SERVED):
            _speak(Sender(stage.url, stage.told))
        with psycopg.connect(stage.database_url) as link:
            noticed = [float(row[0]) for row in link.execute(_NOTICED, [silent])]
    finally:
        judging.kill()
        judging.wait()
    assert len(noticed) == FALLING_SILENT, f"{len(noticed)} were noticed"
    return Metric(
        "silent_noticed_x_interval",
        f"slowest of {FALLING_SILENT} among {SPEAKING}, interval {INTERVAL_S} s",
        max(noticed) / INTERVAL_S, "intervals", "limit", 1.6,
    )  # fmt: skip


def _forget(stage: Stage) -> None:
    """What earlier figures left behind is nobody's silence."""
    with psycopg.connect(stage.database_url) as link:
        link.execute("DELETE FROM devices_alarm")
        link.execute("DELETE FROM devices_lastobservation")


def _speak(sender: Sender) -> None:
    """All speak for an interval; then those that fall silent do not; until all must be noticed."""
    chance = random.Random(3)
    at_s = [chance.uniform(0, INTERVAL_S) for _ in range(SPEAKING)]
    started = time.monotonic()
    done_s = -1.0
    while done_s < INTERVAL_S * 2.7:
        now_s = time.monotonic() - started
        rows = [
            {"datastream": f"s{n}", "phenomenonTime": datetime.now(UTC).isoformat(), "result": 1.0}
            for n in range(SPEAKING)
            if _due(at_s[n], done_s, now_s) and (n >= FALLING_SILENT or now_s < INTERVAL_S)
        ]
        if rows:
            sender.send(rows)
        done_s = now_s
        time.sleep(0.2)


def _due(at_s: float, after_s: float, until_s: float) -> bool:
    """Whether a moment of some interval lies in the time just gone."""
    return (until_s - at_s) // INTERVAL_S > (after_s - at_s) // INTERVAL_S
