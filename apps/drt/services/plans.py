"""Plans become rows by compare-and-set: a version that has moved on is never overwritten."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.base import clock, live
from apps.drt.cache import Supply, core_ride
from apps.drt.core.lifecycle import RUNNING, Duty
from apps.drt.core.motion import next_departure
from apps.drt.core.plans import Action, VehiclePlan
from apps.drt.core.rides import Ride
from apps.drt.models import Booking, Shift
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.selectors.screens import bookings_shown, plan_row, plans_shown, shift_topic
from apps.drt.services.log import note
from apps.drt.services.steps import touch
from apps.drt.services.telling import tell_of_change
from apps.drt.snapshot import Written, instant, plan_of, seconds, spread_s, vehicle_of, written

BEFORE_TIME_S = 60.0  # how long before it is wanted a vehicle is at its next stop
NOTICED_S = 15  # a change of times smaller than this is not worth a screen's while


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """One shift's plan as its row says now, with the rides it carries."""

    row: PlanRow
    plan: VehiclePlan
    rides: dict[str, Ride]
    bookings: dict[str, Booking]


def fresh_plans(supply: Supply, shift_codes: Collection[str], *, lock: bool = True) -> list[Fresh]:
    """Read plans from their rows, locked in the order of their keys; shifts that the supply does
    not know are left out."""
    rows = plans_shown().filter(shift__code__in=list(shift_codes)).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    return [_fresh(supply, row) for row in rows if str(row.shift.code) in supply.shifts]


def _fresh(supply: Supply, row: PlanRow) -> Fresh:
    now = clock.now()
    shift = supply.shifts[str(row.shift.code)]
    shift.duty, shift.started_at = row.shift.duty, row.shift.started_at
    found = bookings_shown().open().filter(shift=row.shift_id)
    bookings = {str(booking.code): booking for booking in found}
    rides = {code: core_ride(supply, booking) for code, booking in bookings.items()}
    plan = plan_of(row, vehicle_of(shift, supply.ways, now), supply.ways, seconds(now))
    return Fresh(row, plan, rides, bookings)


def write_plan(
    supply: Supply,
    fresh: Fresh,
    plan: VehiclePlan,
    *,
    reason: str,
    actor: str,
    added: Mapping[str, tuple[Ride, Booking]] | None = None,
    **columns: Any,
) -> bool:
    """Write the next version of a plan, if the row still has the version that was read.

    `added` are rides new to this vehicle, `columns` further columns of the plan's row. Tells the
    driver first, then every rider whose times changed.
    """
    added = added or {}
    rides = fresh.rides | {code: ride for code, (ride, _booking) in added.items()}
    bookings = fresh.bookings | {code: booking for code, (_ride, booking) in added.items()}
    result = written(plan, rides, supply.ways)
    values = {
        "stops": result.stops,
        "locked": plan.locked,
        "late_s": round(max(result.late_s.values(), default=0)),
        "leave_at": _leave_at(supply, fresh, plan, rides),
        "revised_at": clock.now(),
        "reason": reason,
        **columns,
    }
    row = fresh.row
    same = PlanRow.objects.filter(pk=row.pk, version=row.version)
    if same.update(**PlanRow.touched(), **values) != 1:
        return False
    row.version += 1
    for name, value in values.items():
        setattr(row, name, value)
    live.announce(shift_topic(row), [plan_row(row)])
    carried = [bookings[code] for code in plan.ride_ids]
    _bring_up_to_date(carried, row.shift, result, reason)
    return True


def _leave_at(
    supply: Supply, fresh: Fresh, plan: VehiclePlan, rides: Mapping[str, Ride]
) -> datetime | None:
    """When a vehicle under way should leave for its next stop: at once where somebody waits, else
    as late as keeps them from waiting, for until then it can be sent elsewhere."""
    if Duty(fresh.row.shift.duty) not in RUNNING:
        return None
    departure = next_departure(plan, rides, supply.ways.times)
    if departure is None:
        return None
    return instant(max(departure.soonest_s, departure.timely_s - BEFORE_TIME_S))


def _bring_up_to_date(
    bookings: Sequence[Booking], shift: Shift, result: Written, reason: str
) -> None:
    """Vehicle and times of each booking as the new plan has them."""
    now = clock.now()
    for booking in bookings:
        changes = _changes(booking, shift, result, now)
        if changes:
            before = booking.late_s
            touch(booking, change_reason=_reason_for(booking, reason), **changes)
            tell_of_change(booking, late_before_s=before)


def _reason_for(booking: Booking, reason: str) -> str:
    """To the rider who joins, the joining is no change."""
    joins = booking.pickup_at is None and reason in ("booking", "made_room")
    return "" if joins else reason


def _changes(booking: Booking, shift: Shift, result: Written, now: datetime) -> dict[str, Any]:
    code = str(booking.code)
    times: dict[str, Any] = {"dropoff_at": result.at(code, Action.DROPOFF)}
    if booking.boarded_at is None:
        times["pickup_at"] = result.at(code, Action.PICKUP)
    changes = {
        name: at for name, at in times.items() if at and _differs(getattr(booking, name), at)
    }
    if booking.shift_id != shift.pk:
        changes["shift"] = shift
    late_s = round(result.late_s.get(code, 0))
    if late_s != booking.late_s:
        changes["late_s"] = late_s
    if changes:
        next_at = times.get("pickup_at") or times["dropoff_at"] or now
        changes["eta_spread_s"] = spread_s(next_at, now)
    return changes


def _differs(before: datetime | None, after: datetime) -> bool:
    return before is None or abs((after - before).total_seconds()) >= NOTICED_S


@transaction.atomic
def commit_revision(
    supply: Supply,
    revised: Sequence[VehiclePlan],
    *,
    reason: str,
    actor: str,
    added: Mapping[str, tuple[Ride, Booking]] | None = None,
) -> bool:
    """Several plans at once, all or none: each was made from version - 1 of its row."""
    wanted = {plan.vehicle_id: plan for plan in revised}
    fresh = fresh_plans(supply, wanted)
    if len(fresh) != len(wanted) or any(
        one.row.version != wanted[one.plan.vehicle_id].version - 1 for one in fresh
    ):
        return False
    moving = _moving(fresh, added or {})
    for one in fresh:
        plan = wanted[one.plan.vehicle_id]
        coming = {code: moving[code] for code in plan.ride_ids if code not in one.rides}
        write_plan(supply, one, plan, reason=reason, actor=actor, added=coming)
        note(
            "revised", service=supply.service, actor=actor, shift=one.row.shift,
            plan_version=one.row.version, reason=reason, taken_over=sorted(coming),
        )  # fmt: skip
    return True


def _moving(
    fresh: Sequence[Fresh], added: Mapping[str, tuple[Ride, Booking]]
) -> dict[str, tuple[Ride, Booking]]:
    """Every ride that some plan among these carries, for whichever takes it over."""
    found = {code: (ride, one.bookings[code]) for one in fresh for code, ride in one.rides.items()}
    return found | dict(added)
