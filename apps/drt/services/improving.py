"""Plans made better while nobody asks: searched in memory, committed only if all still stand."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from apps.base import clock
from apps.drt.cache import Fleet, fleet_of
from apps.drt.core.budget import Iterations
from apps.drt.core.improving import Improvement, improve
from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import Weights
from apps.drt.services.plans import commit_revision
from apps.drt.services.rescue import DISPATCHER
from apps.drt.snapshot import seconds

WEIGHTS = Weights(wait=0.2, arrival=0.1)
BUDGET = Iterations(300)
LEAST_GAIN_S = 20.0
NEAR_FUTURE = timedelta(hours=4)
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
            plans = busiest(fleet)
            rides = {name: fleet.rides[name] for plan in plans for name in plan.ride_ids}
        print_ = fingerprint(plans)
        tried = self._vain.get(print_, 0)
        if not rides or tried >= TRIES:
            return 0.0
        found = improve(
            plans=plans, rides=rides.values(), travel=fleet.supply.ways.times, budget=BUDGET,
            seed=print_ + tried, weights=WEIGHTS,
        )  # fmt: skip
        if not _is_worth_it(found):
            self._vain = {print_: tried + 1}
            return 0.0
        return found.saved_s if _committed(fleet, found) else 0.0


def fingerprint(plans: Sequence[VehiclePlan]) -> int:
    """What a search would start from: the same for the same versions of the same plans."""
    text = ";".join(f"{plan.vehicle_id}:{plan.version}" for plan in plans)
    return zlib.crc32(text.encode())


def busiest(fleet: Fleet) -> list[VehiclePlan]:
    """Plans of the next hours, where there is something to improve; those under way first."""
    until_s = seconds(clock.now() + NEAR_FUTURE)
    near = [
        plan
        for plan in fleet.engine.plans
        if plan.vehicle.shift.latest_s > seconds(clock.now())
        and (plan.standing is not None or plan.vehicle.shift.earliest_s < until_s)
    ]
    near.sort(key=lambda plan: (-len(plan.stops), plan.vehicle_id))
    return sorted(near[:MOST_VEHICLES], key=lambda plan: plan.vehicle_id)


def _is_worth_it(found: Improvement) -> bool:
    """Drivers and riders are not unsettled for a trifle."""
    return bool(found.changed) and found.saved_s >= LEAST_GAIN_S


def _committed(fleet: Fleet, found: Improvement) -> bool:
    return commit_revision(fleet.supply, found.changed, reason="improved", actor=DISPATCHER)
