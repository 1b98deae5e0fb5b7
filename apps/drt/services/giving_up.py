"""Rides that are given up, by the rider or by the operator."""

import uuid

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.drt.core.lifecycle import Move, State
from apps.drt.models import Booking
from apps.drt.selectors.rides import own_booking
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.log import actor_of
from apps.drt.services.plans import fresh_plans, write_plan
from apps.drt.services.steps import WrongState, locked_booking, step
from apps.drt.services.supply import supply_of
from apps.drt.services.telling import tell_rider


def cancel_ride(
    *, code: uuid.UUID | str, person: Person | None = None, actor: str = "", key: str | None = None
) -> Json:
    """The rider gives a ride up. Returns {"code", "late"}. Twice is once.

    Raises NotFound, WrongState.
    """
    by = actor_of(person) if person else actor
    if person is not None:
        own_booking(person, code)

    def do() -> Json:
        return _give_up(code, Move.CANCEL, by)

    return run_once(key=key, actor=by, command="drt.cancel", request={"code": str(code)}, do=do)


def call_off_ride(*, code: uuid.UUID | str, actor: str, key: str | None = None) -> Json:
    """The operator has to call a ride off; the rider is told. Raises NotFound, WrongState."""

    def do() -> Json:
        done = _give_up(code, Move.CALL_OFF, actor)
        tell_rider(bookings_shown().get(code=code), "called_off")
        return done

    return run_once(
        key=key, actor=actor, command="drt.call_off", request={"code": str(code)}, do=do
    )


def _give_up(code: uuid.UUID | str, move: Move, actor: str) -> Json:
    shift = Booking.objects.filter(code=code).values_list("shift__code", flat=True).first()
    supply = supply_of(code)
    fresh = next(iter(fresh_plans(supply, [str(shift)])), None) if shift else None
    booking = locked_booking(code)
    if booking.state in (State.CANCELLED_BY_RIDER, State.CANCELLED_BY_OPERATOR):
        return {"code": str(code), "late": False}
    if booking.shift and (fresh is None or booking.shift_id != fresh.row.shift_id):
        raise WrongState(_("The plan is just being changed. Please try again."), retry_after_s=1)
    late = (
        booking.pickup_earliest_at - clock.now()
    ).total_seconds() < booking.service.cancel_free_s
    step(booking, move, actor=actor)
    if fresh is not None and str(code) in fresh.plan.ride_ids:
        write_plan(supply, fresh, fresh.plan.without(str(code)), reason="cancelled", actor=actor)
    return {"code": str(code), "late": late}
