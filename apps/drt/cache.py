"""What this process remembers of a service: its supply, and the fleet's plans in arrays.

A cache with versions. Before each use it asks whether the supply changed (then all is read anew)
and which plans changed since the last horizon. Whoever commits re-checks rows, not this.
"""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from apps.base import clock
from apps.base.geo import project
from apps.base.live import horizon
from apps.base.problems import NotFound, Unavailable
from apps.city.models import City, DayKind, the_city
from apps.city.selectors.calendar import day_kinds
from apps.drt.core.plans import Standing, VehiclePlan
from apps.drt.core.quoting import QuoteEngine
from apps.drt.core.rides import Ride
from apps.drt.core.windows import Window
from apps.drt.models import Booking, OperatingRule, Service, Shift, VirtualStop, Zone
from apps.drt.models import VehiclePlan as PlanRow
from apps.drt.snapshot import (
    Ways,
    depot_place,
    plan_of,
    ride_of,
    seconds,
    stop_place,
    vehicle_of,
    ways_of,
)

IDLE_AHEAD_S = 15.0
SUPPLY_LASTS_S = 1800.0
Edition = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Stops:
    """The stops one may board at, in arrays; metres are the city's."""

    rows: tuple[VirtualStop, ...]
    place: NDArray[np.int64]
    east_m: NDArray[np.float64]
    north_m: NDArray[np.float64]
    in_zone: Mapping[int, NDArray[np.bool_]]

    def away_m(self, lon: float, lat: float, srid: int) -> NDArray[np.float64]:
        east, north = project(lon, lat, srid=srid)
        return np.hypot(self.east_m - east, self.north_m - north)


@dataclass(slots=True, eq=False)
class Supply:
    """What a service has, as read at one edition of its row."""

    service: Service
    city: City
    edition: Edition
    ways: Ways
    stops: Stops
    zones: Mapping[int, Zone]
    rules: tuple[OperatingRule, ...]
    shifts: dict[str, Shift]
    read_at_s: float
    _kinds: dict[date, DayKind] = field(default_factory=dict)

    def is_holiday(self, day_on: date) -> bool:
        """Remembered as long as the supply is: a quote asks for two days each time."""
        if day_on not in self._kinds:
            self._kinds |= day_kinds([day_on])
        return self._kinds[day_on] == DayKind.HOLIDAY

    def shifts_of_types(self, types: Iterable[int]) -> frozenset[str]:
        wanted = frozenset(types)
        return frozenset(
            code for code, shift in self.shifts.items() if shift.vehicle.type_id in wanted
        )

    def vehicles_for(self, rule: OperatingRule | None) -> frozenset[str] | None:
        """The shifts that may carry what is booked under a rule; None for any."""
        types = [one.pk for one in rule.vehicle_types.all()] if rule else []
        return self.shifts_of_types(types) if types else None


def edition_of(service: Service) -> Edition:
    """Never the same twice, not even in a database that rolls back."""
    return service.pk, service.version, service.changed_in


@dataclass(eq=False)
class Fleet:
    """One service's dispatch state. Hold `lock` while you use it."""

    code: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    supply: Supply = field(init=False)
    engine: QuoteEngine = field(init=False)
    rides: dict[str, Ride] = field(default_factory=dict)
    _known: dict[str, tuple[int, int]] = field(default_factory=dict)
    _carried: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _since: int | None = None

    def refresh(self) -> None:
        """Bring it up to date. Raises NotFound, Unavailable (no travel times yet)."""
        service = Service.objects.filter(code=self.code, retired_at=None).first()
        if service is None:
            raise NotFound
        if self._is_stale(service):
            self._since = horizon()
            self.supply = read_supply(service)
            self._read_all()
        else:
            self._read_changed()
        self._advance_idle()

    def _is_stale(self, service: Service) -> bool:
        if self._since is None or self.supply.edition != edition_of(service):
            return True
        return abs(seconds(clock.now()) - self.supply.read_at_s) > SUPPLY_LASTS_S

    def _read_all(self) -> None:
        rows = PlanRow.objects.filter(shift__code__in=list(self.supply.shifts))
        rows = rows.select_related("shift").order_by("shift_id")  # of equals the first is chosen
        plans = self._plans_of(rows)
        supply = self.supply
        self.engine = QuoteEngine(
            plans=plans, rides=self.rides, travel=supply.ways.times, terms=supply.service.terms
        )

    def _read_changed(self) -> None:
        since = self._since
        self._since = horizon()
        rows = PlanRow.objects.filter(
            changed_in__gte=since, shift__vehicle__service=self.supply.service
        ).select_related("shift")
        changed = [row for row in rows if self._is_news(row)]
        for plan in self._plans_of(changed):
            self.engine.replace(plan, self.rides)

    def _is_news(self, row: PlanRow) -> bool:
        code = str(row.shift.code)
        if code not in self.supply.shifts:
            return False
        return self._known.get(code) != (row.version, row.changed_in)

    def _plans_of(self, rows: Iterable[PlanRow]) -> list[VehiclePlan]:
        """The plans of some rows, their rides remembered."""
        rows = list(rows)
        if not rows:
            return []
        now = clock.now()
        for ride in read_rides(self.supply, [row.shift_id for row in rows]):
            self.rides[ride.ride_id] = ride
        plans = [self._plan_of(row, seconds(now)) for row in rows]
        self._forget_who_left()
        return plans

    def _plan_of(self, row: PlanRow, now_s: float) -> VehiclePlan:
        code = str(row.shift.code)
        shift = self.supply.shifts[code]
        shift.duty, shift.started_at = row.shift.duty, row.shift.started_at
        vehicle = vehicle_of(shift, self.supply.ways, clock.now())
        plan = plan_of(row, vehicle, self.supply.ways, now_s)
        self._known[code] = (row.version, row.changed_in)
        self._carried[code] = plan.ride_ids
        return plan

    def _forget_who_left(self) -> None:
        """Only after all plans are read: a ride may have moved from one to another."""
        carried = set().union(*self._carried.values())
        for gone in self.rides.keys() - carried:
            del self.rides[gone]

    def _advance_idle(self) -> None:
        """Who stands idle cannot leave in the past; rows are moved on in steps."""
        now_s = seconds(clock.now())
        for plan in self.engine.plans:
            moved = _moved_on(plan, now_s)
            if moved is not plan:
                self.engine.replace(moved, self.rides)


def _moved_on(plan: VehiclePlan, now_s: float) -> VehiclePlan:
    standing, shift = plan.standing, plan.vehicle.shift
    ahead_s = now_s + IDLE_AHEAD_S
    if standing is not None:
        if plan.locked or standing.free_at_s >= now_s:
            return plan
        return replace(plan, standing=Standing(standing.place, ahead_s, standing.began_at_s))
    if shift.earliest_s >= now_s or shift.latest_s <= ahead_s:
        return plan
    return replace(plan, vehicle=replace(plan.vehicle, shift=Window(ahead_s, shift.latest_s)))


_fleets: dict[tuple[str, str], Fleet] = {}
_making = threading.Lock()


def fleet_of(code: str) -> Fleet:
    """The process's memory of a service; `with fleet.lock: fleet.refresh()` before use."""
    key = (settings.DATABASES["default"]["NAME"], code)
    with _making:
        if key not in _fleets:
            _fleets[key] = Fleet(code)
        return _fleets[key]


def forget_fleets() -> None:
    """Begin anew, as a process does: after the database became another one."""
    with _making:
        _fleets.clear()


# ---------------------------------------------------------------- reading


def read_supply(service: Service) -> Supply:
    """Raises Unavailable while nobody has computed travel times."""
    table = service.travel_tables.order_by("-pk").first()
    if table is None:
        raise Unavailable
    city, now = the_city(), clock.now()
    ways = ways_of(table, city.zone)
    shifts = (
        Shift.objects.drivable(now)
        .filter(vehicle__service=service)
        .select_related("vehicle__type", "start_depot", "end_depot")
        .prefetch_related("breaks__depot")
        .order_by("pk")
    )
    rules = service.rules.select_related("calendar", "booking_rule", "fare")
    return Supply(
        service=service,
        city=city,
        edition=edition_of(service),
        ways=ways,
        stops=_read_stops(service, ways, city),
        zones={zone.pk: zone for zone in service.zones.filter(retired_at=None)},
        rules=tuple(rules.prefetch_related("vehicle_types").order_by("code")),
        shifts={str(shift.code): shift for shift in shifts if _is_known(shift, ways)},
        read_at_s=seconds(now),
    )


def _is_known(shift: Shift, ways: Ways) -> bool:
    """A depot that the travel table does not know yet waits for the next one."""
    depots = (shift.start_depot, shift.end_depot)
    return all(depot_place(depot.code) in ways.index for depot in depots)


def _read_stops(service: Service, ways: Ways, city: City) -> Stops:
    """Stops that the travel table does not know yet wait for the next one."""
    rows = [
        stop
        for stop in service.stops.in_use().order_by("pk")
        if stop_place(stop.code) in ways.index
    ]
    east, north = project(
        [stop.geom.x for stop in rows], [stop.geom.y for stop in rows], srid=city.srid
    )
    zones = service.zones.filter(retired_at=None)
    within = {zone.pk: set(_codes_in(service, zone)) for zone in zones}
    return Stops(
        rows=tuple(rows),
        place=np.array([ways.place(stop_place(stop.code)) for stop in rows], dtype=np.int64),
        east_m=east,
        north_m=north,
        in_zone={
            pk: np.array([stop.code in codes for stop in rows], dtype=np.bool_)
            for pk, codes in within.items()
        },
    )


def _codes_in(service: Service, zone: Zone) -> Iterable[str]:
    return service.stops.filter(geom__coveredby=zone.geom).values_list("code", flat=True)


def read_rides(supply: Supply, shift_ids: Iterable[int]) -> list[Ride]:
    """The rides these shifts carry."""
    rows = (
        Booking.objects.open()
        .filter(shift__in=list(shift_ids))
        .select_related("pickup_stop", "dropoff_stop", "shift")
    )
    return [core_ride(supply, row) for row in rows]


def core_ride(supply: Supply, booking: Booking) -> Ride:
    """A booking as a ride, bound to its vehicle if it is pinned, to the rule's types otherwise."""
    if booking.pinned and booking.shift is not None:
        return ride_of(booking, supply.ways, frozenset({str(booking.shift.code)}))
    rule = next((rule for rule in supply.rules if rule.pk == booking.rule_id), None)
    return ride_of(booking, supply.ways, supply.vehicles_for(rule))
