"""What becomes of quarantined rows: judged again after the cause was mended, or let go."""

from collections.abc import Iterable

from django.db import transaction

from apps.base import audit, clock
from devices.ingest.accept import accept
from devices.ingest.speaker import known_as
from devices.models import Quarantine
from devices.models.quarantine import QuarantineQuerySet
from devices.protocols.batch import MAX_ROWS, read_rows


def replay(rows: QuarantineQuerySet, *, actor: str) -> int:
    """Send waiting rows through the door again. Returns how many were taken this time; those that
    still cannot be believed keep waiting.

    Raises:
        UnknownGateway: a gateway was stopped; start it first.
    """
    by_gateway: dict[str, list[Quarantine]] = {}
    for row in rows.waiting().select_related("gateway").order_by("pk"):
        by_gateway.setdefault(row.gateway.code, []).append(row)
    taken = sum(
        _replay_part(code, waiting[start : start + MAX_ROWS])
        for code, waiting in by_gateway.items()
        for start in range(0, len(waiting), MAX_ROWS)
    )
    audit.record(
        actor=actor, action="quarantine.replayed", subject="quarantine", detail={"taken": taken}
    )
    return taken


@transaction.atomic
def _replay_part(gateway: str, rows: list[Quarantine]) -> int:
    receipt = accept(read_rows([row.raw for row in rows]), known_as(gateway))
    refused = {one.i for one in receipt.quarantined}
    taken = [row.pk for i, row in enumerate(rows) if i not in refused]
    return _decide(taken, Quarantine.State.REPLAYED)


@transaction.atomic
def discard(rows: QuarantineQuerySet, *, actor: str) -> int:
    """Let waiting rows go for good. Returns how many."""
    gone = _decide(rows.values_list("pk", flat=True), Quarantine.State.DISCARDED)
    audit.record(
        actor=actor, action="quarantine.discarded", subject="quarantine", detail={"rows": gone}
    )
    return gone


def _decide(pks: Iterable[int], state: str) -> int:
    waiting = Quarantine.objects.waiting().filter(pk__in=list(pks))
    return waiting.update(state=state, decided_at=clock.now())
