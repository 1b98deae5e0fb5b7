"""Residents lend their bays and take them back."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock
from apps.base.commands import Json, run_once
from apps.base.problems import Conflict, Invalid, NotAllowed, NotFound
from apps.city.models import the_city
from apps.parking.core.sharing import check_rule
from apps.parking.core.tariffs import wall_min
from apps.parking.models import Bay, BayRight, Reservation, SharedOffer, SharedRecall
from apps.parking.services.booking_policies import space_for_bay
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.holding import move_elsewhere
from apps.parking.services.openings import rule_of
from apps.parking.services.own_bookings import actor_of

NOTICE = timedelta(minutes=30)
LONGEST_RECALL = timedelta(days=90)
MAX_BLACKOUTS = 366
State = Reservation.State


class BayInUse(Conflict):
    slug = "bay-in-use"
    title = _("A car stands on your bay; its driver booked it until then.")


class AlreadyLent(Conflict):
    slug = "already-lent"
    title = _("This bay is lent already.")


def assign_bay(
    *, person: Person, bay: Bay, first_on: date, last_on: date | None = None
) -> BayRight:
    """The city gives a resident a bay. Raises Conflict while another person has it."""
    others = BayRight.objects.filter(bay=bay).exclude(person=person).valid_on(first_on)
    if others.exists():
        raise Conflict(_("Another resident has this bay."))
    return BayRight.objects.create(
        person=person, bay=bay, valid_from_on=first_on, valid_to_on=last_on
    )


def lend_bay(*, person: Person, bay: str, key: str | None = None, **terms: Any) -> Json:
    """Lend one's bay by a calendar rule. Returns {"code"}.

    Raises:
        NotAllowed: the city has not assigned the bay to this person.
        AlreadyLent, Invalid.
    """
    check_terms(**terms)

    def do() -> Json:
        right = _right(person, bay)
        space_for_bay(right.bay)
        offer = SharedOffer(right=right, created_at=clock.now(), **terms)
        try:
            with transaction.atomic():
                offer.save(force_insert=True)
        except IntegrityError as error:
            raise AlreadyLent from error
        return {"code": str(offer.code)}

    request = {"bay": bay, **terms}
    return run_once(key=key, actor=actor_of(person), command="parking.lend", request=request, do=do)


def _right(person: Person, bay: str) -> BayRight:
    today = clock.now().astimezone(the_city().zone).date()
    rights = BayRight.objects.filter(person=person, bay__code=bay).valid_on(today)
    right = rights.select_related("bay__pool").first()
    if right is None:
        raise NotAllowed(_("The city has not assigned this bay to you."))
    if not hasattr(right.bay.pool, "booking_policy") or right.bay.pool.category != "resident":
        raise Conflict(_("Bays here cannot be lent."))
    return right


def check_terms(
    *,
    first_on: date,
    rule: str,
    opens: str,
    lasts_min: int,
    blackout_on: Sequence[date] = (),
    **lengths: int,
) -> None:
    """Raises Invalid naming the field at fault."""
    errors: dict[str, Any] = {}
    if not _is_understood(check_rule, rule):
        errors["rule"] = _("A calendar rule such as FREQ=WEEKLY;BYDAY=MO,TU.")
    if not _is_understood(wall_min, opens):
        errors["opens"] = _("A time of day such as 09:00.")
    if not 0 < lasts_min <= 7 * 24 * 60:
        errors["lasts_min"] = _("One minute to a week.")
    if len(blackout_on) > MAX_BLACKOUTS:
        errors["blackout_on"] = _("At most 366 days.")
    if not 0 < lengths.get("min_stay_min", 30) <= lengths.get("max_stay_min", 1440):
        errors["max_stay_min"] = _("Not shorter than the shortest stay.")
    if lengths.get("step_min", 30) <= 0:
        errors["step_min"] = _("At least a minute.")
    if errors:
        raise Invalid(errors=errors)


def _is_understood(check: Callable[[str], object], text: str) -> bool:
    try:
        check(text)
    except ValueError:
        return False
    return True


def own_offer(person: Person, code: uuid.UUID | str, *, lock: bool = False) -> SharedOffer:
    rows = SharedOffer.objects.of(person).standing().filter(code=code).select_related("right__bay")
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(_("There is no such offer."))
    return found


@transaction.atomic
def change_offer(*, person: Person, code: uuid.UUID | str, **changes: Any) -> SharedOffer:
    """New terms for bookings to come; those that stand keep theirs. Raises NotFound, Invalid."""
    offer = own_offer(person, code, lock=True)
    for name, value in changes.items():
        setattr(offer, name, value)
    check_terms(
        **{
            name: getattr(offer, name)
            for name in (
                "first_on", "rule", "opens", "lasts_min", "blackout_on", "min_stay_min",
                "max_stay_min", "step_min",
            )
        }
    )  # fmt: skip
    rule_of(offer)
    offer.save(update_fields=list(changes))
    return offer


@transaction.atomic
def withdraw_offer(*, person: Person, code: uuid.UUID | str) -> None:
    """Lend the bay no more. Bookings that stand are honoured: recall the bay to end them."""
    offer = own_offer(person, code, lock=True)
    offer.withdrawn_at = clock.now()
    offer.save(update_fields=["withdrawn_at"])


def recall_bay(
    *,
    person: Person,
    code: uuid.UUID | str,
    starts_at: datetime,
    ends_at: datetime,
    key: str | None = None,
) -> Json:
    """Take the bay back for a time, half an hour ahead at the least. Whoever booked it gets another
    bay or all their money back. Returns {"moved", "cancelled"}.

    Raises:
        NotFound, Invalid.
        BayInUse: a car stands there until `free_at`.
    """
    _check_recall(starts_at, ends_at)
    return run_once(
        key=key,
        actor=actor_of(person),
        command="parking.recall",
        request={"code": str(code), "starts_at": starts_at, "ends_at": ends_at},
        do=lambda: _recall(person, code, starts_at, ends_at),
    )


def _check_recall(start: datetime, end: datetime) -> None:
    now = clock.now()
    if start < now + NOTICE:
        raise Invalid(errors={"starts_at": _("At least 30 minutes ahead.")})
    if not start < end <= start + LONGEST_RECALL:
        raise Invalid(errors={"ends_at": _("After the start, at most 90 days.")})


def _recall(person: Person, code: uuid.UUID | str, start: datetime, end: datetime) -> Json:
    """1. Lock the offer, so that nobody books meanwhile. 2. Refuse while a car stands there.
    3. Write the recall down. 4. Find other bays for whoever booked."""
    offer = own_offer(person, code, lock=True)
    booked = _booked(offer, start, end)
    standing = [row for row in booked if row.state == State.ACTIVE]
    if standing:
        raise BayInUse(free_at=max(row.during.upper for row in standing))
    SharedRecall.objects.create(
        offer=offer, during=DateTimeTZRange(start, end), created_at=clock.now()
    )
    moved = cancelled = 0
    for reservation in booked:
        if move_elsewhere(reservation, actor="recall"):
            moved += 1
        else:
            cancel_reservation(code=reservation.code, actor="recall", free=True)
            cancelled += 1
    return {"moved": moved, "cancelled": cancelled}


def _booked(offer: SharedOffer, start: datetime, end: datetime) -> list[Reservation]:
    rows = Reservation.objects.standing(clock.now()).filter(
        offer=offer, during__overlap=(start, end)
    )
    return list(
        rows.select_related("space__pool__booking_policy", "person").select_for_update(of=("self",))
    )
