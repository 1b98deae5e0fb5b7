"""Citizens of the demo town who ride: they ask when their wish comes up, and take the soonest."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from apps.base import clock
from apps.drt.core.simulation.demand import Trip
from citizen.demo.movement.phones import Phone, Said
from citizen.demo.world.plane import to_lonlat

ROOT = "/api/v1/drt"
LATE = timedelta(minutes=10)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: the promised pick-up and drop-off, or why not."""

    trip: Trip
    booking: str = ""
    pickup_stop: str = ""
    walk_to_m: float = 0.0
    problem: str = ""


@dataclass(eq=False)
class Riders:
    """Trips in the order of asking; `midnight` is what their seconds count from."""

    phones: list[Phone]
    trips: tuple[Trip, ...]
    midnight: datetime
    answers: list[Answer] = field(default_factory=list)
    _asked: int = 0

    @property
    def have_all_asked(self) -> bool:
        return self._asked >= len(self.trips)

    def tick(self, now: datetime) -> None:
        """Everybody whose moment has come asks; moments long past are let go."""
        while not self.have_all_asked:
            trip = self.trips[self._asked]
            asks_at = self._moment(trip.asks_at_s)
            if asks_at > now:
                return
            self._asked += 1
            if now - asks_at <= LATE:
                phone = self.phones[self._asked % len(self.phones)]
                self.answers.append(self._ride(phone, trip))

    def _moment(self, seconds: float) -> datetime:
        return self.midnight + timedelta(seconds=seconds)

    def _ride(self, phone: Phone, trip: Trip) -> Answer:
        try:
            offers = phone.post(f"{ROOT}/quotes", self._wish(trip))["offers"]
            taken = phone.post(f"{ROOT}/bookings", {"offer": offers[0]["offer"]})
        except (Said, OSError) as no:
            problem = no.problem.get("type", "") if isinstance(no, Said) else "unreachable"
            logger.info("a rider was told no: %s", no)
            return Answer(trip, problem=problem or "unknown")
        return Answer(
            trip,
            booking=taken["code"],
            pickup_stop=taken["pickup"]["code"],
            walk_to_m=taken["walk_to_m"],
        )

    def _wish(self, trip: Trip) -> dict[str, Any]:
        ends = {"origin": trip.origin_m, "destination": trip.destination_m}
        wish: dict[str, Any] = {
            name: dict(zip(("lon", "lat"), to_lonlat(at), strict=True)) for name, at in ends.items()
        }
        party = trip.party
        wish["party"] = {
            "seats": party.seats, "wheelchair_bays": party.wheelchair_bays,
            "pushchairs": party.pushchairs, "luggage": party.luggage,
        }  # fmt: skip
        if trip.arrive_by_s is not None:
            return wish | {"arrive_by": self._moment(trip.arrive_by_s).isoformat()}
        assert trip.depart_after_s is not None
        # Asked of the clock anew: at speed minutes pass while others are served.
        leave = max(clock.now(), self._moment(trip.depart_after_s))
        return wish | {"depart_after": leave.isoformat()}
