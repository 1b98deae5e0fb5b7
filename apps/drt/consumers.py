"""Who may follow which live topic: riders their rides, drivers their shifts, staff all."""

from collections.abc import Mapping
from typing import Any

from channels.db import database_sync_to_async
from django.core.exceptions import ValidationError

from apps.accounts.models import Person
from apps.accounts.selectors.sessions import person_for_scope
from apps.drt.models import Booking, Shift


async def may_follow_booking(scope: Mapping[str, Any], key: str) -> bool:
    person = await person_for_scope(scope)
    return person is not None and await database_sync_to_async(_rides)(person, key)


async def may_follow_shift(scope: Mapping[str, Any], key: str) -> bool:
    person = await person_for_scope(scope)
    return person is not None and await database_sync_to_async(_drives)(person, key)


def _rides(person: Person, key: str) -> bool:
    return _exists(Booking.objects.filter(person=person), key) or _is_staff(person, "view_booking")


def _drives(person: Person, key: str) -> bool:
    mine = Shift.objects.filter(driver__person=person)
    return _exists(mine, key) or _is_staff(person, "view_shift")


def _exists(rows: Any, key: str) -> bool:
    try:
        return bool(rows.filter(code=key).exists())
    except ValidationError:
        return False


def _is_staff(person: Person, permission: str) -> bool:
    user = person.user
    return user is not None and user.is_staff and user.has_perm(f"drt.{permission}")
