"""Work rows: what must happen is a row committed with its cause; a sweeper finds it.

A handler is `(payload) -> None`, registered by kind. It runs in a transaction together with the
row's own change, so the row is done exactly if the handler's writes are there. Handlers that reach
outside the database must be safe to repeat.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from apps.base import clock, request_ids
from apps.base.models import Work
from apps.base.registry import Registry

Handler = Callable[[Mapping[str, Any]], None]

handlers: Registry[Handler] = Registry("work handler")
hints: list[Callable[[], None]] = []
logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12


def enqueue(
    kind: str, payload: Mapping[str, Any], *, key: str | None = None, delay: timedelta | None = None
) -> bool:
    """Write a work row in the caller's transaction; with a `key`, at most one per kind and key.

    Returns whether a row was written. A hint wakes the sweeper after commit; it may be lost.
    """
    if kind not in handlers:
        raise KeyError(f"No work handler {kind!r}.")
    at = clock.now()
    row = Work(
        kind=kind,
        key=key,
        payload=dict(payload),
        due_at=at + (delay or timedelta()),
        request_id=request_ids.current(),
        created_at=at,
    )
    written = Work.objects.bulk_create([row], ignore_conflicts=key is not None)
    if not delay:
        transaction.on_commit(_hint, robust=True)
    return bool(written)


def _hint() -> None:
    for hint in hints:
        hint()


def backoff(attempts: int) -> timedelta:
    """Wait before the next attempt: 2, 4, 8 … seconds, at most an hour."""
    return timedelta(seconds=min(2**attempts, 3600))


def sweep(limit: int = 100) -> int:
    """Do what is due, oldest first, one transaction each. Returns how many rows were tried."""
    tried = 0
    while tried < limit and _do_next():
        tried += 1
    return tried


def _do_next() -> bool:
    """Claim one due row (others skip it while we hold its lock), run it, record what came of it."""
    with transaction.atomic():
        row = (
            Work.objects.due(clock.now())
            .select_for_update(skip_locked=True)
            .order_by("due_at")
            .first()
        )
        if row is None:
            return False
        request_ids.use(row.request_id)
        try:
            with transaction.atomic():
                handlers.load(row.kind)(row.payload)
        except Exception as error:
            logger.exception("work %s failed at attempt %d", row, row.attempts + 1)
            _put_back(row, error)
        else:
            _settle(row)
    return True


def _settle(row: Work) -> None:
    row.state, row.done_at = Work.State.DONE, clock.now()
    row.save(update_fields=["state", "done_at"])


def _put_back(row: Work, error: Exception) -> None:
    row.attempts += 1
    row.last_error = f"{type(error).__name__}: {error}"[:2000]
    row.due_at = clock.now() + backoff(row.attempts)
    if row.attempts >= MAX_ATTEMPTS:
        row.state = Work.State.FAILED
    row.save(update_fields=["attempts", "last_error", "due_at", "state"])


def retry(rows: Any) -> int:
    """Give failed rows another round, as staff may ask for."""
    updated: int = rows.failed().update(state=Work.State.WAITING, attempts=0, due_at=clock.now())
    return updated
