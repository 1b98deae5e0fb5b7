"""How far an alert has come: the numbers of the delivery board."""

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Count, F, Func, Sum

from apps.alerts.models import Alert
from apps.notify.models import Chunk, Failure, Receipt

TOPICS = "fcm_topic"  # cells, not recipients


@dataclass(frozen=True)
class Delivery:
    """Recipients by how far it got. Each number counts those of the ones after it, too."""

    planned: int = 0
    accepted: int = 0
    failed: int = 0
    received: int = 0
    shown: int = 0
    acknowledged: int = 0
    transports: dict[str, dict[str, int]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return max(self.planned - self.accepted - self.failed, 0)

    def document(self) -> dict[str, Any]:
        return {**asdict(self), "waiting": self.waiting}


def delivery_of(alert: Alert) -> Delivery:
    chunks = Chunk.objects.filter(telling__cause=alert.cause)
    size = Func(F("recipients"), function="cardinality")
    by_transport = {
        row["transport"]: {
            "planned": row["planned"], "accepted": row["accepted_"], "failed": row["failed_"],
        }
        for row in chunks.values("transport")
        .annotate(planned=Sum(size), accepted_=Sum("accepted"), failed_=Sum("failed"))
        .order_by("transport")
    }  # fmt: skip
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
        **{
            name: sum(row[name] or 0 for row in counted)
            for name in ("planned", "accepted", "failed")
        },
        **receipts,
        transports=by_transport,
        reasons=dict(reasons),
    )
