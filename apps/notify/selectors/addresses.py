"""Where to reach whom, read at the moment of sending."""

from collections.abc import Collection, Iterable

from django.db import connection

from apps.accounts.models import Contact
from apps.notify.models import Reach, Registration


def registration_addresses(pks: Iterable[int]) -> dict[int, str]:
    """Addresses of the registrations that still live, by primary key."""
    rows = Registration.objects.live().filter(pk__in=list(pks))
    return dict(rows.values_list("pk", "address"))


def person_addresses(kind: str, persons: Iterable[int]) -> dict[int, str]:
    """The address of a kind that each person verified last."""
    rows = Contact.objects.verified().filter(
        kind=kind, person__in=list(persons), person__erased_at=None
    )
    return dict(rows.order_by("verified_at").values_list("person_id", "value"))


def with_address(kind: str, persons: Collection[int]) -> set[int]:
    return set(person_addresses(kind, persons))


def agreeing(field: str, persons: Collection[int]) -> set[int]:
    """Those of the persons who said yes to a way of being told."""
    rows = Reach.objects.filter(person__in=list(persons), **{field: True})
    return set(rows.values_list("person_id", flat=True))


def close_thread_connection() -> None:
    """Give this thread's connection back to the pool: the sender's threads come and go."""
    connection.close()
