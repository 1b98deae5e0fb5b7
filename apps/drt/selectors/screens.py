"""What live screens show: a booking to its rider, a shift to its driver, vehicles to everybody.

Topics: `drt.booking:CODE` (one row, the vehicle's position in it), `drt.shift:CODE` (one row: the
plan), `drt.vehicles:SERVICE` (vehicles under way). Who may follow what: `consumers.py`.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from apps.base.live import Row
from apps.drt.core.lifecycle import RUNNING, State
from apps.drt.models import Booking, Vehicle, VehiclePlan

BOOKING, SHIFT, VEHICLES = "drt.booking", "drt.shift", "drt.vehicles"
FOLLOWED = (State.APPROACHING, State.ARRIVED, State.ONBOARD)


def booking_topic(booking: Booking) -> str:
    return f"{BOOKING}:{booking.code}"


def shift_topic(plan: VehiclePlan) -> str:
    return f"{SHIFT}:{plan.shift.code}"


def vehicles_topic(service_code: str) -> str:
    return f"{VEHICLES}:{service_code}"


def bookings_shown() -> Any:
    return Booking.objects.select_related(
        "pickup_stop", "dropoff_stop", "shift__vehicle__type", "service"
    )


def booking_row(booking: Booking) -> Row:
    """A ride as its rider watches it; `bookings_shown` fetches what it needs."""
    return {
        "id": str(booking.code),
        "version": booking.version,
        "state": booking.state,
        "pickup": _stop(booking.pickup_stop),
        "dropoff": _stop(booking.dropoff_stop),
        "pickup_from": booking.pickup_earliest_at,
        "pickup_until": booking.pickup_latest_at,
        "dropoff_until": booking.dropoff_latest_at,
        "eta": {
            "pickup_at": booking.pickup_at,
            "dropoff_at": booking.dropoff_at,
            "give_or_take_s": booking.eta_spread_s,
            "late_s": booking.late_s,
        },
        "change_reason": booking.change_reason,
        "vehicle": _vehicle_of(booking),
    }


def _stop(stop: Any) -> dict[str, Any]:
    return {"code": stop.code, "names": stop.names, "lon": stop.geom.x, "lat": stop.geom.y}


def _vehicle_of(booking: Booking) -> dict[str, Any] | None:
    """Its position is told once it is on its way to this rider, not before."""
    if booking.shift is None:
        return None
    vehicle = booking.shift.vehicle
    shown: dict[str, Any] = {
        "code": vehicle.code,
        "label": vehicle.label,
        "plate": vehicle.plate,
        "type": vehicle.type.names,
    }
    if booking.state in FOLLOWED and vehicle.seen_geom is not None:
        shown |= position_of(vehicle)
    return shown


def position_of(vehicle: Vehicle) -> dict[str, Any]:
    if vehicle.seen_geom is None:
        return {}
    return {
        "lon": vehicle.seen_geom.x,
        "lat": vehicle.seen_geom.y,
        "bearing_deg": vehicle.bearing_deg,
        "speed_mps": vehicle.speed_mps,
        "seen_at": vehicle.seen_at,
    }


class BookingSource:
    """The live topic `drt.booking:CODE`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        booking = bookings_shown().filter(code=_uuid(key)).first()
        if booking is None:
            raise KeyError(key)
        return [booking_row(booking)]


def plan_row(plan: VehiclePlan) -> Row:
    """A plan as its driver sees it; `select_related` shift, vehicle and wait_at.

    Which version the driver has seen is not in it: that may change while the version stands.
    """
    return {
        "id": str(plan.shift.code),
        "version": plan.version,
        "duty": plan.shift.duty,
        "vehicle": plan.shift.vehicle.code,
        "stops": plan.stops,
        "locked": plan.locked,
        "leave_at": plan.leave_at,
        "wait_at": plan.wait_at.code if plan.wait_at else None,
        "late_s": plan.late_s,
        "reason": plan.reason,
    }


def plans_shown() -> Any:
    return VehiclePlan.objects.select_related("shift__vehicle", "wait_at")


class ShiftSource:
    """The live topic `drt.shift:CODE`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        plan = plans_shown().filter(shift__code=_uuid(key)).first()
        if plan is None:
            raise KeyError(key)
        return [plan_row(plan)]


def vehicle_now(pk: int) -> tuple[str, Row]:
    """A vehicle's topic and its row there, as this transaction sees it."""
    vehicle = Vehicle.objects.select_related("service").get(pk=pk)
    under_way = vehicle.shifts.filter(duty__in=RUNNING).exists()
    return vehicles_topic(vehicle.service.code), vehicle_row(vehicle, under_way=under_way)


def vehicle_row(vehicle: Vehicle, *, under_way: bool) -> Row:
    row: Row = {"id": vehicle.code, "version": vehicle.version}
    if not under_way or vehicle.seen_geom is None:
        return row | {"gone": True}
    return row | {"label": vehicle.label, **position_of(vehicle)}


class VehiclesSource:
    """The live topic `drt.vehicles:SERVICE`."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        rows = Vehicle.objects.filter(service__code=key)
        if not rows.exists():
            raise KeyError(key)
        driving = set(rows.filter(shifts__duty__in=RUNNING).values_list("pk", flat=True))
        if since is not None:
            rows = rows.filter(changed_in__gte=since)
        return [vehicle_row(vehicle, under_way=vehicle.pk in driving) for vehicle in rows]


def _uuid(key: str) -> uuid.UUID:
    try:
        return uuid.UUID(key)
    except ValueError as error:
        raise KeyError(key) from error


booking_source = BookingSource()
shift_source = ShiftSource()
vehicles_source = VehiclesSource()
