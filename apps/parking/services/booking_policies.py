"""How many spaces of a pool can be booked, and on what terms."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.parking.models import Bay, BookingPolicy, CapacityPool, Space


@transaction.atomic
def set_booking_policy(*, pool: CapacityPool, reservable: int, **terms: Any) -> BookingPolicy:
    """Let so many spaces of a pool be booked. Spaces that are booked already are kept until the
    bookings are over, but no new ones come on top.

    Raises:
        Invalid: more than the pool has.
    """
    if reservable > pool.total:
        raise Invalid(errors={"reservable": _("Never more than the pool has.")})
    policy, _created = BookingPolicy.objects.update_or_create(
        pool=pool, defaults={"reservable": reservable, **terms}
    )
    _fit_spaces(pool, reservable)
    return policy


def _fit_spaces(pool: CapacityPool, wanted: int) -> None:
    """Numbered spaces 1 … wanted are in use, the rest is retired."""
    CapacityPool.objects.select_for_update().get(pk=pool.pk)
    numbered = pool.spaces.filter(bay=None)
    known = set(numbered.values_list("number", flat=True))
    Space.objects.bulk_create(
        Space(pool=pool, number=number) for number in range(1, wanted + 1) if number not in known
    )
    numbered.filter(number__lte=wanted).update(retired_at=None)
    numbered.filter(number__gt=wanted, retired_at=None).update(retired_at=clock.now())


@transaction.atomic
def space_for_bay(bay: Bay) -> Space:
    """The bookable space of a certain bay. Raises Conflict for a bay of a pool with numbered
    spaces: it would be booked twice, by its number and by its name."""
    CapacityPool.objects.select_for_update().get(pk=bay.pool_id)
    found = Space.objects.filter(bay=bay).first()
    if found is not None:
        Space.objects.filter(pk=found.pk).update(retired_at=None)
        return found
    if Space.objects.in_use().filter(pool=bay.pool_id, bay=None).exists():
        raise Conflict(_("Spaces of this pool are booked by number, not bay by bay."))
    highest = Space.objects.filter(pool=bay.pool_id).order_by("-number").first()
    number = highest.number + 1 if highest else 1
    return Space.objects.create(pool=bay.pool, number=number, bay=bay)
