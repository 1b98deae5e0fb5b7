"""The any-time search: anneal in chunks, now and then combine the good routes anew."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from apps.drt.core.anneal import anneal, even_taste, total_cost
from apps.drt.core.budget import Budget
from apps.drt.core.dice import Dice, dice_from
from apps.drt.core.insertion import Memo, memo_of
from apps.drt.core.pool import Pool, pool_of
from apps.drt.core.posing import Posed
from apps.drt.core.problem import Problem
from apps.drt.core.recreate import EARLY, recreate
from apps.drt.core.tours import Scratch, Tours, copied

Recombine = Callable[[Problem, Pool, Tours], Tours | None]


@dataclass(frozen=True, slots=True)
class Cooling:
    """Temperatures in mean legs; ``chunk`` iterations between two looks at the budget.

    ``recombine_at`` are the parts of the budget at which good routes are combined anew.
    """

    hot: float = 0.5
    cold: float = 0.01
    chunk: int = 500
    recombine_at: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9)

    def __post_init__(self) -> None:
        if not 0 < self.cold <= self.hot or self.chunk < 1:
            raise ValueError(f"A search cools down, in chunks of at least one: {self}")

    def at(self, spent: float) -> float:
        cooled: float = self.hot * (self.cold / self.hot) ** min(1.0, spent)
        return cooled


def search(
    posed: Posed,
    *,
    budget: Budget,
    seed: int,
    cooling: Cooling | None = None,
    recombine: Recombine | None = None,
) -> Tours:
    """The best tours found from the posed ones on; never dearer than those with all that fits put
    in.

    1. Put in what fits. 2. Anneal a chunk at the temperature of the budget. 3. At the given parts
    of the budget let the pool of routes be combined; a cheaper combination becomes the current one.
    """
    cooling = cooling or Cooling()
    problem = posed.problem
    if problem.jobs == 0 or problem.vehicles == 0:
        return posed.tours
    tools = Tools.for_problem(posed, seed)
    current = inserted(posed, tools)
    trial, best = copied(current), copied(current)
    taste = even_taste()
    leg_s = mean_leg_s(problem, current)
    iterations, recombined = 0, 0
    spent = budget.spent(0)
    while spent < 1.0:
        anneal(
            problem, current, trial, best, cooling.chunk, cooling.at(spent) * leg_s,
            taste, tools.pool, tools.memo, tools.scratch, tools.dice,
        )  # fmt: skip
        iterations += cooling.chunk
        spent = budget.spent(iterations)
        parts = cooling.recombine_at
        if recombine and recombined < len(parts) and spent >= parts[recombined]:
            recombined += 1
            found = recombine(problem, tools.pool, best)
            if found and total_cost(problem, found) < total_cost(problem, best) - 1e-9:
                current, trial, best = copied(found), copied(found), copied(found)
            spent = budget.spent(iterations)
    return best


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    memo: Memo
    pool: Pool
    scratch: Scratch
    dice: Dice

    @classmethod
    def for_problem(cls, posed: Posed, seed: int) -> "Tools":
        effort = min(20, max(12, int(np.log2(posed.problem.jobs * posed.problem.vehicles + 1)) + 9))
        room = posed.tours.nodes.shape[1] - 2
        return cls(memo_of(effort), pool_of(15, min(room, 64)), posed.scratch, dice_from(seed))


def inserted(posed: Posed, tools: Tools) -> Tours:
    """The posed tours with every unserved job that fits, soonest first."""
    tours = copied(posed.tours)
    touched = np.zeros(posed.problem.vehicles, np.bool_)
    recreate(posed.problem, tours, EARLY, 0.0, touched, tools.memo, tools.scratch, tools.dice)
    return tours


def mean_leg_s(problem: Problem, tours: Tours) -> float:
    """The mean way between two calls of the tours, the yardstick of temperature."""
    legs = int((tours.length - 1)[tours.length > 2].sum())
    driven_s = float((tours.cost - tours.lateness)[tours.length > 2].sum())
    return max(1.0, driven_s / max(1, legs))
