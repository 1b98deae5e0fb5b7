"""Spaces taken and given up: the part of booking where two people may want the same thing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import errors

from apps.accounts.models import Person
from apps.base import clock
from apps.base.problems import Conflict, TooMany
from apps.parking.core.reservations import Move, moved
from apps.parking.models import Reservation, ReservationChange, Space
from apps.parking.services.openings import lock_open_offer, open_offers
from apps.parking.services.payments import settle

MAX_TRIES = 8
MAX_HOLDS = 3
State = Reservation.State


class WrongState(Conflict):
    slug = "wrong-state"
    title = _("The booking is no longer in a state where this can be done.")


class TooManyHolds(TooMany):
    slug = "too-many-holds"
    title = _("Please confirm or give up what you hold first.")


def note(reservation: Reservation, what: str, actor: str, **detail: Any) -> None:
    ReservationChange.objects.create(
        reservation=reservation, at=clock.now(), what=what, actor=actor, detail=detail
    )


def step(reservation: Reservation, move: Move, *, actor: str, **changes: Any) -> Reservation:
    """Move a locked booking along its table. Raises WrongState."""
    to = moved(reservation.life, move)
    if to is None:
        raise WrongState(state=reservation.state)
    for name, value in changes.items():
        setattr(reservation, name, value)
    reservation.state = to.value
    reservation.save(update_fields=["state", *changes])
    note(reservation, move.value, actor)
    return reservation


def limit_holds(person: Person) -> None:
    """Nobody holds a car park by asking often. The lock makes one person's holds wait for each
    other, nobody else's."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    now = clock.now()
    held = Reservation.objects.standing(now).filter(person=person, state=State.HELD).count()
    if held >= MAX_HOLDS:
        raise TooManyHolds


def release_run_out(rows: Any) -> int:
    """Let go of holds whose time is over; those that somebody is just confirming are skipped."""
    over = list(rows.run_out(clock.now()).select_for_update(skip_locked=True, of=("self",)))
    for reservation in over:
        step(reservation, Move.EXPIRE, actor="clock", ended_at=clock.now())
        settle(reservation, fee=0)
    return len(over)


def take_space(wanted: Reservation, spaces: Iterable[Space]) -> Reservation | None:
    """Try to book one space after the other; the constraint decides. None if all are gone.

    `ON CONFLICT DO NOTHING` waits for whoever else is writing there and does not fail the
    transaction.
    """
    for space in spaces:
        wanted.space = space
        Reservation.objects.bulk_create([wanted], ignore_conflicts=True)
        written = Reservation.objects.filter(code=wanted.code).values_list("pk", flat=True).first()
        if written is not None:
            wanted.pk = written
            return wanted
    return None


def some_free(pool_pk: int, start: datetime, end: datetime) -> list[Space]:
    """A few free spaces in random order, so that many askers do not all try the same one."""
    rows = Space.objects.free_in(start, end).filter(pool=pool_pk, bay=None)
    return list(rows.order_by("?")[:MAX_TRIES])


def reshape(reservation: Reservation, **changes: Any) -> bool:
    """Change a locked booking's span or space; False where another booking is in the way."""
    try:
        with transaction.atomic():
            Reservation.objects.filter(pk=reservation.pk).update(**changes)
    except IntegrityError as error:
        if isinstance(error.__cause__, errors.ExclusionViolation):
            return False
        raise
    for name, value in changes.items():
        setattr(reservation, name, value)
    return True


def move_elsewhere(reservation: Reservation, *, actor: str) -> bool:
    """Give a locked booking another space of the same kind for the same time."""
    start, end = reservation.during.lower, reservation.during.upper
    for space, offer_pk in _elsewhere(reservation, start, end):
        before = reservation.space_id
        changes = {"space": space, "offer_id": offer_pk, "moves": reservation.moves + 1}
        if reshape(reservation, **changes):
            note(reservation, "moved", actor, **{"from": before, "to": space.pk})
            return True
    return False


def _elsewhere(
    reservation: Reservation, start: datetime, end: datetime
) -> Iterable[tuple[Space, int | None]]:
    pool = reservation.space.pool
    if reservation.offer_id is None:
        yield from ((space, None) for space in some_free(pool.pk, start, end))
        return
    free = set(pool.spaces.free_in(start, end).values_list("pk", flat=True))
    for offer in open_offers(pool, start, end)[: 2 * MAX_TRIES]:
        space = offer.right.bay.space
        if space.pk in free and lock_open_offer(offer.pk, start, end):
            yield space, offer.pk
