"""Rows ⇄ core: dull and explicit.

The core counts seconds since 1970 (UTC); its places are rows of the service's travel table; to it
each shift is a vehicle, named by the shift's code, and each booking a ride, named by its code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from apps.base import clock
from apps.drt.core.lifecycle import DRIVABLE, Duty, State
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.rides import Call, Ride
from apps.drt.core.timing import timetable
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import Break, Vehicle
from apps.drt.core.windows import FOREVER_S, Window
from apps.drt.models import Booking, Shift, TravelTable
from apps.drt.models import VehiclePlan as PlanRow

Rides = Mapping[str, Ride]
NEVER = Window(0.0, 0.0)


def seconds(instant: datetime) -> float:
    return instant.timestamp()


def instant(seconds_: float) -> datetime:
    return datetime.fromtimestamp(seconds_, UTC)


def floored(seconds_: float) -> datetime:
    """The whole second before: promises are written down no narrower than they were made."""
    return datetime.fromtimestamp(int(seconds_), UTC)


def ceiled(seconds_: float) -> datetime:
    whole = int(seconds_)
    return datetime.fromtimestamp(whole + (seconds_ > whole), UTC)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """A travel table as the core takes it, and its places by name."""

    times: TravelTimes
    index: Mapping[str, int]
    names: tuple[str, ...]
    table: int

    def place(self, name: str) -> int:
        return self.index[name]


def ways_of(table: TravelTable, zone: ZoneInfo) -> Ways:
    size = len(table.places)
    time_s = np.frombuffer(bytes(table.times), "<u4").reshape(size, size).astype(np.float64)
    midnight = clock.now().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    times = TravelTimes(time_s, np.array(table.factors), seconds(midnight))
    index = {name: at for at, name in enumerate(table.places)}
    return Ways(times, index, tuple(table.places), table.pk)


def stop_place(code: str) -> str:
    return f"stop:{code}"


def depot_place(code: str) -> str:
    return f"depot:{code}"


# ---------------------------------------------------------------- rows → core


def vehicle_of(shift: Shift, ways: Ways, now: datetime) -> Vehicle:
    """A shift with its vehicle; `select_related` type and depots, prefetch breaks.

    One that cannot drive has no time to do so. One that has not begun cannot begin in the past.
    """
    window = NEVER
    if Duty(shift.duty) in DRIVABLE:
        begins = shift.started_at or max(shift.starts_at, now)
        window = Window(seconds(begins), max(seconds(shift.ends_at), seconds(begins)))
    return Vehicle(
        vehicle_id=str(shift.code),
        layouts=shift.vehicle.type.capacities,
        start_place=ways.place(depot_place(shift.start_depot.code)),
        end_place=ways.place(depot_place(shift.end_depot.code)),
        shift=window,
        max_route_s=shift.max_route_s or FOREVER_S,
        breaks=tuple(_break_of(row, ways) for row in shift.breaks.all() if row.begun_at is None),
    )


def _break_of(row: Any, ways: Ways) -> Break:
    window = Window(seconds(row.earliest_at), seconds(row.latest_at))
    call = Call(ways.place(depot_place(row.depot.code)), window, float(row.lasts_s))
    return Break(f"break:{row.pk}", call)


def ride_of(booking: Booking, ways: Ways, vehicles: frozenset[str] | None) -> Ride:
    """A booking with its promise; `select_related` both stops."""
    earliest_s = seconds(booking.pickup_earliest_at)
    by_s = seconds(booking.dropoff_latest_at)
    from_s = seconds(booking.dropoff_earliest_at) if booking.dropoff_earliest_at else earliest_s
    boarded = booking.boarded_at if booking.state == State.ONBOARD else None
    return Ride(
        ride_id=str(booking.code),
        pickup=Call(
            ways.place(stop_place(booking.pickup_stop.code)),
            Window(earliest_s, seconds(booking.pickup_latest_at)),
            float(booking.board_s),
        ),
        dropoff=Call(
            ways.place(stop_place(booking.dropoff_stop.code)),
            Window(min(from_s, by_s), by_s),
            float(booking.alight_s),
        ),
        party=booking.party,
        max_ride_s=float(booking.max_ride_s),
        boarded_at_s=seconds(boarded) if boarded else None,
        vehicles=vehicles,
    )


def plan_of(row: PlanRow, vehicle: Vehicle, ways: Ways, now_s: float) -> VehiclePlan:
    """The plan as it stands now: what is idle cannot leave in the past, and what should have
    arrived arrives any moment. A break that has begun is none of the stops ahead."""
    breaks = {rest.break_id for rest in vehicle.breaks}
    stops = tuple(
        Stop(stop["id"], Action(stop["act"]))
        for stop in row.stops
        if stop["act"] != Action.BREAK or stop["id"] in breaks
    )
    return VehiclePlan(
        vehicle=vehicle,
        stops=stops,
        version=row.version,
        locked=min(row.locked, len(stops)),
        standing=_standing_of(row, ways, now_s),
    )


def _standing_of(row: PlanRow, ways: Ways, now_s: float) -> Standing | None:
    if not row.standing_place or row.free_at is None:
        return None
    place, free_s = ways.place(row.standing_place), seconds(row.free_at)
    soonest_s = now_s
    if row.locked and row.stops:
        next_place = ways.place(row.stops[0]["place"])
        soonest_s -= ways.times.between_s(place, next_place, leaving_s=free_s)
    free_s = max(free_s, soonest_s)
    began_s = seconds(row.began_at) if row.began_at else free_s
    return Standing(place, free_s, min(began_s, free_s))


# ---------------------------------------------------------------- core → rows


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as its row keeps it; `late_s` by ride, where the world has broken a promise."""

    stops: list[dict[str, Any]]
    late_s: Mapping[str, float]

    def at(self, ride_id: str, action: Action) -> datetime | None:
        for stop in self.stops:
            if stop["id"] == ride_id and stop["act"] == action:
                return datetime.fromisoformat(stop["at"])
        return None


def written(plan: VehiclePlan, rides: Rides, ways: Ways) -> Written:
    table = timetable(plan, rides, ways.times)
    stops = [
        {
            "id": timed.stop.subject_id,
            "act": timed.stop.action.value,
            "place": ways.names[timed.place],
            "at": instant(round(timed.soonest_s)).isoformat(),
            "latest_at": instant(round(min(timed.latest_s, 4e9))).isoformat(),
        }
        for timed in table.stops
    ]
    return Written(stops, {name: late for name, late in table.late_s.items() if late >= 1})


def spread_s(at: datetime, now: datetime) -> int:
    """How sure a time is: what is farther off is told with more leeway."""
    ahead_s = max(timedelta(), at - now).total_seconds()
    return int(min(600, max(30, 0.15 * ahead_s)))
