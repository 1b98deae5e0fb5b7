"""One booking, one step: along its table, with its line in the log and its screen told."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.base import clock, live
from apps.base.problems import Conflict, NotFound
from apps.drt.core.lifecycle import OPEN, Move, moved
from apps.drt.models import Booking
from apps.drt.selectors.screens import booking_row, booking_topic, bookings_shown
from apps.drt.services.log import note


class WrongState(Conflict):
    slug = "ride-wrong-state"
    title = _("The ride is no longer in a state where this can be done.")


def locked_booking(code: uuid.UUID | str) -> Booking:
    """The row, locked, with what screens need. Lock its plan first. Raises NotFound."""
    try:
        rows = bookings_shown().select_for_update(of=("self",))
        booking: Booking = rows.get(code=code)
    except (Booking.DoesNotExist, ValidationError) as error:
        raise NotFound(_("There is no such ride.")) from error
    return booking


def step(booking: Booking, move: Move, *, actor: str, **changes: Any) -> Booking:
    """Move a locked booking along its table. Raises WrongState."""
    to = moved(booking.life, move)
    if to is None:
        raise WrongState(state=booking.state)
    if to not in OPEN:
        changes.setdefault("closed_at", clock.now())
    shift = booking.shift
    touch(booking, state=to.value, **changes)
    note(move.value, service=booking.service, actor=actor, shift=shift, booking=booking)
    return booking


def touch(booking: Booking, **changes: Any) -> None:
    """Change some columns and tell the rider's screen."""
    Booking.objects.filter(pk=booking.pk).update(**Booking.touched(), **changes)
    for name, value in changes.items():
        setattr(booking, name, value)
    booking.version += 1
    live.announce(booking_topic(booking), [booking_row(booking)])
