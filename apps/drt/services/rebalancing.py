"""Idle vehicles wait where requests are expected."""

from collections import Counter
from datetime import timedelta

from django.db import transaction

from apps.base import clock, live
from apps.city.selectors.calendar import day_kinds
from apps.drt.cache import Fleet, fleet_of
from apps.drt.core.forecast import Slot, expected
from apps.drt.core.lifecycle import Duty
from apps.drt.core.rebalancing import Idle, rebalanced
from apps.drt.models import Booking, VirtualStop
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.selectors.screens import plan_row, plans_shown, shift_topic
from apps.drt.services.log import note
from apps.drt.services.rescue import DISPATCHER
from apps.drt.snapshot import stop_place

LOOKS_BACK = timedelta(days=28)


def rebalance_idle(service_code: str) -> int:
    """Say to idle vehicles where to wait. Returns how many were told something new."""
    fleet = fleet_of(service_code)
    with fleet.lock:
        fleet.refresh()
        idle = [
            Idle(plan.vehicle_id, plan.standing.place)
            for plan in fleet.engine.plans
            if plan.standing is not None and not plan.stops
        ]
    if not idle:
        return 0
    wanted = {
        fleet.supply.ways.place(stop_place(code)): requests
        for code, requests in expected_requests(fleet).items()
        if stop_place(code) in fleet.supply.ways.index
    }
    moves = rebalanced(idle, wanted, fleet.supply.ways.times)
    return sum(_send(fleet, vehicle, place) for vehicle, place in moves.items())


def expected_requests(fleet: Fleet) -> dict[str, float]:
    """By the code of the stop, within this hour."""
    now, zone = clock.now(), fleet.supply.city.zone
    since = now - LOOKS_BACK
    rows = Booking.objects.filter(
        service=fleet.supply.service, pickup_earliest_at__gte=since, pickup_earliest_at__lt=now
    ).values_list("pickup_stop__code", "pickup_earliest_at")
    seen = [(code, at.astimezone(zone)) for code, at in rows]
    days = [(since + timedelta(days=n)).astimezone(zone).date() for n in range(LOOKS_BACK.days)]
    today = now.astimezone(zone)
    kinds = day_kinds({*days, today.date(), *(at.date() for _code, at in seen)})
    counts = Counter(Slot(code, kinds[at.date()], at.hour) for code, at in seen)
    return expected(
        counts,
        Counter(str(kinds[day]) for day in days),
        day_kind=str(kinds[today.date()]),
        hour=today.hour,
    )


@transaction.atomic
def _send(fleet: Fleet, vehicle: str, place: int) -> bool:
    """Only if it is still idle and not sent there already."""
    row = plans_shown().select_for_update(of=("self",)).get(shift__code=vehicle)
    code = fleet.supply.ways.names[place].removeprefix("stop:")
    stop = VirtualStop.objects.filter(code=code).first()
    if stop is None or row.stops or row.wait_at_id == stop.pk or row.shift.duty != Duty.ACTIVE:
        return False
    changes = {"wait_at": stop, "reason": "rebalanced", "revised_at": clock.now()}
    PlanRow.objects.filter(pk=row.pk).update(**PlanRow.touched(), **changes)
    row = plans_shown().get(pk=row.pk)
    live.announce(shift_topic(row), [plan_row(row)])
    note(
        "rebalanced", service=fleet.supply.service, actor=DISPATCHER, shift=row.shift,
        plan_version=row.version, wait_at=code,
    )  # fmt: skip
    return True
