"""Come and leave: the stay itself, early, late or in time."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json
from apps.base.problems import Conflict
from apps.parking.core.reservations import Move
from apps.parking.models import Payment, Reservation
from apps.parking.services.holding import (
    reshape,
    step,
)
from apps.parking.services.openings import lock_open_offer
from apps.parking.services.own_bookings import actor_of, own_reservation, policy_of, price_of
from apps.parking.services.payments import (
    ask_payment,
    settle,
)
from apps.parking.services.quotes import (
    InThePast,
)

EARLY = timedelta(minutes=15)
State = Reservation.State


class TooEarly(Conflict):
    slug = "too-early"
    title = _("Your booking has not begun yet.")


@transaction.atomic
def start_stay(*, code: uuid.UUID | str, person: Person | None = None, actor: str = "") -> Json:
    """The car has come, up to a quarter of an hour early if nobody else has the space until then.
    Coming twice is coming once.

    Raises:
        TooEarly, InThePast, WrongState.
    """
    reservation = own_reservation(person, code, lock=True)
    now = clock.now()
    if reservation.state == State.ACTIVE:
        return {"code": str(code)}
    if now >= reservation.ends_at:
        raise InThePast
    if reservation.state == State.CONFIRMED and now < reservation.starts_at:
        _come_early(reservation, now)
    by = actor_of(person) if person else actor
    step(reservation, Move.START, actor=by, started_at=now)
    return {"code": str(code)}


def _come_early(reservation: Reservation, now: datetime) -> None:
    """The space is kept from now on, if it can be. Raises TooEarly."""
    until = reservation.during.upper
    if now < reservation.starts_at - EARLY:
        raise TooEarly
    if reservation.offer_id and not lock_open_offer(reservation.offer_id, now, until):
        raise TooEarly
    if not reshape(reservation, during=DateTimeTZRange(now, until)):
        raise TooEarly


@transaction.atomic
def end_stay(*, code: uuid.UUID | str, person: Person | None = None, actor: str = "") -> Json:
    """The car has left; whoever stayed too long pays for it. Leaving twice is leaving once."""
    reservation = own_reservation(person, code, lock=True)
    if reservation.state == State.COMPLETED:
        return {"code": str(code)}
    now = clock.now()
    late = now > reservation.ends_at + policy_of(reservation).overstay_grace_min * timedelta(
        minutes=1
    )
    by = actor_of(person) if person else actor
    step(
        reservation,
        Move.END,
        actor=by,
        ended_at=now,
        overstayed=reservation.overstayed or late,
    )
    if late:
        _charge_overstay(reservation, now)
    settle(reservation)
    return {"code": str(code)}


def _charge_overstay(reservation: Reservation, now: datetime) -> None:
    """Like an extension that nobody asked for, by the means of payment of the booking."""
    booked = price_of(reservation, reservation.ends_at).amount
    extra = price_of(reservation, now).amount - booked
    paid = reservation.payments.exclude(state=Payment.State.DECLINED).last()
    if extra <= 0 or paid is None:
        return
    ask_payment(reservation, purpose=Payment.Purpose.OVERSTAY, amount=extra, method=paid.method)
    Reservation.objects.filter(pk=reservation.pk).update(price=reservation.price + extra)
