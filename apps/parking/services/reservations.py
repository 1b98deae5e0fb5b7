"""Bookings: hold, confirm, extend, cancel, come, leave. Every command may be repeated by its key.

Where money is involved a command has three parts: what will be asked is committed, the provider is
asked outside any transaction, and its answer is written down. A crash between them leaves rows from
which the same command, or the sweeper (`keeping.py`), goes on.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, tokens
from apps.base.commands import Json, run_once
from apps.base.problems import Conflict, Invalid, NotFound, Problem
from apps.parking.core.pricing import Line, Price
from apps.parking.core.reservations import Move
from apps.parking.models import BookingPolicy, CapacityPool, Payment, Reservation, Space
from apps.parking.services.holding import (
    limit_holds,
    note,
    release_run_out,
    reshape,
    some_free,
    step,
    take_space,
)
from apps.parking.services.openings import lock_open_offer
from apps.parking.services.payments import (
    PaymentDeclined,
    ask_payment,
    authorise,
    plan_settlement,
    settle,
)
from apps.parking.services.quotes import (
    LASTS,
    InThePast,
    Quote,
    check_discounts,
    check_stay,
    no_space,
    price_shared,
    read_quote,
)
from apps.parking.services.tariffs import price_stay

HOLD = timedelta(minutes=10)
WHILE_PAYING = timedelta(minutes=3)
EARLY = timedelta(minutes=15)
EXTENSION = "parking.extension"
PLATE_LETTERS = 20
State = Reservation.State


class QuoteUsed(Conflict):
    slug = "quote-used"
    title = _("This offer was already used. Please ask for a new one.")


class HoldExpired(Problem):
    slug, status = "hold-expired", 410
    title = _("The space is no longer held for you. Please book again.")


class TooEarly(Conflict):
    slug = "too-early"
    title = _("Your booking has not begun yet.")


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
    if quote.ends_at <= clock.now() or quote.starts_at < clock.now() - LASTS - EARLY:
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


# ---------------------------------------------------------------- extend


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


# ---------------------------------------------------------------- cancel, come, leave


def cancel_reservation(
    *,
    code: uuid.UUID | str,
    person: Person | None = None,
    actor: str = "",
    free: bool = False,
    key: str | None = None,
) -> Json:
    """Give a booking up. Returns {"code", "fee"}. Cancelling twice is cancelling once.

    Raises:
        NotFound, WrongState.
    """
    by = actor_of(person) if person else actor

    def do() -> Json:
        reservation = own_reservation(person, code, lock=True)
        if reservation.state == State.CANCELLED:
            return {"code": str(code), "fee": 0}
        fee = 0 if free else _fee(reservation)
        step(reservation, Move.CANCEL, actor=by, ended_at=clock.now())
        settle(reservation, fee=fee)
        return {"code": str(code), "fee": fee}

    request = {"code": str(code), "free": free}
    return run_once(key=key, actor=by, command="parking.cancel", request=request, do=do)


def _fee(reservation: Reservation) -> int:
    if reservation.state != State.CONFIRMED:
        return 0
    terms = policy_of(reservation).terms
    return terms.cancel_fee(reservation.price, starts_at=reservation.starts_at, at=clock.now())


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
