"""The whole fleet as padded rows, for a scan that prices a request against every vehicle."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.plans import VehiclePlan
from apps.drt.core.posing import pose
from apps.drt.core.problem import Times
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes
from apps.drt.core.vehicles import MOST_LAYOUTS

ALONE = -1
LINE_BYTES = 64  # of the processor's cache


class Rows(NamedTuple):
    """Row k, position 0 is vehicle k's departure and position count - 1 its return."""

    length: NDArray[np.int32]  # [vehicles]
    locked: NDArray[np.int32]  # [vehicles]
    layouts: NDArray[np.int64]  # [vehicles, layouts]
    route_limit_s: Times  # [vehicles]
    place: NDArray[np.int64]  # [vehicles, room] and so all below
    load: NDArray[np.int64]  # packed, after the call
    leave_s: Times  # soonest
    begin_by_s: Times  # latest that keeps all that follows
    earliest_s: Times
    latest_s: Times
    dwell_s: Times
    factor: Times  # of the leg that leaves
    leg_s: Times  # to the next position
    ride_limit_s: Times  # at drop-offs
    boarded_at: NDArray[np.int32]  # position of the drop-off's pick-up; ALONE elsewhere


def empty_rows(vehicles: int, room: int) -> Rows:
    """What the scan reads of a call lies together, on one line of the cache."""
    reals = _lines(vehicles, room)
    whole = reals.view(np.int64)

    def apart() -> Times:
        return np.zeros((vehicles, room))

    return Rows(
        length=np.zeros(vehicles, np.int32),
        locked=np.zeros(vehicles, np.int32),
        layouts=np.full((vehicles, MOST_LAYOUTS), -1, np.int64),
        route_limit_s=np.zeros(vehicles),
        place=whole[..., 0],
        load=whole[..., 1],
        leave_s=reals[..., 2],
        begin_by_s=reals[..., 3],
        factor=reals[..., 4],
        leg_s=reals[..., 5],
        earliest_s=reals[..., 6],
        dwell_s=reals[..., 7],
        latest_s=apart(),
        ride_limit_s=apart(),
        boarded_at=np.full((vehicles, room), ALONE, np.int32),
    )


def _lines(vehicles: int, room: int) -> Times:
    """[vehicles, room, 8] zeros, beginning where a line does."""
    spare = LINE_BYTES // 8
    raw = np.zeros(vehicles * room * spare + spare)
    begin = -raw.ctypes.data % LINE_BYTES // 8
    return raw[begin : begin + vehicles * room * spare].reshape(vehicles, room, spare)


def write_row(
    rows: Rows, at: int, plan: VehiclePlan, rides: Mapping[str, Ride], travel: TravelTimes
) -> None:
    """Lay one plan into its row. What the world has broken is taken as it stands."""
    carried = [rides[ride_id] for ride_id in plan.ride_ids]
    posed = pose(plans=[plan], rides=carried, travel=travel, forgiving=True)
    problem, tours = posed.problem, posed.tours
    count = int(tours.length[0])
    nodes = tours.nodes[0, :count]
    calls = [posed.call_at(int(node)) for node in nodes]
    rows.length[at], rows.locked[at] = count, plan.locked
    rows.layouts[at] = problem.layouts[0]
    rows.route_limit_s[at] = problem.route_limit_s[0]
    rows.place[at, :count] = [call.place for call in calls]
    rows.load[at, :count] = tours.load[0, :count]
    rows.leave_s[at, :count] = tours.early_s[0, :count] + problem.dwell_s[nodes]
    rows.begin_by_s[at, :count] = tours.late_s[0, :count]
    rows.earliest_s[at, :count] = problem.earliest_s[nodes]
    rows.latest_s[at, :count] = problem.latest_s[nodes]
    rows.dwell_s[at, :count] = problem.dwell_s[nodes]
    rows.factor[at, :count] = [travel.factor_at(call.window.earliest_s) for call in calls]
    rows.leg_s[at, : count - 1] = problem.travel_s[nodes[:-1], nodes[1:]]
    position = {int(node): at_position for at_position, node in enumerate(nodes)}
    for here, node in enumerate(nodes.tolist()):
        is_dropoff = problem.jobs <= node < 2 * problem.jobs
        rows.ride_limit_s[at, here] = (
            problem.ride_limit_s[node - problem.jobs] if is_dropoff else 0.0
        )
        rows.boarded_at[at, here] = (
            position.get(node - problem.jobs, ALONE) if is_dropoff else ALONE
        )


def longest_row(plans: Iterable[VehiclePlan]) -> int:
    return max((len(plan.stops) for plan in plans), default=0) + 2
