"""The supply of a service as it is now."""

import uuid

from django.utils.translation import gettext_lazy as _

from apps.base.problems import NotFound
from apps.drt.cache import Supply, fleet_of
from apps.drt.models import Booking


def supply_of(code: uuid.UUID | str) -> Supply:
    """Raises NotFound."""
    service = Booking.objects.filter(code=code).values_list("service__code", flat=True).first()
    if service is None:
        raise NotFound(_("There is no such ride."))
    return fresh_supply(service)


def fresh_supply(service_code: str) -> Supply:
    fleet = fleet_of(service_code)
    with fleet.lock:
        fleet.refresh()
        return fleet.supply
