"""How far an alert has come: the numbers of the delivery board."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Q, Sum

from apps.alerts.models import Alert
from apps.notify.models import Chunk, Failure, Receipt

TOPICS = "fcm_topic"  # cells, not recipients


@dataclass(frozen=True)
class Delivery:
    """Recipients by how far it got. Each number counts those of the ones after it, too."""

    planned: int = 0
    accepted: int = 0
    failed: int = 0
    stopped: int = 0
    received: int = 0
    shown: int = 0
    acknowledged: int = 0
    transports: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return max(self.planned - self.accepted - self.failed - self.stopped, 0)

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "waiting": self.waiting}


def delivery_of(alert: Alert) -> Delivery:
    chunks = Chunk.objects.filter(telling__cause=alert.cause)
    size = Func(F("recipients"), function="cardinality", output_field=IntegerField())
    is_over = Q(settled_at__isnull=False)
    sums = {
        "planned": Sum(size), "accepted": Sum("accepted"), "failed": Sum("failed"),
        "stopped": Sum(size - F("accepted") - F("failed"), filter=is_over, default=0),
    }  # fmt: skip
    rows: Any = (
        chunks.values("transport")
        .annotate(**{f"{name}_n": sum_ for name, sum_ in sums.items()})
        .order_by("transport")
    )
    by_transport = {row["transport"]: {name: row[f"{name}_n"] for name in sums} for row in rows}
    receipts = Receipt.objects.filter(telling__cause=alert.cause).aggregate(
        received=Count("pk"), shown=Count("shown_at"), acknowledged=Count("acknowledged_at")
    )
    reasons = (
        Failure.objects.filter(telling__cause=alert.cause)
        .values_list("reason")
        .annotate(count=Count("pk"))
        .order_by("-count")
    )
    counted = [row for kind, row in by_transport.items() if kind != TOPICS]
    return Delivery(
        **{name: sum(row[name] for row in counted) for name in sums},
        **receipts,
        transports=by_transport,
        reasons=dict(reasons),
    )
