"""Dalbit Call at work: its drivers and riders, at the public doors with sessions of their own."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from apps.accounts.models import Person
from apps.base import clock
from apps.city.models import the_city
from apps.drt.core.simulation.demand import Habits, Trip, trips
from apps.drt.models import Driver, Service
from apps.drt.services.travel import places_of
from apps.navigation.selectors.travel import drive
from citizen.demo.movement.phones import Phone, session_token
from citizen.demo.movement.riders import Riders
from citizen.demo.movement.vans import LonLat, Van, Way, straight
from citizen.demo.seed.drt import SERVICE
from citizen.demo.world.plane import to_plane
from citizen.demo.world.rides import RIDERS

RIDES_PER_HOUR = 14.0
DAY_S = 86_400.0


@dataclass(eq=False)
class Rides:
    """Everybody on the road and at the kerb; a new day brings new wishes."""

    url: str
    seed: int
    habits: Habits
    vans: list[Van]
    phones: list[Phone]
    riders: Riders | None = None
    _day_on: date | None = None

    def tick(self, now: datetime) -> None:
        for van in self.vans:
            van.tick(now)
        local_on = now.astimezone(the_city().zone).date()
        if local_on != self._day_on:
            self._day_on = local_on
            self.riders = Riders(self.phones, self._trips(local_on), midnight_of(local_on))
        assert self.riders is not None
        self.riders.tick(now)

    def _trips(self, day_on: date) -> tuple[Trip, ...]:
        return trips_of(self.habits, self.seed + day_on.toordinal())


def open_rides(
    url: str, *, seed: int, rides_per_hour: float = RIDES_PER_HOUR, noise: float = 0.2
) -> Rides | None:
    """Drivers and riders with their sessions; None where the town has no such service."""
    service = Service.objects.filter(code=SERVICE).first()
    if service is None:
        return None
    places = places_of(service)
    drivers = Driver.objects.filter(service=service, retired_at=None, person__user__isnull=False)
    vans = [
        Van(_phone(url, driver.person), by_street, places, seed, noise)
        for driver in drivers.select_related("person__user").order_by("number")
    ]
    emails = [rider.email for rider in RIDERS]
    people = Person.objects.filter(user__email__in=emails).select_related("user").order_by("pk")
    habits = Habits(rides_per_hour=rides_per_hour, shortest_trip_m=600.0, scatter_m=80.0)
    return Rides(url, seed, habits, vans, [_phone(url, person) for person in people])


def _phone(url: str, person: Person) -> Phone:
    assert person.user is not None
    return Phone(url, session_token(person.user))


def trips_of(
    habits: Habits, seed: int, *, from_s: float = 0.0, to_s: float = DAY_S
) -> tuple[Trip, ...]:
    """A day's wishes round the service's stops, some of which pull more than others."""
    service = Service.objects.get(code=SERVICE)
    spots = np.array([to_plane(stop.geom.x, stop.geom.y) for stop in service.stops.in_use()])
    pull = np.random.default_rng(seed).pareto(2.0, len(spots)) + 0.5
    return trips(habits, spots, pull, from_s=from_s, to_s=to_s, seed=seed)


def midnight_of(day_on: date) -> datetime:
    return datetime(day_on.year, day_on.month, day_on.day, tzinfo=the_city().zone)


def by_street(origin: LonLat, destination: LonLat) -> Way:
    """Along the streets as they are now; straight where there is none."""
    found = drive(origin=origin, destination=destination, at=clock.now())
    if found is None or len(found.line) < 2:
        return straight(origin, destination)
    return Way(found.line, found.at_s)
