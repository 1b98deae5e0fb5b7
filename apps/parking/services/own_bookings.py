"""Whose a booking is, under which policy it stands, and what it costs."""

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.problems import NotFound
from apps.parking.core.pricing import Price
from apps.parking.models import BookingPolicy, Reservation
from apps.parking.services.quotes import (
    price_shared,
)
from apps.parking.services.tariffs import price_stay


def actor_of(person: Person) -> str:
    return f"person:{person.code}"


def own_reservation(
    person: Person | None, code: uuid.UUID | str, *, lock: bool = False
) -> Reservation:
    """Raises NotFound for others' bookings, too. Without a person: staff or the system asks."""
    rows = Reservation.objects.select_related("space__pool__site", "space__pool__booking_policy")
    rows = rows.filter(code=code)
    if person is not None:
        rows = rows.filter(person=person)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound(_("There is no such booking."))
    return found


def policy_of(reservation: Reservation) -> BookingPolicy:
    policy = reservation.space.pool.booking_policy
    policy.pool = reservation.space.pool
    return policy


def price_of(reservation: Reservation, end: datetime) -> Price:
    """What the booking costs if it ends then, by what it was booked under."""
    if reservation.offer is not None:
        minutes = (end - reservation.starts_at).total_seconds() / 60
        return price_shared(reservation.offer, minutes)
    if reservation.tariff is None:
        return Price(0, reservation.currency, ())
    return price_stay(
        reservation.tariff, reservation.starts_at, end, discounts=reservation.discounts
    )
