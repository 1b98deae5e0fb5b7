"""Who drives which shift: an assignment under rest times and weekly hours, solved with CP-SAT.

Hard: nobody drives two shifts at once or within the rest between them, nobody drives longer in a
week than agreed. Then, in this order: as many shifts as can be have a driver, as many as can be
have their usual one, and the longest week is as short as can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

Drives = dict[tuple[str, str], cp_model.IntVar]
WEEK_S = 7 * 86_400.0
COVERED, USUAL = 1_000_000, 1_000  # against minutes of the longest week


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift to be driven; `usual` names who mostly does, `fixed` who will in any case."""

    shift_id: str
    starts_s: float
    ends_s: float
    usual: str = ""
    fixed: str = ""

    @property
    def minutes(self) -> int:
        return round((self.ends_s - self.starts_s) / 60)


@dataclass(frozen=True, slots=True)
class Hand:
    """A driver, and the most minutes of a week."""

    driver_id: str
    weekly_min: int


def assigned(
    duties: Sequence[Duty],
    hands: Sequence[Hand],
    *,
    week_from_s: float,
    rest_s: float = 11 * 3600.0,
    limit_s: float = 5.0,
) -> dict[str, str]:
    """shift → driver. Shifts that nobody can drive are left out."""
    model = cp_model.CpModel()
    drives: Drives = {
        (duty.shift_id, hand.driver_id): model.new_bool_var("")
        for duty in duties
        for hand in hands
        if duty.fixed in ("", hand.driver_id)
    }
    for duty in duties:
        _at_most_one(model, drives, duty, hands)
    for hand in hands:
        _rest(model, drives, duties, hand, rest_s)
    longest = _longest_week(model, drives, duties, hands, week_from_s)
    usual = [drives[d.shift_id, d.usual] for d in duties if (d.shift_id, d.usual) in drives]
    model.maximize(COVERED * sum(drives.values()) + USUAL * sum(usual) - longest)
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = limit_s
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    return {shift: driver for (shift, driver), var in drives.items() if solver.value(var)}


def _at_most_one(
    model: cp_model.CpModel, drives: Drives, duty: Duty, hands: Sequence[Hand]
) -> None:
    keys = [(duty.shift_id, hand.driver_id) for hand in hands]
    variables = [drives[key] for key in keys if key in drives]
    if duty.fixed and variables:
        model.add_exactly_one(variables)
    else:
        model.add_at_most_one(variables)


def _rest(
    model: cp_model.CpModel, drives: Drives, duties: Sequence[Duty], hand: Hand, rest_s: float
) -> None:
    """Of two shifts without the rest between them, one at most."""
    order = sorted(duties, key=lambda duty: duty.starts_s)
    for at, first in enumerate(order):
        for second in order[at + 1 :]:
            if second.starts_s >= first.ends_s + rest_s:
                break
            keys = [(duty.shift_id, hand.driver_id) for duty in (first, second)]
            both_fixed = first.fixed == second.fixed == hand.driver_id
            if all(key in drives for key in keys) and not both_fixed:
                model.add_at_most_one(drives[key] for key in keys)


def _longest_week(
    model: cp_model.CpModel,
    drives: Drives,
    duties: Sequence[Duty],
    hands: Sequence[Hand],
    week_from_s: float,
) -> cp_model.IntVar:
    """The longest week of anybody, each week within what is agreed."""
    longest = model.new_int_var(0, 7 * 24 * 60, "")
    week = {duty.shift_id: int((duty.starts_s - week_from_s) // WEEK_S) for duty in duties}
    for hand in hands:
        for one in sorted(set(week.values())):
            minutes = sum(
                duty.minutes * drives[duty.shift_id, hand.driver_id]
                for duty in duties
                if week[duty.shift_id] == one and (duty.shift_id, hand.driver_id) in drives
            )
            fixed = sum(
                duty.minutes
                for duty in duties
                if week[duty.shift_id] == one and duty.fixed == hand.driver_id
            )
            model.add(minutes <= max(hand.weekly_min, fixed))
            model.add(minutes <= longest)
    return longest
