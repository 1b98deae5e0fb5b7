"""Is a space ever promised twice, is money ever taken twice, and how long does booking take?

Processes that book, pay, extend, come, leave and cancel over few spaces are killed at random, by
SIGKILL, while a clock at sixty times its speed lets holds run out and cars overstay. Part of the
payments are declined, lost on the way or answered too late, part of the commands are sent twice.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.parking.booking_stage import Stage
from benchmarks.report import Metric

COMMANDS = 200_000
QUICK_COMMANDS = 20_000
SPEED = 60
LIMIT_MS = 80.0
BOOKINGS = 300

# What is promised now, and cars that stood within their booked time in the space they booked first.
_OVERLAPS = """
SELECT count(*) FROM (
    SELECT lower(during) < max(upper(during)) OVER (
        PARTITION BY space_id ORDER BY lower(during), id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS meets
    FROM parking_reservation WHERE state IN ('held', 'confirmed', 'active')
    UNION ALL
    SELECT started_at < max(least(coalesce(ended_at, 'infinity'), upper(during))) OVER (
        PARTITION BY space_id ORDER BY started_at, id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    FROM parking_reservation WHERE started_at IS NOT NULL AND moves = 0
) AS found WHERE meets
"""
_WRONG_CHARGES = """
SELECT (SELECT count(*) FROM parking_loopbackpayment AS bank
        LEFT JOIN parking_payment AS ours ON ours.code::text = bank.key
        WHERE bank.captured <> coalesce(ours.captured, 0))
     + (SELECT count(*) FROM (
            SELECT 1 FROM parking_payment WHERE purpose = 'booking' AND captured > 0
            GROUP BY reservation_id HAVING count(*) > 1) AS twice)
     + (SELECT (abs(coalesce((SELECT sum(captured) FROM parking_loopbackpayment), 0)
              - coalesce((SELECT sum(entry.amount) FROM parking_entry AS entry
                          JOIN parking_account AS account ON account.id = entry.account_id
                          WHERE account.kind = 'clearing'), 0)) > 0)::integer)
"""


def hold_and_confirm(stage: Stage) -> Metric:
    """A hold and its confirmation with payment, one after the other, through the services."""
    said = _run(stage, "latency", str(BOOKINGS))
    taken = sorted(said["latencies_ms"])
    return Metric(
        "hold_confirm_p95_ms", f"{len(taken)} bookings, one client", taken[int(0.95 * len(taken))],
        "ms", "limit", LIMIT_MS,
    )  # fmt: skip


def overlaps(stage: Stage, commands: int) -> Iterator[Metric]:
    said = _run(stage, "crashes", str(commands), clock=True)
    case = f"{said['commands']} commands, {said['kills']} kill -9, {said['booked']} bookings"
    found = stage.number(_OVERLAPS)
    yield Metric("reservation_overlaps", case, found, "pairs", "limit", 0.0)
    wrong = stage.number(_WRONG_CHARGES)
    yield Metric("reservation_wrong_charges", case, wrong, "payments", "limit", 0.0)


def _run(stage: Stage, *order: str, clock: bool = False) -> dict[str, Any]:
    environment = dict(stage.environment)
    if clock:
        real = datetime.now(UTC)
        city = datetime(real.year, real.month, real.day, tzinfo=UTC) + timedelta(days=1)
        environment["CITIZEN_CLOCK"] = f"{city.isoformat()}/{real.isoformat()}/{SPEED}"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.parking.bookers", *order],
        env={**os.environ, **environment}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
