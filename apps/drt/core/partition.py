"""Combine the good routes of a search anew: a set partition over vehicles and routes.

Columns are routes seen; every job is in exactly one of them, and no family gives more vehicles than
it has. The linear relaxation prices the columns; one whose reduced cost exceeds the gap to the plan
in hand cannot be part of a cheaper plan and is left out, so that the integer program that remains
is small enough for CP-SAT. Malheiros et al. (2021) and Parragh & Schmid (2013) do this on
dial-a-ride problems.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy.optimize import linprog
from scipy.sparse import csc_array

from apps.drt.core.anneal import total_cost
from apps.drt.core.pool import Pool
from apps.drt.core.problem import Problem
from apps.drt.core.tours import Tours, copied, refresh, scratch_for

COST_STEPS = 1000  # CP-SAT counts in whole numbers: thousandths of a second.
MOST_COLUMNS = 3000
EFFORT = 2.0  # CP-SAT's deterministic time, about a second; never the wall clock.


def recombine(problem: Problem, pool: Pool, best: Tours) -> Tours | None:
    """Tours cheaper than ``best`` made of routes in the pool, or None.

    1. Price the columns by the linear relaxation. 2. Keep those within the gap. 3. Choose whole
    columns. 4. Lay the chosen routes on vehicles of their families.
    """
    slots = np.flatnonzero(pool.key)
    if not slots.size or (best.carrier < 0).any():
        return None
    bound = total_cost(problem, best)
    jobs_in, vehicles_of = _columns(problem, pool, slots)
    families = np.unique(problem.family)
    supply = np.array([(problem.family == family).sum() for family in families])
    relaxed = linprog(
        pool.cost[slots],
        A_eq=jobs_in,
        b_eq=np.ones(problem.jobs),
        A_ub=vehicles_of,
        b_ub=supply,
        method="highs",
    )
    if relaxed.status != 0 or relaxed.fun >= bound - 1e-6:
        return None
    reduced = pool.cost[slots] - jobs_in.T @ relaxed.eqlin.marginals
    reduced -= vehicles_of.T @ relaxed.ineqlin.marginals
    order = np.argsort(reduced, kind="stable")[:MOST_COLUMNS]
    kept = order[reduced[order] <= bound - relaxed.fun]
    chosen = _choose(pool.cost[slots[kept]], jobs_in[:, kept], vehicles_of[:, kept], supply, bound)
    return _laid(problem, pool, best, slots[kept[chosen]]) if chosen.size else None


def _columns(
    problem: Problem, pool: Pool, slots: NDArray[np.intp]
) -> tuple[csc_array[np.float64], csc_array[np.float64]]:
    """Which jobs, and which family of vehicles, each route takes."""
    nodes, count = pool.nodes[slots], pool.length[slots]
    filled = np.arange(nodes.shape[1])[None, :] < count[:, None]
    column, place = np.nonzero(filled & (nodes >= problem.jobs))
    row = nodes[column, place] - problem.jobs
    jobs_in = csc_array((np.ones(row.size), (row, column)), shape=(problem.jobs, slots.size))
    families = np.unique(problem.family)
    row_of = dict(zip(families.tolist(), range(families.size), strict=True))
    rows = np.array([row_of[family] for family in pool.family[slots].tolist()])
    vehicles_of = csc_array(
        (np.ones(slots.size), (rows, np.arange(slots.size))), shape=(families.size, slots.size)
    )
    return jobs_in, vehicles_of


def _choose(
    cost: NDArray[np.float64],
    jobs_in: Any,
    vehicles_of: Any,
    supply: NDArray[np.intp],
    bound: float,
) -> NDArray[np.intp]:
    """The cheapest whole columns, if they are cheaper than the bound."""
    model = cp_model.CpModel()
    taken = [model.new_bool_var(f"c{at}") for at in range(cost.size)]
    rows = jobs_in.tocsr()
    for row in range(rows.shape[0]):
        model.add_exactly_one(
            taken[at] for at in rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        )
    rows = vehicles_of.tocsr()
    for row in range(rows.shape[0]):
        columns = rows.indices[rows.indptr[row] : rows.indptr[row + 1]]
        model.add(sum(taken[at] for at in columns) <= int(supply[row]))
    whole = np.rint(cost * COST_STEPS).astype(np.int64)
    total = cp_model.LinearExpr.weighted_sum(taken, whole.tolist())
    model.add(total <= int(bound * COST_STEPS) - 1)
    model.minimize(total)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return np.zeros(0, np.intp)
    return np.flatnonzero([solver.value(var) for var in taken])


def _laid(problem: Problem, pool: Pool, best: Tours, slots: NDArray[np.intp]) -> Tours:
    """The chosen routes, each on a free vehicle of its family; vehicles without one stay empty."""
    tours = copied(best)
    free = {
        int(family): np.flatnonzero(problem.family == family).tolist()
        for family in np.unique(problem.family)
    }
    for slot in slots:
        vehicle = free[int(pool.family[slot])].pop(0)
        _write(problem, tours, vehicle, pool.nodes[slot, : pool.length[slot]])
    for vehicle in (vehicle for idle in free.values() for vehicle in idle):
        _write(problem, tours, vehicle, np.zeros(0, np.int32))
    return tours


def _write(problem: Problem, tours: Tours, vehicle: int, inner: NDArray[np.int32]) -> None:
    end = 2 * problem.jobs + problem.vehicles + vehicle
    tours.nodes[vehicle, 1 : inner.size + 1] = inner
    tours.nodes[vehicle, inner.size + 1] = end
    tours.length[vehicle] = inner.size + 2
    tours.carrier[inner[inner >= problem.jobs] - problem.jobs] = vehicle
    refresh(problem, tours, vehicle, scratch_for(problem, tours.nodes.shape[1]))
