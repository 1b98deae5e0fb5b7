"""What rides keep of a person: handed out, and let go of."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.base import clock
from apps.drt.core.lifecycle import WAITING
from apps.drt.models import Booking
from apps.drt.services.giving_up import cancel_ride

KEYS = ("drt.Booking.person", "drt.Driver.person")

RIDE_FIELDS = (
    "code", "state", "channel", "origin_name", "destination_name", "origin_geom",
    "destination_geom", "pickup_stop__code", "dropoff_stop__code", "seats", "wheelchair_bays",
    "pushchairs", "luggage", "pickup_earliest_at", "pickup_latest_at", "dropoff_latest_at",
    "boarded_at", "alighted_at", "fare", "currency", "note", "created_at",
)  # fmt: skip


@covers(*KEYS)
def export_rides(person: Person) -> Section:
    driver = getattr(person, "drt_driver", None)
    return Section(
        {
            "rides": _rows(Booking.objects.filter(person=person).order_by("pk"), *RIDE_FIELDS),
            "driver": driver and {"number": driver.number, "shifts": _rows(
                driver.shifts.all(), "vehicle__code", "starts_at", "ends_at")},
        }
    )  # fmt: skip


def _rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    found = list(rows.values(*fields))
    for row in found:
        for name in ("origin_geom", "destination_geom"):
            if row.get(name) is not None:
                row[name] = list(row[name].coords)
    return found


@covers(*KEYS)
@transaction.atomic
def erase_rides(person: Person) -> Erased:
    """Rides to come are given up; those of the past stay as counts: between which stops, when,
    for how much."""
    for code in Booking.objects.filter(person=person, state__in=WAITING).values_list("code"):
        cancel_ride(code=code[0], actor="erasure")
    rides = Booking.objects.filter(person=person)
    anonymised = rides.update(**WITHOUT_TRACES)
    driver = getattr(person, "drt_driver", None)
    if driver is not None:
        driver.retired_at = clock.now()
        driver.save(update_fields=["retired_at"])
    kept = rides.count() + (driver is not None)
    return Erased(
        anonymised=anonymised,
        kept=kept,
        reason=_("Records of fares and of driving times are kept for five years.") if kept else "",
    )


WITHOUT_TRACES: dict[str, Any] = {
    "origin_geom": None,
    "destination_geom": None,
    "origin_name": "",
    "destination_name": "",
    "note": "",
}
