"""How long parking keeps what it knows of drivers."""

from datetime import timedelta

from apps.base import clock
from apps.parking.core.reservations import BLOCKING
from apps.parking.models import Reservation
from apps.parking.services.forecasting import forget_samples
from apps.parking.services.guidance import forget_cars
from apps.parking.services.reports import forget_reports

PLATES_KEPT = timedelta(days=30)
HOLDS_KEPT = timedelta(days=7)


def occupancy_samples() -> int:
    return forget_samples()


def cars_on_the_way() -> int:
    return forget_cars()


def citizen_reports() -> int:
    return forget_reports()


def number_plates() -> int:
    """Plates go thirty days after the stay; disputes come sooner."""
    over = Reservation.objects.exclude(state__in=BLOCKING).exclude(plate="")
    return over.filter(ends_at__lt=clock.now() - PLATES_KEPT).update(plate="")


def expired_holds() -> int:
    """Holds that came to nothing, and about which no money was asked for."""
    over = Reservation.objects.filter(state=Reservation.State.EXPIRED, payments=None)
    removed, _rows = over.filter(expires_at__lt=clock.now() - HOLDS_KEPT).delete()
    return removed
