"""The rides that whoever speaks has ahead."""

from typing import Any

from apps.assistant.core.slots import Context
from apps.assistant.skills.cancel_parking import Choice
from apps.assistant.skills.saying import time_text
from apps.drt.core.lifecycle import OPEN
from apps.drt.models import Booking
from apps.drt.selectors.screens import bookings_shown

OFFERED = 3


def rides_ahead(context: Context) -> list[Booking]:
    if context.person is None or context.is_unproven:
        return []
    rows = bookings_shown().filter(person=context.person, state__in=OPEN)
    return list(rows.order_by("pickup_earliest_at")[:OFFERED])


def brief(row: Booking) -> str:
    return f"{row.destination_name or row.dropoff_stop.code}, {time_text(row.pickup_earliest_at)}"


class WhichRide(Choice):
    def rows(self, context: Context) -> list[Any]:
        return rides_ahead(context)

    def brief(self, row: Any, context: Context) -> str:
        return brief(row)
