"""Cars sent to a pool: until they are seen there, their spaces are not promised to others."""

import uuid
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import NotFound
from apps.parking.models import CapacityPool, Guidance

LONGEST_MIN = 120
# Rows of cars that came or never came serve nobody.
KEPT = timedelta(hours=6)


def find_pool(site: str, category: str) -> CapacityPool:
    """Raises NotFound."""
    found = CapacityPool.objects.filter(
        site__code=site, category=category, site__retired_at=None
    ).select_related("site")
    pool = found.first()
    if pool is None:
        raise NotFound(_("There is no such pool of spaces."))
    return pool


def send_car(*, pool: CapacityPool, after_min: float) -> Guidance:
    """Somebody drives there and will arrive in so many minutes."""
    now = clock.now()
    return Guidance.objects.create(
        pool=pool, sent_at=now, arrives_at=now + timedelta(minutes=after_min)
    )


def call_car_off(*, code: uuid.UUID | str) -> None:
    """It has come, or goes elsewhere. Twice is once."""
    now = clock.now()
    if not Guidance.objects.filter(code=code).exists():
        raise NotFound(_("No such car is on its way."))
    Guidance.objects.filter(code=code, ended_at=None).update(ended_at=now)


def forget_cars() -> int:
    return Guidance.objects.filter(arrives_at__lt=clock.now() - KEPT).delete()[0]
