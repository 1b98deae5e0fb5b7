"""Who is who: the person behind a user, a code, or an address."""

import uuid
from typing import Any

from apps.accounts.core.contacts import Address
from apps.accounts.models import Contact, Person, User
from apps.base.problems import NotFound, NotSignedIn


def person_of(user: Any) -> Person:
    """The person behind a signed-in user. Raises NotSignedIn for anybody else."""
    person: Person | None = getattr(user, "person", None) if isinstance(user, User) else None
    if person is None:
        raise NotSignedIn
    return person


def find_person(code: uuid.UUID | str) -> Person:
    """Raises NotFound, for erased persons too."""
    try:
        return Person.objects.present().get(code=code)
    except (Person.DoesNotExist, ValueError) as error:
        raise NotFound from error


def person_at(address: Address) -> Person | None:
    """Whose verified address this is."""
    contact = Contact.objects.verified().at(address).select_related("person").first()
    return contact.person if contact else None


def address_of(person: Person, kind: str, *, channel: str = "") -> Address | None:
    """The person's verified address of a kind, the one verified last."""
    contact = (
        person.contacts.verified()
        .filter(kind=kind, channel=channel)
        .order_by("-verified_at")
        .first()
    )
    return contact.address if contact else None
