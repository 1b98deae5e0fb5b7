"""Ways to put jobs back: greedily in some order with blinks, or by regret.

Half jobs go first, since a party aboard fills its vehicle until its drop-off is placed.
"""

import numpy as np
from numpy.typing import NDArray

from apps.drt.core.dice import Dice, uniform
from apps.drt.core.insertion import Memo, careless_place, remembered_place
from apps.drt.core.kernel import kernel, leaf
from apps.drt.core.problem import FREE, Marks, Problem, Times
from apps.drt.core.tours import Scratch, Tours, put_in

RANDOM, TIGHT, LONG, EARLY, HEAVY, REGRET = 0, 1, 2, 3, 4, 5
RECREATES = 6
BLINK_CHANCE = 0.01
REGRET_NOISE = 0.2
CARELESS = 5.0  # How many times as often a vehicle is looked at carelessly as not at all.


@kernel
def recreate(
    problem: Problem,
    tours: Tours,
    how: int,
    blink: float,
    touched: Marks,
    memo: Memo,
    scratch: Scratch,
    dice: Dice,
) -> None:
    """Place every unserved job that fits somewhere; mark the vehicles changed in ``touched``."""
    bank = np.flatnonzero(tours.carrier < 0)
    if bank.shape[0] == 0:
        return
    if how == REGRET and bank.shape[0] > 1:
        _by_regret(problem, tours, bank, touched, memo, scratch, dice)
    else:
        _in_order(problem, tours, bank, how, blink, touched, memo, scratch, dice)


@kernel
def _in_order(
    problem: Problem,
    tours: Tours,
    bank: NDArray[np.intp],
    how: int,
    blink: float,
    touched: Marks,
    memo: Memo,
    scratch: Scratch,
    dice: Dice,
) -> None:
    rank = np.empty(bank.shape[0])
    for at in range(bank.shape[0]):
        rank[at] = _rank(problem, bank[at], how, dice)
    for at in np.argsort(rank):
        job = bank[at]
        best, vehicle, after_up, after_down = cheapest(
            problem, tours, job, blink, memo, scratch, dice
        )
        if vehicle >= 0 and best < problem.refusal_cost[job]:
            put_in(problem, tours, vehicle, job, after_up, after_down, scratch)
            touched[vehicle] = True


@leaf
def _rank(problem: Problem, job: int, how: int, dice: Dice) -> float:
    down = problem.kind.shape[0] + job
    if problem.kind[job] != FREE:
        return float(problem.latest_s[down]) - 1e15
    if how == TIGHT:
        width_s = problem.latest_s[job] - problem.earliest_s[job]
        return float(min(width_s, problem.latest_s[down] - problem.earliest_s[down]))
    if how == LONG:
        return -float(problem.travel_s[job, down])
    if how == EARLY:
        return float(problem.latest_s[job])
    if how == HEAVY:
        return -float(problem.load[job])
    return float(uniform(dice))


@leaf
def cheapest(
    problem: Problem, tours: Tours, job: int, blink: float, memo: Memo, scratch: Scratch, dice: Dice
) -> tuple[float, int, int, int]:
    """(added cost, vehicle, positions) of the best place over the fleet, some vehicles
    overlooked."""
    best, chosen, best_up, best_down = np.inf, -1, -1, -1
    home = problem.home[job]
    first, end = (home, home + 1) if home >= 0 else (0, tours.length.shape[0])
    empty_family = -1
    for vehicle in range(first, end):
        if not problem.allowed[job, vehicle]:
            continue
        if tours.length[vehicle] == 2:
            # Idle twins stand side by side in the numbering; one of them speaks for all.
            if problem.family[vehicle] == empty_family:
                continue
            empty_family = problem.family[vehicle]
        chance = uniform(dice)
        if home < 0 and chance < blink:
            continue
        if home < 0 and chance < blink * CARELESS:
            delta, after_up, after_down = careless_place(
                problem, tours, vehicle, job, best, scratch, dice
            )
        else:
            delta, after_up, after_down = remembered_place(
                problem, tours, vehicle, job, best, memo, scratch
            )
        if delta < best:
            best, chosen, best_up, best_down = delta, vehicle, after_up, after_down
    return best, chosen, best_up, best_down


@kernel
def _by_regret(
    problem: Problem,
    tours: Tours,
    bank: NDArray[np.intp],
    touched: Marks,
    memo: Memo,
    scratch: Scratch,
    dice: Dice,
) -> None:
    """Again and again the job that would lose most by waiting (Ropke & Pisinger 2006), with
    noise."""
    vehicles, size = tours.length.shape[0], bank.shape[0]
    delta = np.full((size, vehicles), np.inf)
    placed = np.zeros(size, np.bool_)
    for at in range(size):
        for vehicle in range(vehicles):
            _price(problem, tours, bank[at], vehicle, delta[at], memo, scratch)
    for _ in range(size):
        chosen, chosen_vehicle, most = -1, -1, -np.inf
        for at in range(size):
            if placed[at]:
                continue
            vehicle, regret = _regret(problem, delta[at], bank[at])
            if vehicle >= 0:
                regret *= 1.0 + REGRET_NOISE * uniform(dice)
                if regret > most:
                    chosen, chosen_vehicle, most = at, vehicle, regret
        if chosen < 0:
            return
        job = bank[chosen]
        _, after_up, after_down = remembered_place(
            problem, tours, chosen_vehicle, job, np.inf, memo, scratch
        )
        put_in(problem, tours, chosen_vehicle, job, after_up, after_down, scratch)
        touched[chosen_vehicle] = True
        placed[chosen] = True
        for at in range(size):
            if not placed[at]:
                _price(problem, tours, bank[at], chosen_vehicle, delta[at], memo, scratch)


@leaf
def _price(
    problem: Problem,
    tours: Tours,
    job: int,
    vehicle: int,
    delta: Times,
    memo: Memo,
    scratch: Scratch,
) -> None:
    delta[vehicle] = np.inf
    if problem.allowed[job, vehicle] and problem.home[job] in (-1, vehicle):
        delta[vehicle] = remembered_place(problem, tours, vehicle, job, np.inf, memo, scratch)[0]


@leaf
def _regret(problem: Problem, delta: Times, job: int) -> tuple[int, float]:
    """(the best vehicle or -1, what is lost if it is taken away)."""
    best, second, chosen = np.inf, np.inf, -1
    for vehicle in range(delta.shape[0]):
        if delta[vehicle] < best:
            best, second, chosen = delta[vehicle], best, vehicle
        elif delta[vehicle] < second:
            second = delta[vehicle]
    if chosen < 0 or best >= problem.refusal_cost[job]:
        return -1, 0.0
    if problem.kind[job] != FREE:
        return chosen, 1e15
    return chosen, min(second, problem.refusal_cost[job]) - best + 1e-3
