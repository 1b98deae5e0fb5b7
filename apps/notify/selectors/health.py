"""Whether what is told goes out."""

from datetime import timedelta

from apps.base import clock
from apps.base.health import Finding
from apps.notify.models import Budget, Chunk

LATE = timedelta(minutes=2)
TROUBLE_SHOWN = timedelta(hours=1)


def outbox() -> Finding:
    """Chunks that should have gone two minutes ago, and transports that are in trouble."""
    now = clock.now()
    late = Chunk.objects.waiting().filter(due_at__lt=now - LATE).count()
    troubled = Budget.objects.filter(trouble_at__gt=now - TROUBLE_SHOWN)
    troubles = [f"{budget.name.split(':')[0]}: {budget.trouble}" for budget in troubled]
    words = [f"{late} chunks late"] if late else []
    return Finding(ok=not late, detail=", ".join(words + troubles), vital=False)
