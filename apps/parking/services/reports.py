"""What citizens say of a pool: it was full, or there was a space."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import TooMany
from apps.parking.models import CapacityPool, CitizenReport
from apps.parking.services.availability import refresh_pools

AGAIN_AFTER = timedelta(minutes=10)
KEPT = timedelta(days=30)


class JustReported(TooMany):
    slug = "just-reported"
    title = _("Thank you, you have told us already.")


@transaction.atomic
def report_pool(*, pool: CapacityPool, says: str, reporter: str) -> CitizenReport:
    """Bends the count for a while. `reporter` is hashed with the day and cannot be told later.

    Raises:
        JustReported: the same reporter spoke of this pool a moment ago.
    """
    now = clock.now()
    CapacityPool.objects.select_for_update().get(pk=pool.pk)
    who = hashlib.sha256(f"{now.date()}/{reporter}".encode()).hexdigest()[:32]
    recent = CitizenReport.objects.filter(
        pool=pool, reporter=who, reported_at__gt=now - AGAIN_AFTER
    )
    if recent.exists():
        raise JustReported(retry_after_s=int(AGAIN_AFTER.total_seconds()))
    report = CitizenReport.objects.create(pool=pool, says=says, reporter=who, reported_at=now)
    refresh_pools([pool.pk])
    return report


def forget_reports() -> int:
    return CitizenReport.objects.filter(reported_at__lt=clock.now() - KEPT).delete()[0]
