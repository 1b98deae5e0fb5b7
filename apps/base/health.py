"""Health: every part says for itself whether it works; one page collects what they say."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.base import clock
from apps.base.models import Work
from apps.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found. `vital` parts that fail make the whole answer 503."""

    ok: bool
    detail: str = ""
    vital: bool = True


Probe = Callable[[], Finding]
probes: Registry[Probe] = Registry("health probe")

_BEAT = "health.beat"


def examine() -> dict[str, Any]:
    """Ask every probe. Returns {"ok", "parts": {name: {"ok", "detail", "ms"}}}."""
    parts = {name: _ask(probe) for name, probe in probes.items()}
    return {"ok": all(p["ok"] or not p["vital"] for p in parts.values()), "parts": parts}


def _ask(probe: Probe) -> dict[str, Any]:
    started = time.perf_counter()
    try:
        finding = probe()
    except Exception as error:  # whatever its library raises: the part is away
        finding = Finding(ok=False, detail=f"{type(error).__name__}: {error}")
    return {
        "ok": finding.ok,
        "vital": finding.vital,
        "detail": finding.detail,
        "ms": round((time.perf_counter() - started) * 1000, 1),
    }


def database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT postgis_lib_version()")
        version = cursor.fetchone()[0]
    return Finding(ok=True, detail=f"PostGIS {version}")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding(ok=not waiting, detail=f"{len(waiting)} waiting" if waiting else "")


def redis_server() -> Finding:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
        client.ping()
    return Finding(ok=True)


def beat() -> Finding:
    """Celery's clock and a worker are alive if the beat task has run of late."""
    seen = cache.get(_BEAT)
    if seen is None:
        return Finding(ok=False, detail="no beat seen", vital=False)
    age_s = time.time() - seen
    return Finding(ok=age_s < 30, detail=f"{age_s:.0f} s ago", vital=False)


def note_beat() -> None:
    cache.set(_BEAT, time.time(), timeout=3600)


def work() -> Finding:
    """Work rows that failed for good, or have been due for more than five minutes."""
    failed = Work.objects.failed().count()
    late = Work.objects.due(clock.now() - timedelta(minutes=5)).count()
    return Finding(ok=not failed and not late, detail=f"{failed} failed, {late} late", vital=False)


def broker() -> Finding:
    with current_app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return Finding(ok=True, vital=False)
