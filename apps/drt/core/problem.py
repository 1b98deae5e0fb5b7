"""The dispatch problem as arrays, the only form the kernels know.

Jobs are rides and breaks. Job r has the pick-up node r and the drop-off node jobs + r; vehicle k
leaves from node 2·jobs + k and ends at node 2·jobs + vehicles + k. A job whose pick-up lies behind
(aboard), is locked, or never was (a break) is *half*: only its drop-off can be placed, and only
with its own vehicle. A job locked whole is *frozen*.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int32]
Times = NDArray[np.float64]
Marks = NDArray[np.bool_]

FREE, HALF, FROZEN = 0, 1, 2
TOLERANCE_S = 1e-6


class Problem(NamedTuple):
    """Times in seconds on one axis, money-free costs in seconds of driving."""

    travel_s: NDArray[np.float64]  # [nodes, nodes]
    earliest_s: NDArray[np.float64]  # [nodes]
    latest_s: NDArray[np.float64]  # [nodes]
    dwell_s: NDArray[np.float64]  # [nodes]
    weight: NDArray[np.float64]  # [nodes] cost of one second after the earliest moment
    load: NDArray[np.int64]  # [nodes] packed change of the load
    ride_limit_s: NDArray[np.float64]  # [jobs]
    kind: NDArray[np.int8]  # [jobs]
    home: NDArray[np.int32]  # [jobs] the only vehicle of a half or frozen job, else -1
    allowed: NDArray[np.bool_]  # [jobs, vehicles]
    refusal_cost: NDArray[np.float64]  # [jobs] what leaving a job unserved costs
    layouts: NDArray[np.int64]  # [vehicles, layouts] packed room, -1 where there is none
    aboard: NDArray[np.int64]  # [vehicles] packed load at the start
    route_limit_s: NDArray[np.float64]  # [vehicles]
    locked: NDArray[np.int32]  # [vehicles] nodes after the start that stay
    family: NDArray[np.int32]  # [vehicles] equal where two vehicles are interchangeable
    neighbours: NDArray[np.int32]  # [jobs, granularity] most related jobs first

    @property
    def jobs(self) -> int:
        return len(self.kind)

    @property
    def vehicles(self) -> int:
        return len(self.locked)
