"""Bookings: hold and confirm. Extending, cancelling and staying stand beside it (`extending.py`,
`cancelling.py`, `staying.py`). Every command may be repeated by its key.

Where money is involved a command has three parts: what will be asked is committed, the provider is
asked outside any transaction, and its answer is written down. A crash between them leaves rows from
which the same command, or the sweeper (`keeping.py`), goes on.
"""

import uuid
from datetime import timedelta

import msgspec
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.base.problems import Conflict, Invalid, Problem
from apps.parking.core.reservations import Move
from apps.parking.models import CapacityPool, Payment, Reservation, Space
from apps.parking.services.holding import (
    limit_holds,
    note,
    release_run_out,
    some_free,
    step,
    take_space,
)
from apps.parking.services.openings import lock_open_offer
from apps.parking.services.own_bookings import actor_of, own_reservation
from apps.parking.services.payments import (
    ask_payment,
    authorise,
    plan_settlement,
)
from apps.parking.services.quotes import (
    LASTS,
    InThePast,
    Quote,
    check_discounts,
    no_space,
    read_quote,
)

HOLD = timedelta(minutes=10)
WHILE_PAYING = timedelta(minutes=3)
SLACK = timedelta(minutes=15)
PLATE_LETTERS = 20
State = Reservation.State


class QuoteUsed(Conflict):
    slug = "quote-used"
    title = _("This offer was already used. Please ask for a new one.")


class HoldExpired(Problem):
    slug, status = "hold-expired", 410
    title = _("The space is no longer held for you. Please book again.")


# ---------------------------------------------------------------- hold


def hold_space(*, person: Person, token: str, plate: str = "", key: str | None = None) -> Json:
    """Hold a quoted space for ten minutes. Returns {"code"}.

    Raises:
        TokenForged, TokenExpired, QuoteUsed, InThePast, NotEntitled, TooManyHolds, NoSpace.
    """
    quote = read_quote(token)
    plate = "".join(plate.split()).upper()
    if len(plate) > PLATE_LETTERS or (not plate.isalnum() and plate):
        raise Invalid(errors={"plate": _("Letters and digits, at most 20.")})
    return run_once(
        key=key,
        actor=actor_of(person),
        command="parking.hold",
        request={"quote": str(quote.id), "plate": plate},
        do=lambda: _hold(person, quote, plate),
    )


def _hold(person: Person, quote: Quote, plate: str) -> Json:
    """1. Check again what may have changed since the quote. 2. Take a space; where none is left,
    let go of holds that ran out and try again."""
    if quote.ends_at <= clock.now() or quote.starts_at < clock.now() - LASTS - SLACK:
        raise InThePast
    check_discounts(person, quote.discounts, quote.starts_at)
    limit_holds(person)
    wanted = _wanted(person, quote, plate)
    held = take_space(wanted, _spaces(quote)) or _take_expired(wanted, quote)
    if held is None:
        if Reservation.objects.filter(quote=quote.id).exists():
            raise QuoteUsed
        pool = CapacityPool.objects.select_related("site").get(pk=quote.pool)
        raise no_space(pool, quote.starts_at, quote.ends_at)
    note(held, "hold", actor_of(person))
    return {"code": str(held.code)}


def _take_expired(wanted: Reservation, quote: Quote) -> Reservation | None:
    """Holds that ran out stand in the way until somebody lets them go."""
    rivals = Reservation.objects.filter(space__pool=quote.pool)
    if not release_run_out(rivals.filter(during__overlap=(quote.starts_at, quote.kept_until))):
        return None
    return take_space(wanted, _spaces(quote))


def _wanted(person: Person, quote: Quote, plate: str) -> Reservation:
    now = clock.now()
    return Reservation(
        quote=quote.id,
        person=person,
        starts_at=quote.starts_at,
        ends_at=quote.ends_at,
        during=DateTimeTZRange(quote.starts_at, quote.kept_until),
        expires_at=now + HOLD,
        plate=plate,
        price=quote.price,
        currency=quote.currency,
        explanation=msgspec.to_builtins(quote.lines),
        tariff_id=quote.tariff,
        offer_id=quote.offer,
        discounts=list(quote.discounts),
        created_at=now,
    )


def _spaces(quote: Quote) -> list[Space]:
    if quote.offer is None:
        return some_free(quote.pool, quote.starts_at, quote.kept_until)
    offer = lock_open_offer(quote.offer, quote.starts_at, quote.kept_until)
    return [offer.right.bay.space] if offer else []


# ---------------------------------------------------------------- confirm


def confirm_reservation(
    *, person: Person, code: uuid.UUID | str, method: str = "", key: str | None = None
) -> Json:
    """Pay and keep the space. Returns {"code"}.

    Raises:
        HoldExpired, WrongState, PaymentDeclined, Invalid, Unavailable (ask again, same key).
    """
    begun = run_once(
        key=key,
        actor=actor_of(person),
        command="parking.confirm",
        request={"code": str(code), "method": method},
        do=lambda: _begin_confirmation(person, code, method),
    )
    if begun["payment"]:
        finish_confirmation(authorise(Payment.objects.get(code=begun["payment"])))
    return {"code": str(code)}


def _begin_confirmation(person: Person, code: uuid.UUID | str, method: str) -> Json:
    reservation = own_reservation(person, code, lock=True)
    if reservation.state in (State.CONFIRMED, State.ACTIVE, State.COMPLETED):
        return {"payment": None}
    now = clock.now()
    if reservation.state == State.EXPIRED or reservation.expires_at <= now:
        raise HoldExpired
    if reservation.price == 0:
        step(reservation, Move.CONFIRM, actor=actor_of(person))
        return {"payment": None}
    if reservation.state != State.HELD:
        step(reservation, Move.CONFIRM, actor=actor_of(person))  # raises WrongState
    payment = ask_payment(
        reservation, purpose=Payment.Purpose.BOOKING, amount=reservation.price, method=method
    )
    if reservation.expires_at < now + WHILE_PAYING:
        reservation.expires_at = now + WHILE_PAYING
        reservation.save(update_fields=["expires_at"])
    return {"payment": str(payment.code)}


def finish_confirmation(payment: Payment) -> Reservation:
    """The sum is set aside: the space is theirs, unless the hold ran out while they paid; then the
    sum is let go. Raises HoldExpired."""
    with transaction.atomic():
        rows = Reservation.objects.select_related("person").select_for_update(of=("self",))
        reservation = rows.get(pk=payment.reservation_id)
        if reservation.state == State.HELD:
            step(reservation, Move.CONFIRM, actor=actor_of(reservation.person))
        gone = reservation.state in (State.EXPIRED, State.CANCELLED)
        if gone:
            plan_settlement(payment, take=0)
    if gone:
        raise HoldExpired
    return reservation
