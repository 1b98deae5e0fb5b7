"""What hazards keeps, and for how long. Hourly values and floods on record stay."""

from datetime import timedelta

from apps.base import clock
from apps.hazards.models import Forecast, StructureWindow

FORECASTS_KEPT = timedelta(days=90)
WINDOWS_KEPT = timedelta(days=730)


def forecasts() -> int:
    removed, _each = Forecast.objects.filter(issued_at__lt=clock.now() - FORECASTS_KEPT).delete()
    return removed


def structure_windows() -> int:
    old = StructureWindow.objects.filter(at__lt=clock.now() - WINDOWS_KEPT)
    removed, _each = old.delete()
    return removed
