"""Give a booking up."""

import uuid

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.parking.core.reservations import Move
from apps.parking.models import Reservation
from apps.parking.services.holding import (
    step,
)
from apps.parking.services.own_bookings import actor_of, own_reservation, policy_of
from apps.parking.services.payments import (
    settle,
)

State = Reservation.State


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
