"""How fast a person goes on a grade: Tobler's function on foot, a balance of power on wheels."""

import math

import numba as nb

CHAIR_AND_PERSON_KG = 90.0
GRAVITY = 9.81
SLOWEST_MPS = 0.05


@nb.njit(nogil=True, cache=True)
def pace_mps(
    speed_mps: float,
    is_chair: bool,
    push_power_w: float,
    down_pct: float,
    grade: float,
    rolling: float,
) -> float:
    """`grade` is signed in the direction of travel, `push_power_w` 0 for whoever does not push."""
    if not is_chair:
        return speed_mps * math.exp(-3.5 * (abs(grade + 0.05) - 0.05))
    speed = speed_mps
    resistance = rolling + grade
    if push_power_w > 0 and resistance > 1e-3:
        speed = min(speed, push_power_w / (CHAIR_AND_PERSON_KG * GRAVITY * resistance))
    if grade < 0:
        steepest = min(down_pct, 20.0) / 100.0
        speed = min(speed, 1.2 * speed_mps * max(1.0 - (grade / steepest) ** 2, 0.1))
    return max(speed, SLOWEST_MPS)
