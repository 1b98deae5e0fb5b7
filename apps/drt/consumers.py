"""The WebSocket doors: who may follow which live topic (riders their rides, drivers their shifts,
staff all), and what a driver's device sends up."""

from collections.abc import Mapping
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from django.core.exceptions import ValidationError

from apps.accounts.models import Person
from apps.accounts.selectors.sessions import person_for_scope
from apps.base.consumers import LiveConsumer
from apps.base.problems import NotSignedIn, Problem
from apps.drt.models import Booking, Shift
from apps.drt.services.driving import Fix, report_positions
from apps.drt.services.shifts import acknowledge_plan


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


class Told(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a driver's device sends up the socket, beside what `LiveConsumer` understands."""

    shift: str
    acknowledge: int | None = None
    positions: list[Fix] | None = None
    queue: int | None = None


class DriverConsumer(LiveConsumer):
    """`/ws/drt/driver/`: the live topics of a driver's shifts, and the way up for what is frequent.

    Up:   {"shift": CODE, "acknowledge": VERSION}
          {"shift": CODE, "positions": [{"lon", "lat", "recorded_at", …}], "queue": N}
    Down: {"type": "acknowledged", "shift", "version"}
          {"type": "stored", "queue": N, "stored", "passed_over"}: the batch N may be forgotten

    What is not answered is to be sent again; repetition is harmless.
    """

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        raw = text_data or bytes_data or b""
        try:
            told = msgspec.json.decode(raw, type=Told)
        except msgspec.DecodeError:
            await super().receive(text_data, bytes_data)
            return
        try:
            await self._take(told)
        except Problem as problem:
            document = problem.document() | {"queue": told.queue}
            await self._send({"type": "problem", "problem": document})

    async def _take(self, told: Told) -> None:
        person = await person_for_scope(self.scope)
        if person is None:
            raise NotSignedIn
        if told.acknowledge is not None:
            done = await database_sync_to_async(acknowledge_plan)(
                person=person, code=told.shift, version=told.acknowledge
            )
            version = done["acknowledged"]
            await self._send({"type": "acknowledged", "shift": told.shift, "version": version})
        if told.positions:
            done = await database_sync_to_async(report_positions)(
                person=person, shift=told.shift, fixes=told.positions
            )
            await self._send({"type": "stored", "queue": told.queue, **done})
