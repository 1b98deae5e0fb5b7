"""What is in the way of vehicles: ways are asked for anew, and nobody waits at a stop that no
vehicle reaches."""

import numpy as np
from django.db import transaction

from apps.drt.cache import Supply
from apps.drt.core.lifecycle import WAITING
from apps.drt.models import Booking, TravelTable, VirtualStop
from apps.drt.selectors.hindrances import in_the_way
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.plans import fresh_plans, write_plan
from apps.drt.services.rescue import DISPATCHER
from apps.drt.services.steps import locked_booking, touch
from apps.drt.services.supply import fresh_supply
from apps.drt.services.telling import tell_rider
from apps.drt.services.travel import CUT_OFF_S, rebuild_travel_table


def follow_obstructions(service_code: str) -> bool:
    """Plan around what is in the way of vehicles if that changed since the ways were asked for:
    appeared, began, ended or went, now or while nobody dispatched. Returns whether it had."""
    tables = TravelTable.objects.filter(service__code=service_code).order_by("-pk")
    known = tables.values_list("overlay", flat=True).first()
    if known is None or known == in_the_way():
        return False
    replan_around(service_code)
    return True


def replan_around(service_code: str) -> int:
    """New ways; whoever waits at (or goes to) a stop that is cut off gets another one nearby.
    Returns how many rides moved."""
    rebuild_travel_table(service=fresh_supply(service_code).service)
    supply = fresh_supply(service_code)
    codes = [supply.stops.rows[at].code for at in cut_off(supply)]
    rows = Booking.objects.open().filter(service=supply.service)
    moved = rows.filter(dropoff_stop__code__in=codes) | rows.filter(
        pickup_stop__code__in=codes, state__in=WAITING
    )
    moving = list(moved.values_list("code", flat=True))
    for code in moving:
        _move_stops(supply, str(code), frozenset(codes))
    for shift in supply.shifts:
        _retime(supply, shift)
    return len(moving)


def cut_off(supply: Supply) -> list[int]:
    """Stops that no vehicle gets away from or to: indices into the supply's stops."""
    time_s, place = supply.ways.times.time_s, supply.stops.place
    others = time_s + np.diag(np.full(len(time_s), CUT_OFF_S))
    gone = (others.min(axis=0) >= CUT_OFF_S) | (others.min(axis=1) >= CUT_OFF_S)
    return [at for at, row in enumerate(place.tolist()) if gone[row]]


@transaction.atomic
def _move_stops(supply: Supply, code: str, gone: frozenset[str]) -> None:
    """The plan is locked before the booking, as everywhere."""
    shown = bookings_shown().get(code=code)
    if shown.shift is not None:
        fresh_plans(supply, [str(shown.shift.code)])
    booking = locked_booking(code)
    changes = {
        name: near
        for name in ("pickup_stop", "dropoff_stop")
        if (old := getattr(booking, name)).code in gone
        and (near := _reachable_near(supply, old, booking, gone)) is not None
    }
    if changes:
        touch(booking, change_reason="obstruction", **changes)
        tell_rider(booking, "stop_moved")


def _reachable_near(
    supply: Supply, old: VirtualStop, booking: Booking, gone: frozenset[str]
) -> VirtualStop | None:
    stops = supply.stops
    away = stops.away_m(old.geom.x, old.geom.y, supply.city.srid)
    usable = [
        at
        for at, stop in enumerate(stops.rows)
        if stop.code not in gone
        and (stop.boards_wheelchairs or not booking.wheelchair_bays)
        and (stop.step_free or not booking.step_free)
    ]
    return stops.rows[min(usable, key=lambda at: float(away[at]))] if usable else None


@transaction.atomic
def _retime(supply: Supply, shift: str) -> None:
    """The same order with the new ways' times; riders it makes late are told."""
    fresh = next(iter(fresh_plans(supply, [shift])), None)
    if fresh is None or not fresh.plan.stops:
        return
    write_plan(supply, fresh, fresh.plan, reason="obstruction", actor=DISPATCHER)
