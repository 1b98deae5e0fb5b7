"""Tellings to the first phones, and the sender process that carries them."""

import os
import subprocess
import sys
import time

import psycopg

from benchmarks.devices.stage import Stage
from benchmarks.notify.peer import Peer

_TELL = """
    INSERT INTO notify_telling (code, key, cause, lane, category, tag, version, contents, data,
        link, critical, escalates, rings, planned, expires_at, request_id, created_at)
    VALUES (gen_random_uuid(), %(key)s, 'bench', 0, 'alert', 'alert-bench', 1,
        '{"ko": {"title": "홍수: 강변동", "body": "지금 높은 곳으로 피하세요."}}',
        '{"alert": "b", "polygon": "37.42,127.25 37.43,127.25 37.43,127.26 37.42,127.25"}', '',
        true, false, false, 0, now() + interval '1 day', '-', now())
    RETURNING id
"""
_CHUNKS = """
    INSERT INTO notify_chunk (telling_id, transport, language, number, lane, recipients, settled,
        accepted, failed, attempts, due_at)
    SELECT %(telling)s, 'fcm', 'ko', g, 0,
           ARRAY(SELECT generate_series((g - 1) * 500 + 1, least(g * 500, %(count)s))),
           ''::bytea, 0, 0, 0, now()
    FROM generate_series(1, (%(count)s + 499) / 500) g
"""


def tell_phones(stage: Stage, count: int, *, key: str) -> None:
    with psycopg.connect(stage.database_url) as link:
        row = link.execute(_TELL, {"key": key}).fetchone()
        assert row
        link.execute(_CHUNKS, {"telling": row[0], "count": count})
        link.execute("SELECT pg_notify('notify_outbox', '')")


def forget_tellings(stage: Stage) -> None:
    with psycopg.connect(stage.database_url) as link:
        link.execute("TRUNCATE notify_telling, notify_budget CASCADE")


def start_sender(stage: Stage, peer: Peer, **settings: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **stage.environment, **peer.environment, **settings}
    command = [sys.executable, "manage.py", "sender"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def wait_until(done: int, stage: Stage, *, gives_up_s: float = 90) -> float:
    """Seconds until so many are accepted. Raises TimeoutError."""
    started = time.monotonic()
    with psycopg.connect(stage.database_url, autocommit=True) as link:
        while (count := _accepted(link)) < done:
            if time.monotonic() - started > gives_up_s:
                raise TimeoutError(f"{count} of {done} after {gives_up_s} s")
            time.sleep(0.02)
    return time.monotonic() - started


def _accepted(link: "psycopg.Connection[tuple[int]]") -> int:
    row = link.execute("SELECT coalesce(sum(accepted), 0)::int FROM notify_chunk").fetchone()
    assert row
    return row[0]
