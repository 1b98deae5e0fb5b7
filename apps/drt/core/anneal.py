"""Adaptive large-neighbourhood search under simulated annealing: one kernel, any number of
iterations.

Ropke & Pisinger (2006) for the adaptive choice, Christiaens & Vanden Berghe (2020) for strings,
blinks and the exponential cooling, Gschwind & Drexl (2019) for the use on dial-a-ride.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.dice import Dice, uniform
from apps.drt.core.insertion import Memo
from apps.drt.core.kernel import kernel, leaf
from apps.drt.core.pool import Pool, remember_route
from apps.drt.core.problem import Marks, Problem, Times
from apps.drt.core.recreate import BLINK_CHANCE, RECREATES, recreate
from apps.drt.core.ruin import RUINS, ruin
from apps.drt.core.tours import Scratch, Tours, copy_route, refresh, strike_out

NEW_BEST, BETTER, ACCEPTED = 16.0, 4.0, 1.0
MEMORY = 0.995
LEAST_WEIGHT = 0.1


class Taste(NamedTuple):
    """Which ways of ruin and recreation have paid lately; a weight each."""

    ruin: NDArray[np.float64]
    recreate: NDArray[np.float64]


def even_taste() -> Taste:
    return Taste(np.ones(RUINS), np.ones(RECREATES))


@leaf
def total_cost(problem: Problem, tours: Tours) -> float:
    cost = 0.0
    for vehicle in range(tours.length.shape[0]):
        cost += tours.cost[vehicle]
    for job in range(problem.kind.shape[0]):
        if tours.carrier[job] < 0:
            cost += problem.refusal_cost[job]
    return float(cost)


@leaf
def _spin(weights: Times, dice: Dice) -> int:
    ball = uniform(dice) * weights.sum()
    for choice in range(weights.shape[0]):
        ball -= weights[choice]
        if ball < 0.0:
            return choice
    return int(weights.shape[0]) - 1


@leaf
def _copy_touched(origin: Tours, target: Tours, touched: Marks) -> None:
    for vehicle in range(touched.shape[0]):
        if touched[vehicle]:
            copy_route(origin, target, vehicle)
    for job in range(target.carrier.shape[0]):
        target.carrier[job] = origin.carrier[job]


@leaf
def _opened(problem: Problem, trial: Tours, out: Marks, touched: Marks, scratch: Scratch) -> bool:
    """Take the marked jobs out; False where a route cannot do without (a broken triangle)."""
    for job in range(out.shape[0]):
        if out[job] and trial.carrier[job] >= 0:
            touched[trial.carrier[job]] = True
    for vehicle in range(touched.shape[0]):
        if touched[vehicle]:
            strike_out(problem, trial, vehicle, out)
            if not refresh(problem, trial, vehicle, scratch):
                return False
    return True


@kernel
def anneal(
    problem: Problem,
    current: Tours,
    trial: Tours,
    best: Tours,
    iterations: int,
    temperature: float,
    taste: Taste,
    pool: Pool,
    memo: Memo,
    scratch: Scratch,
    dice: Dice,
) -> float:
    """Search on from ``current`` (== ``trial`` on entry and exit); ``best`` is kept up to date.

    Each iteration: 1. choose a ruin and a recreation; 2. take out, put back; 3. accept by
    temperature; 4. remember accepted routes; 5. keep the best; 6. learn what paid.
    """
    jobs, vehicles = problem.kind.shape[0], current.length.shape[0]
    cost = total_cost(problem, current)
    best_cost = total_cost(problem, best)
    for _ in range(iterations):
        how_out, how_in = _spin(taste.ruin, dice), _spin(taste.recreate, dice)
        out, touched = np.zeros(jobs, np.bool_), np.zeros(vehicles, np.bool_)
        ruin(problem, trial, how_out, out, dice)
        whole = _opened(problem, trial, out, touched, scratch)
        if whole:
            recreate(problem, trial, how_in, BLINK_CHANCE, touched, memo, scratch, dice)
        new_cost = total_cost(problem, trial) if whole else np.inf
        reward = 0.0
        if new_cost < cost - temperature * np.log(1.0 - uniform(dice)) - 1e-9:
            reward = BETTER if new_cost < cost - 1e-9 else ACCEPTED
            if abs(new_cost - cost) < 1e-9:
                reward = 0.0
            for vehicle in range(vehicles):
                if touched[vehicle]:
                    remember_route(problem, trial, vehicle, pool)
            _copy_touched(trial, current, touched)
            cost = new_cost
            if cost < best_cost - 1e-9:
                reward = NEW_BEST
                best_cost = cost
                _copy_touched(current, best, np.ones(vehicles, np.bool_))
        else:
            _copy_touched(current, trial, touched)
        taste.ruin[how_out] = max(
            LEAST_WEIGHT, taste.ruin[how_out] * MEMORY + reward * (1.0 - MEMORY)
        )
        taste.recreate[how_in] = max(
            LEAST_WEIGHT, taste.recreate[how_in] * MEMORY + reward * (1.0 - MEMORY)
        )
    return float(best_cost)
