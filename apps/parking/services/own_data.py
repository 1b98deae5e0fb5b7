"""What parking keeps of a person: handed out, and let go of."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.base import clock
from apps.parking.models import BayRight, DiscountRight, Entry, Reservation, SharedOffer
from apps.parking.services.cancelling import cancel_reservation

KEYS = (
    "parking.Reservation.person",
    "parking.BayRight.person",
    "parking.DiscountRight.person",
    "parking.Account.person",
)
State = Reservation.State


@covers(*KEYS)
def export_parking(person: Person) -> Section:
    return Section(
        {
            "reservations": _rows(
                person.reservations.order_by("pk"), "code", "state", "space__pool__site__code",
                "starts_at", "ends_at", "plate", "price", "currency", "discounts", "created_at",
            ),
            "bays": _rows(
                person.bay_rights.order_by("pk"), "bay__code", "valid_from_on", "valid_to_on"
            ),
            "offers": _rows(
                SharedOffer.objects.of(person), "code", "rule", "first_on", "opens", "lasts_min",
                "step_price", "withdrawn_at",
            ),
            "discounts": _rows(
                person.discount_rights.order_by("pk"), "discount", "valid_to_on", "created_at"
            ),
            "ledger": _rows(
                Entry.objects.of(person), "transaction__at", "transaction__what", "amount"
            ),
        }
    )  # fmt: skip


def _rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    return list(rows.values(*fields))


@covers(*KEYS)
@transaction.atomic
def erase_parking(person: Person) -> Erased:
    """Bookings to come are given up and nothing more is lent; what was paid stays in the books as
    tax law wants it, without the number plate."""
    for code in _to_come(person):
        cancel_reservation(code=code, actor="erasure", free=True)
    SharedOffer.objects.of(person).standing().update(withdrawn_at=clock.now())
    removed = DiscountRight.objects.filter(person=person).delete()[0]
    removed += BayRight.objects.filter(person=person, offers=None).delete()[0]
    unpaid = person.reservations.filter(payments=None).exclude(state=State.ACTIVE)
    removed += unpaid.delete()[0]
    anonymised = person.reservations.update(plate="")
    kept = person.reservations.count() + Entry.objects.of(person).count()
    return Erased(
        removed=removed,
        anonymised=anonymised,
        kept=kept,
        reason=_("Records of payments are kept for five years.") if kept else "",
    )


def _to_come(person: Person) -> list[Any]:
    rows = person.reservations.filter(state__in=(State.HELD, State.CONFIRMED))
    return list(rows.values_list("code", flat=True))
