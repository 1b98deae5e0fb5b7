"""Stay longer: at a quoted price, in the same space or another of its pool."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, tokens
from apps.base.commands import Json, run_once
from apps.base.problems import Conflict, Invalid
from apps.parking.core.pricing import Line
from apps.parking.models import BookingPolicy, Payment, Reservation
from apps.parking.services.holding import (
    note,
    release_run_out,
    reshape,
    some_free,
)
from apps.parking.services.openings import lock_open_offer
from apps.parking.services.own_bookings import actor_of, own_reservation, policy_of, price_of
from apps.parking.services.payments import (
    PaymentDeclined,
    ask_payment,
    authorise,
)
from apps.parking.services.quotes import (
    LASTS,
    check_stay,
    no_space,
)

EXTENSION = "parking.extension"
State = Reservation.State


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What staying longer will cost."""

    reservation: uuid.UUID
    ends_before_at: datetime
    ends_at: datetime
    extra: int
    currency: str
    lines: tuple[Line, ...]


def quote_extension(
    *, person: Person, code: uuid.UUID | str, ends_at: datetime
) -> tuple[str, Extension]:
    """Raises NotFound, WrongState, Invalid."""
    reservation = own_reservation(person, code)
    end = ends_at.replace(microsecond=0)
    _check_extension(reservation, end)
    price = price_of(reservation, end)
    quote = Extension(
        reservation=reservation.code,
        ends_before_at=reservation.ends_at,
        ends_at=end,
        extra=max(0, price.amount - price_of(reservation, reservation.ends_at).amount),
        currency=price.currency,
        lines=price.lines,
    )
    return tokens.sign(EXTENSION, msgspec.to_builtins(quote), lasts=LASTS), quote


def _check_extension(reservation: Reservation, end: datetime) -> None:
    if reservation.state not in (State.CONFIRMED, State.ACTIVE):
        raise Conflict(_("Only a confirmed booking can be extended."))
    if end <= reservation.ends_at or end <= clock.now():
        raise Invalid(errors={"ends_at": _("Later than the booking ends now.")})
    check_stay(policy_of(reservation), reservation.starts_at, end)


def extend_reservation(
    *, person: Person, code: uuid.UUID | str, token: str, method: str = "", key: str | None = None
) -> Json:
    """Stay longer at the quoted price. Returns {"code"}.

    Raises:
        TokenForged, TokenExpired, NoSpace (with `latest_end`), PaymentDeclined, Unavailable.
    """
    quote = msgspec.convert(tokens.read(EXTENSION, token), Extension)
    if str(quote.reservation) != str(code):
        raise tokens.TokenForged
    begun = run_once(
        key=key,
        actor=actor_of(person),
        command="parking.extend",
        request={"token": token, "method": method},
        do=lambda: _begin_extension(person, quote, method),
    )
    if begun["payment"]:
        payment = Payment.objects.get(code=begun["payment"])
        try:
            authorise(payment)
        except PaymentDeclined:
            take_back_extension(payment)
            raise
    return {"code": str(quote.reservation)}


def _begin_extension(person: Person, quote: Extension, method: str) -> Json:
    """The time first, the money after: an extension that is not paid is taken back."""
    reservation = own_reservation(person, quote.reservation, lock=True)
    if reservation.ends_at == quote.ends_at:
        return {"payment": _open_extension(reservation)}
    if reservation.ends_at != quote.ends_before_at:
        raise Conflict(_("The booking has changed since this offer."))
    _check_extension(reservation, quote.ends_at)
    _stretch(reservation, quote.ends_at)
    payment = None
    if quote.extra:
        payment = ask_payment(
            reservation,
            purpose=Payment.Purpose.EXTENSION,
            amount=quote.extra,
            method=method,
            ends_before_at=quote.ends_before_at,
        )
    Reservation.objects.filter(pk=reservation.pk).update(price=reservation.price + quote.extra)
    note(reservation, "extend", actor_of(person), to=quote.ends_at.isoformat())
    return {"payment": str(payment.code) if payment else None}


def _open_extension(reservation: Reservation) -> str | None:
    asked = reservation.payments.filter(
        purpose=Payment.Purpose.EXTENSION, state=Payment.State.ASKED
    ).last()
    return str(asked.code) if asked else None


def _stretch(reservation: Reservation, end: datetime) -> None:
    """Raises NoSpace."""
    policy = policy_of(reservation)
    until = end + policy.turnover
    release_run_out(
        Reservation.objects.filter(
            space=reservation.space, during__overlap=(reservation.ends_at, until)
        )
    )
    changes = {"ends_at": end, "during": DateTimeTZRange(reservation.during.lower, until)}
    if _stretched(reservation, changes):
        return
    problem = no_space(policy.pool, reservation.ends_at, end)
    problem.extra["latest_end"] = _latest_end(reservation, policy)
    raise problem


def _stretched(reservation: Reservation, changes: dict[str, Any]) -> bool:
    during = changes["during"]
    if reservation.offer_id is None:
        return reshape(reservation, **changes) or _stretch_elsewhere(reservation, changes)
    is_open = lock_open_offer(reservation.offer_id, during.lower, during.upper)
    return is_open is not None and reshape(reservation, **changes)


def _stretch_elsewhere(reservation: Reservation, changes: dict[str, Any]) -> bool:
    """Spaces of a pool are alike: any that is free the whole time will do."""
    during = changes["during"]
    for space in some_free(reservation.space.pool_id, during.lower, during.upper):
        if reshape(reservation, space=space, moves=reservation.moves + 1, **changes):
            return True
    return False


def _latest_end(reservation: Reservation, policy: BookingPolicy) -> datetime | None:
    follower = (
        Reservation.objects.standing(clock.now())
        .filter(space=reservation.space, starts_at__gte=reservation.ends_at)
        .order_by("starts_at")
        .first()
    )
    return follower.starts_at - policy.turnover if follower else None


def take_back_extension(payment: Payment) -> None:
    """It was not paid: the booking ends when it ended before. Safe to repeat."""
    with transaction.atomic():
        reservation = own_reservation(None, payment.reservation.code, lock=True)
        taken = Payment.objects.filter(pk=payment.pk).exclude(ends_before_at=None)
        if not taken.update(ends_before_at=None) or not reservation.is_blocking():
            return
        assert payment.ends_before_at is not None, "extensions know what they extended"
        until = payment.ends_before_at + policy_of(reservation).turnover
        reshape(
            reservation,
            ends_at=payment.ends_before_at,
            during=DateTimeTZRange(reservation.during.lower, until),
            price=reservation.price - payment.amount,
        )
        note(reservation, "not_extended", "payment")
