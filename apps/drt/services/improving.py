"""Plans made better while nobody asks: searched in memory, committed only if all still stand."""

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from apps.base import clock
from apps.drt.cache import Fleet, fleet_of
from apps.drt.core.budget import Iterations
from apps.drt.core.improving import Improvement, improve
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import Weights
from apps.drt.core.rides import Ride
from apps.drt.services.plans import commit_revision
from apps.drt.services.rescue import DISPATCHER
from apps.drt.snapshot import seconds

WEIGHTS = Weights(wait=0.2, arrival=0.1)
BUDGET = Iterations(300)
LEAST_GAIN_S = 20.0
NEAR_FUTURE = timedelta(hours=4)
DAY_S = 86_400.0
MOST_VEHICLES = 60
TRIES = 4  # seeds tried on plans that do not change


@dataclass
class Improver:
    """Remembers which plans it has looked at in vain; all of it may be lost."""

    service_code: str
    _vain: dict[int, int] = field(default_factory=dict)

    def improve_once(self) -> float:
        """One search and, if it found something, one commit. Returns the seconds saved.

        The seed follows from the plans' versions, so that the same plans are searched in the same
        way by whichever process looks at them.
        """
        fleet = fleet_of(self.service_code)
        with fleet.lock:
            fleet.refresh()
            groups = {fingerprint(plans): plans for plans in by_horizon(fleet)}
            rides = dict(fleet.rides)
        self._vain = {print_: n for print_, n in self._vain.items() if print_ in groups}
        for print_, plans in groups.items():
            if self._vain.get(print_, 0) < TRIES:
                return self._improve(fleet, print_, plans, rides)
        return 0.0

    def _improve(
        self, fleet: Fleet, print_: int, plans: list[VehiclePlan], known: dict[str, Ride]
    ) -> float:
        tried = self._vain.get(print_, 0)
        rides = [known[name] for plan in plans for name in plan.ride_ids]
        found = improve(
            plans=plans, rides=rides, travel=fleet.supply.ways.times, budget=BUDGET,
            seed=print_ + tried, weights=WEIGHTS,
        )  # fmt: skip
        if not _is_worth_it(found):
            self._vain[print_] = tried + 1
            return 0.0
        return found.saved_s if _committed(fleet, found) else 0.0


def fingerprint(plans: Sequence[VehiclePlan]) -> int:
    """What a search would start from: the same for the same versions of the same plans."""
    text = ";".join(f"{plan.vehicle_id}:{plan.version}" for plan in plans)
    return zlib.crc32(text.encode())


def by_horizon(fleet: Fleet) -> Iterator[list[VehiclePlan]]:
    """Plans that may take over one another's rides: first those of the next hours, then the
    advance bookings of each later day. Only where somebody rides."""
    now_s = seconds(clock.now())
    until_s = now_s + NEAR_FUTURE.total_seconds()
    groups = defaultdict[int, list[VehiclePlan]](list)
    for plan in fleet.engine.plans:
        begins_s, ends_s = plan.vehicle.shift.earliest_s, plan.vehicle.shift.latest_s
        if ends_s > now_s:
            is_near = plan.standing is not None or begins_s < until_s
            groups[0 if is_near else int(begins_s // DAY_S)].append(plan)
    for _day, plans in sorted(groups.items()):
        if any(plan.ride_ids for plan in plans):
            yield busiest(plans)


def busiest(plans: list[VehiclePlan]) -> list[VehiclePlan]:
    """As many as one search can mind, in a stable order."""
    most = sorted(plans, key=lambda plan: (-len(plan.stops), plan.vehicle_id))[:MOST_VEHICLES]
    return sorted(most, key=lambda plan: plan.vehicle_id)


def _is_worth_it(found: Improvement) -> bool:
    """Drivers and riders are not unsettled for a trifle."""
    return bool(found.changed) and found.saved_s >= LEAST_GAIN_S


def _committed(fleet: Fleet, found: Improvement) -> bool:
    return commit_revision(fleet.supply, found.changed, reason="improved", actor=DISPATCHER)
