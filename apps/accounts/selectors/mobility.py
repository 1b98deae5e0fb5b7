"""How a person moves, for those who plan ways and rides for them."""

from apps.accounts.core import mobility
from apps.accounts.models import MobilityProfile, Person


def mobility_of(person: Person) -> mobility.MobilityProfile | None:
    """The person's profile, or None if they gave none (or took it back)."""
    found = MobilityProfile.objects.filter(person=person).first()
    return found.core() if found else None
