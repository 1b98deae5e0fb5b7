"""One chain of staff actions. Each entry's hash covers the one before: a gap or an edit shows.

hash = SHA-256(previous hash ‖ canonical JSON of number, at, actor, action, subject, detail).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connection, transaction

from apps.base import clock, request_ids
from apps.base.models import AuditEntry

GENESIS = "0" * 64
_LOCK = 0x43495459  # one writer at a time: a chain has one end


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the entry's number and what is wrong with it."""

    number: int
    reason: str


def _hash_of(entry: AuditEntry) -> str:
    content = [
        entry.number, entry.at.isoformat(), entry.actor, entry.action, entry.subject, entry.detail,
    ]  # fmt: skip
    encoded = msgspec.json.encode(content, order="sorted", enc_hook=str)
    return hashlib.sha256(entry.previous_hash.encode() + encoded).hexdigest()


@transaction.atomic
def record(
    *, actor: str, action: str, subject: str, detail: Mapping[str, Any] | None = None
) -> AuditEntry:
    """Append one entry in the caller's transaction: what did not commit was not done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = AuditEntry.objects.order_by("-number").first()
    entry = AuditEntry(
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=actor,
        action=action,
        subject=subject,
        detail=msgspec.to_builtins(dict(detail or {}), enc_hook=str),
        request_id=request_ids.current(),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = _hash_of(entry)
    entry.save(force_insert=True)
    return entry


def find_break() -> Break | None:
    """Walk the chain from its start; None if it holds."""
    expected_number, previous = 1, GENESIS
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected_number:
            return Break(expected_number, "missing")
        if entry.previous_hash != previous or entry.hash != _hash_of(entry):
            return Break(entry.number, "edited")
        expected_number, previous = entry.number + 1, entry.hash
    return None
