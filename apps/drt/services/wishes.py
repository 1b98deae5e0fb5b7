"""What a rider asks for, before any stop or vehicle is chosen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.selectors.mobility import mobility_of
from apps.base import clock
from apps.base.geo import metres_between
from apps.base.problems import Invalid
from apps.drt.core.capacity import Capacity
from apps.drt.models import Service
from apps.drt.services.refusals import PartyTooLarge

TOO_NEAR_M = 150.0
PAST_GRACE = timedelta(minutes=2)

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a rider asks for."""

    origin: LonLat
    destination: LonLat
    depart_after: datetime | None = None
    arrive_by: datetime | None = None
    party: Capacity = field(default_factory=lambda: Capacity(seats=1))
    step_free: bool = False
    max_walk_m: int | None = None
    walk_mps: float | None = None
    origin_name: str = ""
    destination_name: str = ""
    service: str = ""


def personal(wish: Wish, person: Person | None) -> Wish:
    """With what the person's mobility profile says where the wish says nothing."""
    profile = mobility_of(person) if person else None
    if wish.party.wheelchair_bays:
        wish = replace(wish, step_free=True)
    if profile is None:
        return wish
    return replace(
        wish,
        step_free=wish.step_free or profile.is_wheelchair,
        walk_mps=wish.walk_mps or profile.speed_mps,
    )


def checked(service: Service, wish: Wish) -> Wish:
    """Refuse what no time and no vehicle could mend."""
    now = clock.now()
    if (wish.depart_after is None) == (wish.arrive_by is None):
        raise Invalid(errors={"depart_after": _("Say when to depart or when to arrive.")})
    if wish.party.seats + wish.party.wheelchair_bays < 1:
        raise Invalid(errors={"party": _("Somebody must ride.")})
    if wish.party.seats + wish.party.wheelchair_bays > service.max_party:
        text = _("At most %d persons ride together.") % service.max_party
        raise PartyTooLarge(errors={"party": text})
    at = wish.depart_after or wish.arrive_by
    assert at is not None
    if at < now - PAST_GRACE:
        raise Invalid(errors={"depart_after": _("This time is over.")})
    if at > now + timedelta(days=service.ahead_days):
        text = _("At most %(days)d days ahead.") % {"days": service.ahead_days}
        raise Invalid(errors={"depart_after": text})
    (lon1, lat1), (lon2, lat2) = wish.origin, wish.destination
    if float(metres_between(lon1, lat1, lon2, lat2)) < TOO_NEAR_M:
        raise Invalid(errors={"destination": _("You are almost there: it is quicker on foot.")})
    return replace(wish, depart_after=max(wish.depart_after, now)) if wish.depart_after else wish
