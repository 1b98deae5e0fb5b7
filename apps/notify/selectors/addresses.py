"""Where to reach whom, read at the moment of sending."""

from collections.abc import Collection, Iterable, Sequence

from apps.accounts.models import Contact
from apps.base.hot import pool
from apps.notify.models import Reach

_LIVE = "SELECT id, address FROM notify_registration WHERE id = ANY(%s) AND ended_at IS NULL"


async def registration_addresses(pks: Sequence[int]) -> dict[int, str]:
    """Addresses of the registrations that still live, by primary key, through the lean pool."""
    async with (await pool()).connection() as link:
        cursor = await link.execute(_LIVE, [list(pks)])
        return dict(await cursor.fetchall())


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
