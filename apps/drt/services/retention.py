"""How long rides keep what they know of people."""

from datetime import timedelta

from apps.base import clock
from apps.drt.core.lifecycle import OPEN
from apps.drt.models import Booking, DispatchEvent, VehiclePosition
from apps.drt.services.own_data import WITHOUT_TRACES

TRACES_KEPT = timedelta(days=30)
POSITIONS_KEPT = timedelta(days=7)
LOG_KEPT = timedelta(days=400)


def ride_traces() -> int:
    """Whence and whither goes thirty days after the ride; which stops, when, how dear, stays."""
    over = Booking.objects.exclude(state__in=OPEN).exclude(origin_geom=None)
    return over.filter(closed_at__lt=clock.now() - TRACES_KEPT).update(**WITHOUT_TRACES)


def vehicle_positions() -> int:
    old = VehiclePosition.objects.filter(recorded_at__lt=clock.now() - POSITIONS_KEPT)
    return old.delete()[0]


def dispatch_log() -> int:
    return DispatchEvent.objects.filter(at__lt=clock.now() - LOG_KEPT).delete()[0]
