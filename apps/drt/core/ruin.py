"""Ways to open a solution: which jobs to take out so that putting them back can be better.

Strings of adjacent routes (Christiaens & Vanden Berghe 2020, "slack induction by string removals"),
relatedness with chance (Shaw 1998), scattered single jobs, dear detours (Ropke & Pisinger 2006), a
whole route. Each marks jobs in ``out``; a frozen job is never marked.
"""

import numpy as np

from apps.drt.core.dice import Dice, below, uniform
from apps.drt.core.kernel import kernel, leaf
from apps.drt.core.problem import FROZEN, Marks, Problem
from apps.drt.core.tours import Tours

STRINGS, RELATED, SCATTERED, DEAR, ROUTE = 0, 1, 2, 3, 4
RUINS = 5
SMALL_RUIN, LARGE_RUIN = 6, 24
MEAN_STRING_NODES = 10.0
LONGEST_STRING = 10
SPLIT_STRING_CHANCE = 0.5
SHAW_GREED = 6.0
UNSERVED_SEED_CHANCE = 0.5


@kernel
def ruin(problem: Problem, tours: Tours, how: int, out: Marks, dice: Dice) -> None:
    """Mark jobs to take out; the number marked is at least one where any job can move."""
    jobs = problem.kind.shape[0]
    seed = _seed(problem, tours, dice)
    most = min(max(min(jobs, SMALL_RUIN), jobs * 2 // 5), LARGE_RUIN)
    amount = 1 + below(dice, most)
    if how == STRINGS:
        _strings(problem, tours, seed, out, dice)
    elif how == RELATED:
        _related(problem, seed, amount, out, dice)
    elif how == SCATTERED:
        for _ in range(amount):
            _mark(problem, out, below(dice, jobs))
    elif how == DEAR:
        _dear(problem, tours, amount, out, dice)
    else:
        _route(problem, tours, seed, out)


@leaf
def _seed(problem: Problem, tours: Tours, dice: Dice) -> int:
    """A job to open around: every second time an unserved one, if there is any."""
    jobs = problem.kind.shape[0]
    seed = below(dice, jobs)
    wants_unserved = uniform(dice) < UNSERVED_SEED_CHANCE
    for step in range(jobs):
        job = (seed + step) % jobs
        if wants_unserved and tours.carrier[job] < 0:
            return int(job)
    for step in range(jobs):
        job = (seed + step) % jobs
        if problem.kind[job] != FROZEN:
            return int(job)
    return int(seed)


@leaf
def _mark(problem: Problem, out: Marks, job: int) -> None:
    if problem.kind[job] != FROZEN:
        out[job] = True


@kernel
def _strings(problem: Problem, tours: Tours, seed: int, out: Marks, dice: Dice) -> None:
    """Adjacent strings of nodes, one a route, around a seed (sections 5.2 and 5.3 of the paper)."""
    vehicles, jobs = tours.length.shape[0], problem.kind.shape[0]
    routed, used = 0, 0
    for vehicle in range(vehicles):
        routed += tours.length[vehicle] - 2
        used += tours.length[vehicle] > 2
    longest = min(float(LONGEST_STRING), routed / max(1, used))
    most_strings = 4.0 * MEAN_STRING_NODES / (1.0 + longest) - 1.0
    strings = int(uniform(dice) * max(0.0, most_strings) + 1.0)
    opened = np.zeros(vehicles, np.bool_)
    for near in range(-1, problem.neighbours.shape[1]):
        job = seed if near < 0 else problem.neighbours[seed, near]
        vehicle = tours.carrier[job]
        if vehicle < 0:
            out[job] = True
            continue
        if opened[vehicle] or problem.kind[job] == FROZEN:
            continue
        node = job if problem.kind[job] == 0 and uniform(dice) < 0.5 else jobs + job
        _open_string(problem, tours, vehicle, node, longest, out, dice)
        opened[vehicle] = True
        strings -= 1
        if strings <= 0:
            return


@leaf
def _open_string(
    problem: Problem, tours: Tours, vehicle: int, node: int, longest: float, out: Marks, dice: Dice
) -> None:
    """A string of the route through the node; with some chance a middle part of it is spared."""
    jobs = problem.kind.shape[0]
    nodes, inner = tours.nodes[vehicle], tours.length[vehicle] - 2
    at = 1
    while nodes[at] != node:
        at += 1
    length = int(uniform(dice) * min(float(inner), longest) + 1.0)
    length = min(length, inner)
    spared = 0
    if length > 1 and length < inner and uniform(dice) < SPLIT_STRING_CHANCE:
        spared = 1
        while length + spared < inner and uniform(dice) > 0.5:
            spared += 1
    span = length + spared
    first = max(1, at - span + 1)
    last_first = min(at, inner - span + 1)
    begin = first + below(dice, last_first - first + 1)
    gap = begin + below(dice, length + 1) if spared else begin + span
    for place in range(begin, begin + span):
        if gap <= place < gap + spared:
            continue
        other = nodes[place]
        _mark(problem, out, other - jobs if other >= jobs else other)


@leaf
def _related(problem: Problem, seed: int, amount: int, out: Marks, dice: Dice) -> None:
    """The seed and jobs like it; a power of chance prefers the most alike."""
    _mark(problem, out, seed)
    near = problem.neighbours.shape[1]
    if near == 0:
        return
    for _ in range(amount):
        rank = int(uniform(dice) ** SHAW_GREED * near)
        _mark(problem, out, problem.neighbours[seed, rank])


@kernel
def _dear(problem: Problem, tours: Tours, amount: int, out: Marks, dice: Dice) -> None:
    """Jobs whose calls cost the most detour, by a noisy order."""
    jobs = problem.kind.shape[0]
    saving = np.zeros(jobs)
    for vehicle in range(tours.length.shape[0]):
        nodes = tours.nodes[vehicle]
        for at in range(1, tours.length[vehicle] - 1):
            node = nodes[at]
            job = node - jobs if node >= jobs else node
            way = problem.travel_s[nodes[at - 1], node] + problem.travel_s[node, nodes[at + 1]]
            saving[job] += way - problem.travel_s[nodes[at - 1], nodes[at + 1]]
    for job in range(jobs):
        saving[job] *= 0.3 + uniform(dice)
    order = np.argsort(-saving)
    for rank in range(min(amount, jobs)):
        _mark(problem, out, order[rank])


@leaf
def _route(problem: Problem, tours: Tours, seed: int, out: Marks) -> None:
    """All of the route of the seed."""
    jobs = problem.kind.shape[0]
    vehicle = tours.carrier[seed]
    _mark(problem, out, seed)
    if vehicle < 0:
        return
    for at in range(1, tours.length[vehicle] - 1):
        node = tours.nodes[vehicle, at]
        _mark(problem, out, node - jobs if node >= jobs else node)
