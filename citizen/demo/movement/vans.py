"""Drivers of the demo town: each reads its plan through the driver's door, drives along the
streets, says what happens at the stops, and sends where it is in batches.

Streets take longer or less long than expected, by a factor of the seed's for each leg.
"""

import logging
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from math import log1p, sqrt
from random import Random
from typing import Any

from apps.base.geo import metres_between
from citizen.demo.movement.phones import Phone, Said

ROOT = "/api/v1/drt/driver/shifts"
LonLat = tuple[float, float]
Row = dict[str, Any]
LOOK_EVERY = timedelta(seconds=4)
FIX_EVERY = timedelta(seconds=5)
SEND_EVERY = timedelta(seconds=10)
BOARDING = timedelta(seconds=25)
STRAIGHT_MPS = 6.5
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """A line with the seconds at which each point is reached."""

    line: tuple[LonLat, ...]
    at_s: tuple[float, ...]

    @property
    def seconds(self) -> float:
        return self.at_s[-1]

    def stretched(self, factor: float) -> "Way":
        return Way(self.line, tuple(at * factor for at in self.at_s))

    def at(self, passed_s: float) -> LonLat:
        after = bisect_right(self.at_s, passed_s)
        if after >= len(self.line):
            return self.line[-1]
        if after == 0:
            return self.line[0]
        (x0, y0), (x1, y1) = self.line[after - 1], self.line[after]
        begin, end = self.at_s[after - 1], self.at_s[after]
        share = (passed_s - begin) / (end - begin) if end > begin else 1.0
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def metres(self, passed_s: float) -> float:
        """How far one has come along the line."""
        behind = bisect_right(self.at_s, passed_s)
        points = (*self.line[:behind], self.at(passed_s))
        return sum(float(metres_between(*one, *other)) for one, other in pairwise(points))


Router = Callable[[LonLat, LonLat], Way]


def straight(origin: LonLat, destination: LonLat) -> Way:
    """As the crow drives, where no street is known."""
    metres = float(metres_between(*origin, *destination))
    return Way((origin, destination), (0.0, max(1.0, metres / STRAIGHT_MPS)))


def factor_of(seed: int, vehicle: str, leg: int, noise: float) -> float:
    """How much longer than expected a leg takes: lognormal round one."""
    digest = blake2b(f"{seed}/{vehicle}/{leg}".encode(), digest_size=8).digest()
    sigma = sqrt(log1p(noise**2))
    return Random(int.from_bytes(digest, "big")).lognormvariate(-(sigma**2) / 2, sigma)


@dataclass(eq=False)
class Van:
    """One driver at work. `tick` does what is due; all times are the city's."""

    phone: Phone
    router: Router
    places: dict[str, LonLat]
    seed: int
    noise: float = 0.2
    shift: Row | None = None
    at: LonLat | None = None
    driven_m: float = 0.0
    _way: Way | None = None
    _left_at: datetime | None = None
    _goal: str = ""
    _legs: int = 0
    _busy_until: datetime | None = None
    _looked_at: datetime | None = None
    _fixes: list[Row] = field(default_factory=list)
    _sent_at: datetime | None = None

    def tick(self, now: datetime) -> None:
        """One look at the world. What the city refuses is looked at again."""
        try:
            self._look(now)
            if self.shift is None:
                return
            self._move(now)
            if self._busy_until is None or now >= self._busy_until:
                self._work(now)
            self._send(now)
        except Said as said:
            logger.info("a driver was told no: %s", said)
            self._looked_at = None

    # ------------------------------------------------------------ plan

    def _look(self, now: datetime) -> None:
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = now
        self.shift = self._current(self.phone.get(ROOT), now)
        if self.shift is None:
            self._way = None
            return
        if self.shift["duty"] in ("planned", "paused"):
            self.phone.post(f"{self._path}/start")
            self._looked_at = None
        elif self.shift["acknowledged_version"] < self.shift["version"]:
            version = {"version": self.shift["version"]}
            self.phone.post(f"{self._path}/acknowledge", version)

    def _current(self, shifts: list[Row], now: datetime) -> Row | None:
        for shift in shifts:
            begins, ends = (
                datetime.fromisoformat(shift[name]) for name in ("starts_at", "ends_at")
            )
            if begins <= now and (now < ends or shift["stops"]) and shift["duty"] != "broken":
                return shift
        return None

    @property
    def _path(self) -> str:
        assert self.shift is not None
        return f"{ROOT}/{self.shift['code']}"

    # ------------------------------------------------------------ on the road

    def _move(self, now: datetime) -> None:
        assert self.shift is not None
        if self.at is None:
            self.at = next(at for name, at in self.places.items() if name.startswith("depot:"))
        if self._way is not None and self._left_at is not None:
            self.at = self._way.at((now - self._left_at).total_seconds())
        last = self._fixes[-1]["at"] if self._fixes else None
        if last is None or now - last >= FIX_EVERY:
            self._fixes.append({"at": now, "lon": self.at[0], "lat": self.at[1]})

    def _work(self, now: datetime) -> None:
        assert self.shift is not None
        if self.shift["duty"] != "active":
            return
        goal = self._next_place(now)
        if goal is None:
            return
        if goal != self._goal:
            self._set_off(goal, now)
        elif self._has_arrived(now):
            self._leave_way(now)
            if self.shift["stops"] and self.shift["stops"][0]["place"] == goal:
                self._serve(now)

    def _next_place(self, now: datetime) -> str | None:
        """The next stop once it is time to leave for it, else where to wait."""
        assert self.shift is not None
        stops = self.shift["stops"]
        if stops and stops[0]["place"] == self._goal:
            return self._goal
        if stops:
            leave_at = self.shift["leave_at"]
            if leave_at is None or now >= datetime.fromisoformat(leave_at):
                return str(stops[0]["place"])
            return None
        return f"stop:{self.shift['wait_at']}" if self.shift["wait_at"] else None

    def _set_off(self, goal: str, now: datetime) -> None:
        assert self.shift is not None
        assert self.at is not None
        self._leave_way(now)
        factor = factor_of(self.seed, self.shift["vehicle"], self._legs, self.noise)
        self._way = self.router(self.at, self.places[goal]).stretched(factor)
        self._left_at, self._goal = now, goal
        self._legs += 1

    def _leave_way(self, now: datetime) -> None:
        if self._way is not None and self._left_at is not None:
            self.driven_m += self._way.metres((now - self._left_at).total_seconds())
        self._way = None

    def _has_arrived(self, now: datetime) -> bool:
        if self._way is None or self._left_at is None:
            return True
        return (now - self._left_at).total_seconds() >= self._way.seconds

    def _serve(self, now: datetime) -> None:
        """The next thing to say at this stop."""
        assert self.shift is not None
        call = self.shift["stops"][0]
        act, lasts = self._act_of(call, now)
        if act is None:
            return
        body = {"subject": call["id"], "act": act, "at": now.isoformat()}
        self.phone.post(f"{self._path}/acts", body)
        self._busy_until, self._looked_at = now + lasts, None

    def _act_of(self, call: Row, now: datetime) -> tuple[str | None, timedelta]:
        if call["act"] == "break":
            return "break", timedelta(minutes=1)
        if call["act"] == "dropoff":
            return "alighted", timedelta(seconds=15)
        if self._state_of(call["id"]) != "arrived":
            return "arrived", BOARDING
        # Who is promised a time may come as late as it begins.
        if now < datetime.fromisoformat(call["at"]) - timedelta(seconds=30):
            return None, timedelta()
        return "boarded", timedelta(seconds=5)

    def _state_of(self, booking: str) -> str:
        assert self.shift is not None
        found = (one for one in self.shift["passengers"] if one["booking"] == booking)
        return str(next(found, {"state": ""})["state"])

    # ------------------------------------------------------------ positions

    def _send(self, now: datetime) -> None:
        assert self.shift is not None
        due = self._sent_at is None or now - self._sent_at >= SEND_EVERY
        if not due or not self._fixes or self.shift["duty"] != "active":
            return
        self._sent_at = now
        fixes = [
            {"recorded_at": fix["at"].isoformat(), "lon": fix["lon"], "lat": fix["lat"]}
            for fix in self._fixes[-600:]
        ]
        self.phone.post(f"{self._path}/positions", {"positions": fixes})
        self._fixes = self._fixes[-1:]
