"""Vehicles on the road, as timetables and maps of others show them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from apps.drt.core.lifecycle import RUNNING, State
from apps.drt.models import Booking, Shift, VehiclePlan

# An older position says nothing about where a vehicle is.
FRESH = timedelta(minutes=5)
STOP = "stop:"
CARRIED = "carried"


@dataclass(frozen=True, slots=True)
class Halt:
    """A stay at a virtual stop; calls that follow each other at one stop are one halt."""

    stop_code: str
    arrives_at: datetime
    leaves_at: datetime
    spread_s: int
    riders_after: int


@dataclass(frozen=True, slots=True)
class Run:
    """A shift under way: its plan, and how full it is by the layout that takes most riders."""

    shift: Shift
    plan: VehiclePlan
    halts: tuple[Halt, ...]
    riders: int
    room: int

    def is_fresh(self, now: datetime) -> bool:
        """Whether it is known where the vehicle is."""
        vehicle = self.shift.vehicle
        if vehicle.seen_geom is None or vehicle.seen_at is None:
            return False
        return now - vehicle.seen_at <= FRESH


def runs() -> tuple[Run, ...]:
    """All shifts under way, in the order of their vehicles; two statements however many."""
    carried = Prefetch("bookings", queryset=Booking.objects.open(), to_attr=CARRIED)
    shifts = (
        Shift.objects.filter(duty__in=RUNNING)
        .select_related("vehicle__type", "vehicle__service", "plan")
        .prefetch_related(carried)
        .order_by("vehicle__code")
    )
    return tuple(_run(shift, getattr(shift, CARRIED)) for shift in shifts)


def _run(shift: Shift, carried: list[Booking]) -> Run:
    bookings = {str(booking.code): booking for booking in carried}
    riders = sum(_heads(one) for one in carried if one.state == State.ONBOARD)
    room = max(one.seats + one.wheelchair_bays for one in shift.vehicle.type.capacities)
    return Run(shift, shift.plan, _halts(shift.plan, bookings, riders), riders, room)


def _heads(booking: Booking) -> int:
    return booking.seats + booking.wheelchair_bays


def _halts(plan: VehiclePlan, bookings: dict[str, Booking], riders: int) -> tuple[Halt, ...]:
    halts: list[Halt] = []
    for call in plan.stops:
        booking = bookings.get(call["id"])
        if booking is None or not call["place"].startswith(STOP):
            continue
        boards = call["act"] == "pickup"
        riders += _heads(booking) if boards else -_heads(booking)
        at = datetime.fromisoformat(call["at"])
        dwell_s = booking.board_s if boards else booking.alight_s
        stop = call["place"].removeprefix(STOP)
        leaves_at = at + timedelta(seconds=dwell_s)
        halts.append(Halt(stop, at, leaves_at, booking.eta_spread_s, max(0, riders)))
    return _joined(halts)


def _joined(halts: list[Halt]) -> tuple[Halt, ...]:
    """Calls one after another at the same stop as one stay."""
    joined: list[Halt] = []
    for halt in halts:
        last = joined[-1] if joined else None
        if last and last.stop_code == halt.stop_code:
            spread_s = max(last.spread_s, halt.spread_s)
            joined[-1] = Halt(
                halt.stop_code, last.arrives_at, halt.leaves_at, spread_s, halt.riders_after
            )
        else:
            joined.append(halt)
    return tuple(joined)
