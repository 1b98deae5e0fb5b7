"""How long notify keeps what it knows."""

from datetime import timedelta

from apps.base import clock
from apps.notify.models import Registration, Telling

CELL_KEPT = timedelta(days=1)
SILENT_APP_KEPT = timedelta(days=270)  # FCM itself calls a token stale after 270 days
ENDED_KEPT = timedelta(days=30)
TOLD_KEPT = timedelta(days=180)


def old_cells() -> int:
    """Where a phone was is forgotten a day after it last said so."""
    old = Registration.objects.filter(cell_at__lt=clock.now() - CELL_KEPT)
    return old.update(cell=None, cell_at=None)


def silent_apps() -> int:
    """Apps that are gone, and those not heard of for long."""
    now = clock.now()
    ended, _rows = Registration.objects.filter(ended_at__lt=now - ENDED_KEPT).delete()
    silent, _rows = Registration.objects.filter(seen_at__lt=now - SILENT_APP_KEPT).delete()
    return ended + silent


def old_tellings() -> int:
    """What was told, to whom, and the receipts, go together."""
    removed, _rows = Telling.objects.filter(created_at__lt=clock.now() - TOLD_KEPT).delete()
    return removed
