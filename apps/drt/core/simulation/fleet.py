"""Vehicles that drive their plans through streets that keep no timetable.

The dispatcher knows of a leg what it expects; that a vehicle is late shows when it has not come.
"""

from dataclasses import dataclass, field, replace

from apps.drt.core.audit import call_of
from apps.drt.core.motion import Departure, next_departure
from apps.drt.core.plans import Action, Standing, Stop, VehiclePlan
from apps.drt.core.quoting import QuoteEngine
from apps.drt.core.rides import Ride
from apps.drt.core.simulation.town import Town


@dataclass(frozen=True, slots=True)
class Leg:
    """Under way to the first stop of the plan."""

    place: int
    leaves_s: float
    expected_s: float
    arrives_s: float


@dataclass(slots=True)
class Van:
    """One vehicle's plan as it stands, and what it has driven."""

    plan: VehiclePlan
    leg: Leg | None = None
    legs: int = 0
    driven_s: float = 0.0
    _departure: tuple[VehiclePlan, Departure | None] | None = None

    def departure(self, fleet: "Fleet") -> Departure | None:
        """When the next leg may begin; thought out once for each plan."""
        if self._departure is None or self._departure[0] is not self.plan:
            found = next_departure(self.plan, fleet.rides, fleet.town.travel)
            self._departure = (self.plan, found)
        return self._departure[1]


@dataclass(slots=True)
class Fleet:
    """The state of a simulated day; ``made`` are the stops behind, with the begin of service."""

    town: Town
    patience: float = 0.0
    rides: dict[str, Ride] = field(default_factory=dict)
    made: dict[Stop, float] = field(default_factory=dict)
    vans: dict[str, Van] = field(init=False)
    engine: QuoteEngine = field(init=False)

    def __post_init__(self) -> None:
        self.vans = {}
        for vehicle in self.town.vehicles:
            begin_s = vehicle.shift.earliest_s
            standing = Standing(vehicle.start_place, begin_s, begin_s)
            self.vans[vehicle.vehicle_id] = Van(VehiclePlan(vehicle, standing=standing))
        self.engine = QuoteEngine(
            plans=self.plans, rides={}, travel=self.town.travel, terms=self.town.terms
        )

    @property
    def plans(self) -> list[VehiclePlan]:
        return [van.plan for van in self.vans.values()]

    @property
    def is_busy(self) -> bool:
        return any(van.plan.stops for van in self.vans.values())

    def take_over(self, plan: VehiclePlan) -> None:
        self.vans[plan.vehicle_id].plan = plan
        self.engine.replace(plan, self.rides)

    def move_to(self, now_s: float) -> None:
        for van in self.vans.values():
            before = van.plan
            while self._moves(van, now_s):
                pass
            self._look_at_the_clock(van, now_s)
            if van.plan is not before:
                self.engine.replace(van.plan, self.rides)

    def _moves(self, van: Van, now_s: float) -> bool:
        """One departure or one service, if it happens by now."""
        departure = van.departure(self)
        if departure is None:
            return False
        if van.leg is None:
            return self._leaves(van, departure, now_s)
        begin_s = max(van.leg.arrives_s, departure.begin_s)
        if begin_s > now_s:
            return False
        self._serve(van, departure.stop, begin_s)
        return True

    def _leaves(self, van: Van, departure: Departure, now_s: float) -> bool:
        spare_s = departure.latest_s - departure.soonest_s
        leaves_s = departure.soonest_s + self.patience * spare_s * (van.plan.locked == 0)
        standing = van.plan.standing
        assert standing is not None
        if leaves_s > now_s:
            return False
        call = call_of(departure.stop, van.plan, self.rides, self.town.travel)
        expected_s = self.town.travel.between_s(standing.place, call.place, leaving_s=leaves_s)
        taken_s = expected_s * self.town.leg_factor(van.plan.vehicle_id, van.legs)
        van.leg = Leg(standing.place, leaves_s, expected_s, leaves_s + taken_s)
        van.legs += 1
        van.driven_s += expected_s
        van.plan = replace(
            van.plan,
            standing=replace(standing, free_at_s=leaves_s),
            locked=max(1, van.plan.locked),
            version=van.plan.version + 1,
        )
        van._departure = (van.plan, departure)  # noqa: SLF001  (the fleet is its only driver)
        return True

    def _serve(self, van: Van, stop: Stop, begin_s: float) -> None:
        plan = van.plan
        assert plan.standing is not None
        call = call_of(stop, plan, self.rides, self.town.travel)
        end_s = begin_s + call.dwell_s
        self.made[stop] = begin_s
        if stop.action is Action.PICKUP:
            ride = self.rides[stop.subject_id]
            self.rides[ride.ride_id] = replace(ride, boarded_at_s=end_s)
        van.leg = None
        van.plan = replace(
            plan,
            stops=plan.stops[1:],
            locked=max(0, plan.locked - 1),
            standing=Standing(call.place, end_s, plan.standing.began_at_s),
            version=plan.version + 1,
        )

    def _look_at_the_clock(self, van: Van, now_s: float) -> None:
        """Nobody leaves in the past, and who should have arrived by now has not."""
        standing = van.plan.standing
        assert standing is not None
        known_s = now_s - (van.leg.expected_s if van.leg else 0.0)
        if known_s > standing.free_at_s:
            free_at_s = max(known_s, standing.began_at_s)
            van.plan = replace(
                van.plan,
                standing=replace(standing, free_at_s=free_at_s),
                version=van.plan.version + 1,
            )
