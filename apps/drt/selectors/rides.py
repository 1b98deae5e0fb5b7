"""A ride as its rider and the desk look it up."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base.problems import NotFound
from apps.drt.models import Booking
from apps.drt.selectors.screens import bookings_shown


def own_booking(person: Person, code: uuid.UUID | str) -> Booking:
    """Raises NotFound for rides of others, too."""
    booking: Booking | None = None
    try:
        booking = bookings_shown().filter(person=person, code=code).first()
    except ValidationError as error:
        raise NotFound(_("There is no such ride.")) from error
    if booking is None:
        raise NotFound(_("There is no such ride."))
    return booking


def explanation_of(booking: Booking) -> list[dict[str, Any]]:
    """What the dispatcher decided about a ride, oldest first."""
    rows = booking.events.order_by("pk")
    return [{"at": row.at, "what": row.kind, "detail": row.detail} for row in rows]
