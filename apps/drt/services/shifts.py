"""A driver's shift: begun, paused, ended, or cut short by a fault of the vehicle."""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, live
from apps.base.commands import Json, run_once
from apps.base.problems import Conflict, NotAllowed, NotFound
from apps.drt.cache import Supply
from apps.drt.core.lifecycle import OPEN, Duty, Move, State
from apps.drt.models import Booking, Shift, Vehicle
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.selectors.screens import plans_shown, vehicle_now
from apps.drt.services.log import actor_of, note
from apps.drt.services.plans import Fresh, fresh_plans, write_plan
from apps.drt.services.steps import step
from apps.drt.services.supply import fresh_supply
from apps.drt.services.telling import tell_rider
from apps.drt.snapshot import depot_place, stop_place

WAKE = "drt_dispatch"
RESCUE_WITHIN = timedelta(minutes=60)


class NotYours(NotAllowed):
    slug = "not-your-vehicle"
    title = _("This vehicle is driven by somebody else.")


class WrongDuty(Conflict):
    slug = "wrong-duty"
    title = _("The shift is not in a state where this can be done.")


class RidersLeft(Conflict):
    slug = "riders-left"
    title = _("Somebody still counts on this vehicle.")


def own_shift(person: Person, code: uuid.UUID | str) -> Shift:
    """The person's own shift. Raises NotFound, NotYours."""
    try:
        shift: Shift | None = _shifts().filter(code=code).first()
    except ValidationError:
        shift = None
    if shift is None:
        raise NotFound(_("There is no such shift."))
    driver = shift.driver
    if driver is None or driver.person_id != person.pk or driver.retired_at is not None:
        raise NotYours
    return shift


def _shifts() -> Any:
    return Shift.objects.select_related("driver", "vehicle__service", "start_depot")


def fresh_of(supply: Supply, shift: Shift) -> Fresh:
    """The shift's plan, locked. Raises NotFound for one the dispatcher no longer knows."""
    found = next(iter(fresh_plans(supply, [str(shift.code)])), None)
    if found is None:
        raise NotFound(_("There is no such shift."))
    return found


def start_shift(*, person: Person, code: uuid.UUID | str, key: str | None = None) -> Json:
    """The driver takes the vehicle out. Raises NotFound, NotYours, WrongDuty."""
    shift = own_shift(person, code)

    def begin(fresh: Fresh, supply: Supply) -> None:
        now = clock.now()
        shift.started_at = shift.started_at or now
        Shift.objects.filter(pk=shift.pk).update(started_at=shift.started_at)
        standing: dict[str, Any] = {}
        if not fresh.row.standing_place:
            place = depot_place(shift.start_depot.code)
            standing = {"standing_place": place, "free_at": now, "began_at": now}
        _rewrite(supply, fresh, "started", actor_of(person), **standing)

    return _change(person, shift, Duty.ACTIVE, "start", key, begin)


def pause_shift(*, person: Person, code: uuid.UUID | str, key: str | None = None) -> Json:
    """A short halt; rides stay planned. Raises NotFound, NotYours, WrongDuty."""
    shift = own_shift(person, code)
    return _change(person, shift, Duty.PAUSED, "pause", key, _just("paused", actor_of(person)))


def end_shift(*, person: Person, code: uuid.UUID | str, key: str | None = None) -> Json:
    """The vehicle is back. Raises NotFound, NotYours, WrongDuty, RidersLeft."""
    shift = own_shift(person, code)

    def finish(fresh: Fresh, supply: Supply) -> None:
        if fresh.plan.ride_ids:
            raise RidersLeft
        Shift.objects.filter(pk=shift.pk).update(ended_at=clock.now())
        _rewrite(supply, fresh, "ended", actor_of(person))

    return _change(person, shift, Duty.ENDED, "end", key, finish)


def _just(reason: str, actor: str) -> Any:
    def write(fresh: Fresh, supply: Supply) -> None:
        _rewrite(supply, fresh, reason, actor)

    return write


def _rewrite(supply: Supply, fresh: Fresh, reason: str, actor: str, **columns: Any) -> None:
    write_plan(supply, fresh, fresh.plan, reason=reason, actor=actor, **columns)


def _change(
    person: Person, shift: Shift, duty: Duty, command: str, key: str | None, do: Any
) -> Json:
    """Lock the plan, check the table of duties, change, rewrite the plan. Twice is once."""
    actor = actor_of(person)

    def change() -> Json:
        supply = fresh_supply(shift.vehicle.service.code)
        fresh = fresh_of(supply, shift)
        if Duty(fresh.row.shift.duty) is not duty:
            _become(fresh.row.shift, duty, actor)
            do(fresh, supply)
        return {"code": str(shift.code), "duty": duty.value}

    request = {"code": str(shift.code)}
    return run_once(key=key, actor=actor, command=f"drt.{command}", request=request, do=change)


def _become(shift: Shift, duty: Duty, actor: str) -> None:
    if not shift.may_become(duty):
        raise WrongDuty(duty=shift.duty)
    shift.duty = duty.value
    shift.save(update_fields=["duty"])
    _show_vehicle(shift)
    note(duty.value, service=shift.vehicle.service, actor=actor, shift=shift)


def _show_vehicle(shift: Shift) -> None:
    """On the map while it is under way, off it afterwards."""
    Vehicle.objects.filter(pk=shift.vehicle_id).update(**Vehicle.touched())
    topic, row = vehicle_now(shift.vehicle_id)
    live.announce(topic, [row])


def acknowledge_plan(*, person: Person, code: uuid.UUID | str, version: int) -> Json:
    """The driver has seen this version. Never goes back. Raises NotFound, NotYours, Conflict."""
    shift = own_shift(person, code)
    with transaction.atomic():
        plan = plans_shown().select_for_update(of=("self",)).get(shift=shift)
        if version > plan.version:
            raise Conflict(_("There is no such version of the plan."), version=plan.version)
        if version > plan.acknowledged_version:
            plan.acknowledged_version, plan.acknowledged_at = version, clock.now()
            plan.save(update_fields=["acknowledged_version", "acknowledged_at"])
    return {"code": str(shift.code), "acknowledged": plan.acknowledged_version}


# ---------------------------------------------------------------- breakdown


def report_breakdown(
    *, code: uuid.UUID | str, person: Person | None = None, actor: str = "", key: str | None = None
) -> Json:
    """The vehicle has a fault: everybody it carries, or was to carry, gets another.

    Raises NotFound, NotYours, WrongDuty.
    """
    if person is not None:
        own_shift(person, code)
    by = actor_of(person) if person else actor

    def do() -> Json:
        shift = _shifts().filter(code=code).first()
        if shift is None:
            raise NotFound(_("There is no such shift."))
        return _break_down(shift, by)

    return run_once(key=key, actor=by, command="drt.breakdown", request={"code": str(code)}, do=do)


def _break_down(shift: Shift, actor: str) -> Json:
    supply = fresh_supply(shift.vehicle.service.code)
    fresh = fresh_of(supply, shift)
    if fresh.row.shift.duty == Duty.BROKEN:
        return {"code": str(shift.code), "stranded": 0}
    _become(fresh.row.shift, Duty.BROKEN, actor)
    Vehicle.objects.filter(pk=shift.vehicle_id).update(broken_since=clock.now())
    empty = replace(fresh.plan, stops=(), locked=0, version=fresh.plan.version + 1)
    stranded = [fresh.bookings[code] for code in fresh.plan.ride_ids]
    write_plan(supply, fresh, empty, reason="breakdown", actor=actor)
    for booking in stranded:
        _strand(supply, fresh, booking, actor)
    wake_dispatcher()
    return {"code": str(shift.code), "stranded": len(stranded)}


def _strand(supply: Supply, fresh: Fresh, booking: Booking, actor: str) -> None:
    """Whoever was aboard boards anew, at the stop nearest to where the vehicle stands."""
    changes: dict[str, Any] = {"shift": None, "change_reason": "breakdown", "pickup_at": None}
    if booking.state == State.ONBOARD:
        changes |= _boards_anew(supply, fresh, booking)
    step(booking, Move.STRAND, actor=actor, **changes)
    tell_rider(booking, "seeking")


def _boards_anew(supply: Supply, fresh: Fresh, booking: Booking) -> dict[str, Any]:
    """The promised arrival stands: whoever is late in the end shall be told so."""
    now, stop, ways = clock.now(), _nearest_stop(supply, fresh, booking), supply.ways
    ends = (stop.code, booking.dropoff_stop.code)
    direct_s = ways.times.between_s(*(ways.place(stop_place(code)) for code in ends))
    leave_by = booking.dropoff_latest_at - timedelta(seconds=direct_s + booking.board_s)
    return {
        "boarded_at": None,
        "pickup_stop": stop,
        "pickup_earliest_at": now,
        "pickup_latest_at": max(now, min(leave_by, now + RESCUE_WITHIN)),
    }


def _nearest_stop(supply: Supply, fresh: Fresh, booking: Booking) -> Any:
    seen, stops = fresh.row.shift.vehicle.seen_geom, supply.stops
    usable = [
        at
        for at, stop in enumerate(stops.rows)
        if stop.boards_wheelchairs or not booking.wheelchair_bays
    ]
    if seen is not None:
        away = stops.away_m(seen.x, seen.y, supply.city.srid)
        return stops.rows[min(usable, key=lambda at: float(away[at]))]
    place = supply.ways.place(fresh.row.standing_place or stop_place(booking.pickup_stop.code))
    time_s = supply.ways.times.time_s[place]
    return stops.rows[min(usable, key=lambda at: float(time_s[stops.place[at]]))]


def repair_vehicle(*, code: uuid.UUID | str, actor: str) -> None:
    """The fault is mended within the shift. Raises NotFound, WrongDuty."""
    with transaction.atomic():
        shift = _shifts().filter(code=code).first()
        if shift is None:
            raise NotFound(_("There is no such shift."))
        supply = fresh_supply(shift.vehicle.service.code)
        fresh = fresh_of(supply, shift)
        _become(fresh.row.shift, Duty.ACTIVE, actor)
        Vehicle.objects.filter(pk=shift.vehicle_id).update(broken_since=None)
        _rewrite(supply, fresh, "repaired", actor)


def wake_dispatcher() -> None:
    """A hint, sent when this transaction commits; the dispatcher looks by itself, too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def shifts_of(person: Person, at: datetime) -> list[PlanRow]:
    """The plans of the person's shifts that are not over, soonest first."""
    rows = plans_shown().filter(shift__driver__person=person, shift__driver__retired_at=None)
    rows = rows.exclude(shift__duty__in=[Duty.ENDED, Duty.CANCELLED]).filter(shift__ends_at__gt=at)
    return list(rows.order_by("shift__starts_at"))


def riders_of(plan: PlanRow) -> list[Booking]:
    """Whom a plan carries, as its driver needs to know them."""
    rows = Booking.objects.filter(shift=plan.shift_id, state__in=OPEN)
    return list(rows.select_related("person", "pickup_stop", "dropoff_stop").order_by("pk"))
