"""Good routes seen on the way, kept to be combined anew (see ``partition``)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.dice import mix
from apps.drt.core.kernel import leaf
from apps.drt.core.problem import Problem
from apps.drt.core.tours import Tours

PROBES = 8


class Pool(NamedTuple):
    """An open hash: the cheapest order known of each set of jobs on each family of vehicles."""

    key: NDArray[np.uint64]
    cost: NDArray[np.float64]
    family: NDArray[np.int32]
    length: NDArray[np.int32]
    nodes: NDArray[np.int32]  # [slots, room] inner nodes only


def pool_of(bits: int, room: int) -> Pool:
    size = 1 << bits
    return Pool(
        np.zeros(size, np.uint64),
        np.zeros(size),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.zeros((size, room), np.int32),
    )


@leaf
def remember_route(problem: Problem, tours: Tours, vehicle: int, pool: Pool) -> None:
    """Keep a route if its set of jobs is new or was dearer; a full neighbourhood loses its
    oldest."""
    count = tours.length[vehicle] - 2
    if count == 0 or count > pool.nodes.shape[1]:
        return
    jobs = problem.kind.shape[0]
    family = problem.family[vehicle]
    key = np.uint64(0)
    for at in range(1, count + 1):
        node = tours.nodes[vehicle, at]
        if node >= jobs:
            key += mix(np.uint64(node))
    key = mix(key + np.uint64(family) * np.uint64(0x9E3779B97F4A7C15)) | np.uint64(1)
    size = np.uint64(pool.key.shape[0] - 1)
    slot = key & size
    for probe in range(PROBES):
        tried = (key + np.uint64(probe)) & size
        if pool.key[tried] == key:
            if pool.cost[tried] <= tours.cost[vehicle] + 1e-9:
                return
            slot = tried
            break
        if pool.key[tried] == 0:
            slot = tried
            break
    pool.key[slot] = key
    pool.cost[slot] = tours.cost[vehicle]
    pool.family[slot] = family
    pool.length[slot] = count
    for at in range(count):
        pool.nodes[slot, at] = tours.nodes[vehicle, at + 1]
