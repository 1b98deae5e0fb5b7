"""Another vehicle for whoever lost theirs: as promised, else as little later as can be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from apps.base import clock
from apps.drt.cache import Fleet, core_ride, fleet_of
from apps.drt.core.ejection import nearest_plans
from apps.drt.core.lifecycle import Move, State
from apps.drt.core.placing import placed
from apps.drt.core.rides import Ride
from apps.drt.core.windows import Window
from apps.drt.models import Booking
from apps.drt.selectors.screens import bookings_shown
from apps.drt.services.log import note
from apps.drt.services.plans import Fresh, fresh_plans, write_plan
from apps.drt.services.steps import WrongState, locked_booking, step
from apps.drt.services.telling import tell_rider
from apps.drt.snapshot import seconds

DISPATCHER = "dispatcher"
LATER_S = (0.0, 300.0, 600.0, 1200.0, 2400.0, 5400.0)
HOPELESS_AFTER = timedelta(minutes=90)


def rescue_seeking(service_code: str) -> int:
    """Find vehicles for rides without one, the most urgent first. Returns how many have one now.

    One that nobody can carry is tried again until long after its promise; then it is called off.
    """
    codes = Booking.objects.seeking().filter(service__code=service_code)
    found = 0
    for code in list(codes.order_by("pickup_latest_at").values_list("code", flat=True)):
        found += rescue_ride(service_code, str(code))
    return found


def rescue_ride(service_code: str, code: str) -> bool:
    fleet = fleet_of(service_code)
    with fleet.lock:
        fleet.refresh()
    booking = bookings_shown().get(code=code)
    if booking.state != State.SEEKING:
        return False
    for later_s in LATER_S:
        ride = later(core_ride(fleet.supply, booking), later_s)
        for shift in _able(fleet, ride):
            if _moved_to(fleet, shift, ride, code, later_s):
                return True
    if clock.now() > booking.pickup_latest_at + HOPELESS_AFTER:
        _call_off(code)
    return False


def later(ride: Ride, by_s: float) -> Ride:
    """The ride with its promise put off, never into the past."""
    now_s, up, down = seconds(clock.now()), ride.pickup.window, ride.dropoff.window
    earliest_s = max(up.earliest_s, now_s)
    latest_s = max(up.latest_s, earliest_s) + by_s
    over_s = max(0.0, earliest_s - up.latest_s)
    return replace(
        ride,
        pickup=replace(ride.pickup, window=Window(earliest_s, latest_s)),
        dropoff=replace(
            ride.dropoff, window=Window(down.earliest_s, down.latest_s + by_s + over_s)
        ),
    )


def _able(fleet: Fleet, ride: Ride) -> Iterator[str]:
    with fleet.lock:
        plans, rides = fleet.engine.plans, dict(fleet.rides)
    ways = fleet.supply.ways.times
    for plan in nearest_plans(plans, ride, rides, ways):
        if placed(plan, ride, rides, ways) is not None:
            yield plan.vehicle_id


def _moved_to(fleet: Fleet, shift: str, ride: Ride, code: str, later_s: float) -> bool:
    """The next driver is told before the rider is."""
    supply = fleet.supply
    try:
        with transaction.atomic():
            fresh = next(iter(fresh_plans(supply, [shift])), None)
            booking = locked_booking(code)
            plan = placed(fresh.plan, ride, fresh.rides, supply.ways.times) if fresh else None
            if fresh is None or plan is None or booking.state != State.SEEKING:
                return False
            promised = core_ride(supply, booking)
            added = {code: (promised, booking)}
            write_plan(supply, fresh, plan, reason="rescue", actor=DISPATCHER, added=added)
            _replanned(booking, fresh, later_s)
    except WrongState:
        return False
    return True


def _replanned(booking: Booking, fresh: Fresh, later_s: float) -> None:
    step(booking, Move.REPLAN, actor=DISPATCHER, shift=fresh.row.shift)
    tell_rider(booking, "replanned")
    note(
        "rescued", service=booking.service, actor=DISPATCHER, shift=fresh.row.shift,
        booking=booking, plan_version=fresh.row.version, put_off_s=later_s,
    )  # fmt: skip


@transaction.atomic
def _call_off(code: str) -> None:
    booking = locked_booking(code)
    step(booking, Move.CALL_OFF, actor=DISPATCHER)
    tell_rider(booking, "called_off")
