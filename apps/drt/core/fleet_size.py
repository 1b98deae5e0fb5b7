"""How few vehicles can serve all rides: empty one, place its riders elsewhere, again.

A ride that stays behind grows dearer to leave (Nagata & Kobayashi's ejection counters, 2010, as a
price), so that the search turns to the rides that are hard to place.
"""

from dataclasses import replace

import numpy as np

from apps.drt.core.anneal import anneal, even_taste
from apps.drt.core.budget import Budget
from apps.drt.core.posing import REFUSAL_COST_S, Posed
from apps.drt.core.search import Tools, inserted, mean_leg_s
from apps.drt.core.tours import Tours, copied, refresh, strike_out

SURCHARGE = 0.1
CHUNK = 100
WARMTH = 0.1  # mean legs


def with_fewest_vehicles(posed: Posed, *, budget: Budget, seed: int) -> Posed:
    """The same problem with every vehicle closed that the search could do without.

    1. Serve all. 2. Close the vehicle with the fewest calls. 3. Search until all are served again,
    raising the price of whoever is left; if the budget ends first, the last vehicle stays open.
    """
    tools = Tools.for_problem(posed, seed)
    found = replace(posed, tours=inserted(posed, tools))
    iterations = 0
    while budget.spent(iterations) < 1.0 and not (found.tours.carrier < 0).any():
        smaller = _without_one(found)
        if smaller is None:
            return found
        while (smaller.tours.carrier < 0).any():
            if budget.spent(iterations) >= 1.0:
                return found
            smaller = _pressed(smaller, tools)
            iterations += CHUNK
        found = smaller
    return found


def _without_one(posed: Posed) -> Posed | None:
    """The smallest route's vehicle closed and its jobs unserved; None where every vehicle is
    bound."""
    problem = posed.problem
    is_open = problem.allowed.any(axis=0) & (posed.tours.length > 2)
    is_open[problem.home[problem.home >= 0]] = False
    if is_open.sum() < 2:
        return None
    vehicle = int(np.argmin(np.where(is_open, posed.tours.length, np.iinfo(np.int32).max)))
    allowed = problem.allowed.copy()
    allowed[:, vehicle] = False
    allowed[:, posed.tours.length == 2] = False
    tours = copied(posed.tours)
    strike_out(problem, tours, vehicle, np.ones(problem.jobs, np.bool_))
    refresh(problem, tours, vehicle, posed.scratch)
    return replace(posed, problem=problem._replace(allowed=allowed), tours=tours)


def _pressed(posed: Posed, tools: Tools) -> Posed:
    """A chunk of search, and a higher price on the rides that are still left behind."""
    problem, current = posed.problem, copied(posed.tours)
    trial, best = copied(current), copied(current)
    anneal(
        problem, current, trial, best, CHUNK, WARMTH * mean_leg_s(problem, current),
        even_taste(), tools.pool, tools.memo, tools.scratch, tools.dice,
    )  # fmt: skip
    if not (best.carrier < 0).any():
        return replace(posed, tours=best)
    cost = problem.refusal_cost + SURCHARGE * REFUSAL_COST_S * (current.carrier < 0)
    return replace(posed, problem=problem._replace(refusal_cost=cost), tours=current)


def vehicles_used(tours: Tours) -> int:
    return int((tours.length > 2).sum())
