"""The sender's dealings with the outbox: lease chunks, note what became of them, put them back.

Read and written through the sender's own asynchronous connections. Leases run by the database's
clock, because the city's may stand still or race in a replay; what is due runs by the city's.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import dict_row

from apps.base import clock
from apps.base.hot import pool
from apps.notify.core import bitmaps
from apps.notify.core.outcomes import Outcome, Verdict
from apps.notify.models import content_in
from apps.notify.services.transports import Parcel

LEASE = timedelta(seconds=10)

_CLAIM = """
    WITH next AS (
        SELECT id FROM notify_chunk
        WHERE settled_at IS NULL AND due_at <= %(now)s AND lane <= %(max_lane)s
          AND (lease_until IS NULL OR lease_until < clock_timestamp())
          AND transport <> ALL(%(held)s) AND id <> ALL(%(ours)s)
        ORDER BY lane, due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    UPDATE notify_chunk chunk
    SET lease = %(lease)s, lease_until = clock_timestamp() + %(lasts)s
    FROM next, notify_telling telling
    WHERE chunk.id = next.id AND telling.id = chunk.telling_id
    RETURNING chunk.id, chunk.transport, chunk.language, chunk.recipients, chunk.settled,
              chunk.accepted, chunk.failed, chunk.attempts, chunk.lane, telling.id AS telling_id,
              telling.code, telling.tag, telling.version, telling.category, telling.contents,
              telling.data, telling.link, telling.critical, telling.expires_at
"""
_NOTE = """
    UPDATE notify_chunk chunk
    SET settled = noted.settled, accepted = noted.accepted, failed = noted.failed,
        lease_until = clock_timestamp() + %(lasts)s
    FROM unnest(%(ids)s::bigint[], %(settled)s::bytea[], %(accepted)s::int[], %(failed)s::int[])
         AS noted(id, settled, accepted, failed)
    WHERE chunk.id = noted.id AND chunk.lease = %(lease)s AND chunk.settled_at IS NULL
    RETURNING chunk.id
"""
_FAILURES = """
    INSERT INTO notify_failure (telling_id, transport, recipient, reason, at)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::timestamptz[])
"""
_END = """
    UPDATE notify_registration SET ended_at = %s, ended_because = 'dead address'
    WHERE id = ANY(%s) AND ended_at IS NULL
"""
_PUT_BACK = """
    UPDATE notify_chunk SET lease = NULL, lease_until = NULL, due_at = %(due_at)s,
           attempts = attempts + CASE WHEN %(over)s THEN 0 ELSE 1 END,
           settled_at = CASE WHEN %(over)s THEN %(now)s ELSE NULL END
    WHERE id = %(id)s AND lease = %(lease)s AND settled_at IS NULL
"""
_STOP = """
    WITH stopped AS (
        UPDATE notify_telling SET stopped_at = %(now)s
        WHERE id = %(telling)s AND stopped_at IS NULL
    )
    UPDATE notify_chunk SET settled_at = %(now)s WHERE telling_id = %(telling)s
       AND settled_at IS NULL AND transport = %(transport)s
"""


@dataclass(eq=False)
class Held:
    """One leased chunk, and what has become of its recipients so far."""

    id: int
    transport: str
    recipients: Sequence[int]
    bits: bytearray
    accepted: int
    failed: int
    parcel: Parcel
    after: timedelta = timedelta()
    dirty: bool = False
    failures: list[tuple[int, str]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return bitmaps.count(self.bits) == len(self.recipients)

    def note(self, offset: int, outcome: Outcome) -> None:
        """Settle one offset, unless it is to be tried again."""
        if outcome.verdict in (Verdict.LATER, Verdict.STOP):
            self.after = max(self.after, outcome.after)
            return
        if not bitmaps.mark(self.bits, offset):
            return
        self.dirty = True
        if outcome.verdict is Verdict.ACCEPTED:
            self.accepted += 1
            return
        self._fail(offset, outcome.reason)
        if outcome.verdict is Verdict.GONE:
            self.gone.append(self.recipients[offset])

    def give_up(self, reason: str) -> None:
        """Settle whoever is open as failed."""
        for offset in bitmaps.open_offsets(self.bits, len(self.recipients)):
            bitmaps.mark(self.bits, offset)
            self._fail(offset, reason)
            self.dirty = True

    def _fail(self, offset: int, reason: str) -> None:
        self.failed += 1
        self.failures.append((self.recipients[offset], reason))


async def claim(
    lease: uuid.UUID, *, limit: int, max_lane: int, held: Collection[str], ours: Collection[int]
) -> list[Held]:
    """Lease the next chunks that are due, the most urgent lane first; others skip them."""
    asked = {
        "now": clock.now(), "max_lane": max_lane, "held": list(held), "ours": list(ours),
        "limit": limit, "lease": lease, "lasts": LEASE,
    }  # fmt: skip
    async with (await pool()).connection() as link, link.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_CLAIM, asked)
        rows = [_held(row) for row in await cursor.fetchall()]
    return sorted(rows, key=lambda held: (held.parcel.lane, held.id))


def _held(row: dict[str, Any]) -> Held:
    recipients = row["recipients"]
    bits = bytearray(row["settled"]) or bitmaps.empty(len(recipients))
    opened = bitmaps.open_offsets(bits, len(recipients))
    parcel = Parcel(
        chunk=row["id"], telling=row["telling_id"], code=str(row["code"]), tag=row["tag"],
        version=row["version"], category=row["category"], language=row["language"],
        content=content_in(row["contents"], row["language"]), data=row["data"], link=row["link"],
        critical=row["critical"], lane=row["lane"], attempt=row["attempts"],
        expires_at=row["expires_at"],
        recipients=[(offset, recipients[offset]) for offset in opened],
    )  # fmt: skip
    return Held(
        row["id"], row["transport"], recipients, bits, row["accepted"], row["failed"], parcel
    )


async def note(lease: uuid.UUID, chunks: Sequence[Held]) -> set[int]:
    """Write the ledger and prolong the leases. Returns the chunks that are still ours."""
    now = clock.now()
    failures = [(held, *failure) for held in chunks for failure in held.failures]
    gone = [pk for held in chunks for pk in held.gone]
    for held in chunks:
        held.dirty, held.failures, held.gone = False, [], []
    async with (await pool()).connection() as link, link.transaction():
        cursor = await link.execute(_NOTE, _noted(lease, chunks))
        kept = {row[0] for row in await cursor.fetchall()}
        if failures:
            await link.execute(_FAILURES, _columns(failures, now))
        if gone:
            await link.execute(_END, [now, gone])
    return kept


def _noted(lease: uuid.UUID, chunks: Sequence[Held]) -> dict[str, Any]:
    return {
        "lease": lease,
        "lasts": LEASE,
        "ids": [held.id for held in chunks],
        "settled": [bytes(held.bits) for held in chunks],
        "accepted": [held.accepted for held in chunks],
        "failed": [held.failed for held in chunks],
    }


def _columns(failures: Sequence[tuple[Held, int, str]], now: datetime) -> list[list[Any]]:
    return [
        [held.parcel.telling for held, _pk, _reason in failures],
        [held.transport for held, _pk, _reason in failures],
        [pk for _held, pk, _reason in failures],
        [reason[:40] for _held, _pk, reason in failures],
        [now] * len(failures),
    ]


async def put_back(lease: uuid.UUID, held: Held, *, wait: timedelta) -> None:
    """Give the lease up: settled if nobody is open, else due again after `wait`."""
    now = clock.now()
    async with (await pool()).connection() as link:
        await link.execute(
            _PUT_BACK,
            {
                "id": held.id, "lease": lease, "now": now, "due_at": now + wait,
                "over": held.is_whole,
            },
        )  # fmt: skip


async def stop(held: Held) -> None:
    """The provider refuses the message itself: none of it goes on by this transport."""
    async with (await pool()).connection() as link:
        await link.execute(
            _STOP,
            {"telling": held.parcel.telling, "transport": held.transport, "now": clock.now()},
        )
