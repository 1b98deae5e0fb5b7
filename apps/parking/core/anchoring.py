"""When the balance of the gates is set right, and how much a car was miscounted until then.

Gates drift: each car that slips by counts for ever. The balance is set right where it says what
cannot be, and where a better source counts the same spaces.
"""

from dataclasses import dataclass

TOLERATED_CARS, TOLERATED_SHARE = 1.0, 0.02
SURE_ENOUGH = 0.85
# How fast a new experience changes what is believed of the gates.
LEARNED = 0.3
LEAST_ERROR, MOST_ERROR = 0.0002, 0.05
FEWEST_CARS = 50.0  # nothing is learned from fewer


@dataclass(frozen=True, slots=True)
class Balance:
    """What gates say, how many cars passed since they were set right, and what another source says
    with which confidence."""

    taken: float
    total: int
    passed: float
    error: float
    other: int | None = None
    other_sure: float = 0.0


@dataclass(frozen=True, slots=True)
class Anchor:
    occupied: int
    error: float


def set_right(balance: Balance) -> Anchor | None:
    """The number to go on from, and the error per car learned; None where nothing is wrong."""
    truth = _truth(balance)
    if truth is None:
        return None
    off = abs(balance.taken - truth)
    if balance.passed < FEWEST_CARS:
        return Anchor(truth, balance.error)
    learned = (1 - LEARNED) * balance.error + LEARNED * off / balance.passed
    return Anchor(truth, min(max(learned, LEAST_ERROR), MOST_ERROR))


def _truth(balance: Balance) -> int | None:
    if balance.other is not None and balance.other_sure >= SURE_ENOUGH:
        tolerated = max(TOLERATED_CARS, TOLERATED_SHARE * balance.total)
        return balance.other if abs(balance.taken - balance.other) > tolerated else None
    if balance.taken < -TOLERATED_CARS:
        return 0
    return balance.total if balance.taken > balance.total + TOLERATED_CARS else None
