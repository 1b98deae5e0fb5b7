"""Staff stop what is still going out."""

from django.db import transaction

from apps.base import audit, clock
from apps.notify.models import Chunk, Telling


@transaction.atomic
def stop_tellings(*, cause: str, actor: str) -> int:
    """Everything told because of `cause` that is not out yet stays in. Returns how many chunks.

    A sender that holds one notices at its next look at the ledger, a tenth of a second later.
    """
    now = clock.now()
    told = Telling.objects.filter(cause=cause, stopped_at=None)
    pks = list(told.values_list("pk", flat=True))
    told.update(stopped_at=now)
    stopped = Chunk.objects.waiting().filter(telling__in=pks).update(settled_at=now)
    audit.record(actor=actor, action="notify.stopped", subject=cause, detail={"chunks": stopped})
    return stopped
