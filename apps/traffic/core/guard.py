"""The guard: the only thing that gives green. Whatever a strategy wishes, streams that cross are
never green together, greens and walks last their least time, clearances run to their end, and
nobody who has called waits for ever.

Pure: `advance` takes the state and the time and returns the next state. Call it at least once a
second; it acts on the times themselves, so a late call only makes an interval longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from apps.traffic.core.layout import Junction, Stream

SHORTEST_RED_S = 1.0
LONGEST_STEP_S = 1.0  # how often `advance` is called at least


class Aspect(Enum):
    RED = "red"
    GREEN = "green"  # walk, for walkers
    CLEARING = "clearing"  # yellow, or flashing green for walkers


@dataclass(frozen=True, slots=True)
class GroupState:
    """`since_s` is when this aspect began; `called_s` when the oldest unserved call came."""

    aspect: Aspect
    since_s: float
    called_s: float | None = None


@dataclass(frozen=True, slots=True)
class State:
    """`stage` is where the junction is or goes to, chosen at `since_s`; `why` says by whom."""

    stage: int
    since_s: float
    groups: tuple[GroupState, ...]
    why: str = "start"

    def aspects(self) -> tuple[Aspect, ...]:
        return tuple(group.aspect for group in self.groups)


def begin(junction: Junction, now_s: float, stage: int = 0) -> State:
    """All red; `stage` gets green once every red clearance has passed."""
    return State(stage, now_s, tuple(GroupState(Aspect.RED, now_s) for _ in junction.groups))


def advance(
    junction: Junction, state: State, now_s: float, *, wish: int | None, calls: Iterable[int] = ()
) -> State:
    """The state at `now_s`, given the stage a strategy wishes for and who is calling now.

    1. note the calls; 2. choose: an overdue call, else the wish, else stay; 3. let groups that
    leave go to clearing once they may; 4. end clearings that are over; 5. give green to groups of
    the stage whose foes are all red for long enough.
    """
    state = _noted(state, now_s, set(calls))
    overdue = _most_overdue(junction, state, now_s)
    state = _chosen(junction, state, now_s, wish, overdue)
    rests = overdue is None and wish in (None, state.stage)
    groups = list(state.groups)
    for number in range(len(groups)):
        groups[number] = _ended(junction, groups[number], number, state.stage, now_s)
    for number in sorted(junction.stages[state.stage]):
        wanted = rests or number == overdue
        now = replace(state, groups=tuple(groups))
        if _may_start(junction, now, number, now_s, wanted=wanted):
            groups[number] = GroupState(Aspect.GREEN, now_s)
    return replace(state, groups=tuple(groups))


def permit(junction: Junction, state: State, now_s: float, wish: int | None) -> State:
    """What may be asked of a controller that gives green by itself and shows `state`: its `stage`
    is the wish if that may be, else an overdue call's, else the present one."""
    return _chosen(junction, state, now_s, wish, _most_overdue(junction, state, now_s))


def _noted(state: State, now_s: float, calls: set[int]) -> State:
    groups = tuple(
        replace(group, called_s=now_s)
        if number in calls and group.called_s is None and group.aspect is not Aspect.GREEN
        else group
        for number, group in enumerate(state.groups)
    )
    return replace(state, groups=groups)


def _chosen(
    junction: Junction, state: State, now_s: float, wish: int | None, overdue: int | None
) -> State:
    """A change of stage is decided only while the present one is served and could end."""
    if not _is_served(junction, state) or not _may_leave(junction, state, now_s):
        return state
    if overdue is not None and overdue not in junction.stages[state.stage]:
        stage = junction.stages_serving(overdue)[0]  # as counted on by `_most_overdue`
        why = f"{junction.groups[overdue].name} has waited long enough"
        return replace(state, stage=stage, since_s=now_s, why=why)
    if (
        overdue is None
        and wish is not None
        and 0 <= wish < len(junction.stages)
        and wish != state.stage
    ):
        return replace(state, stage=wish, since_s=now_s, why="wished for")
    return state


def _is_served(junction: Junction, state: State) -> bool:
    """Vehicles of the stage are green, and walkers who called before it have walked."""
    for number in junction.stages[state.stage]:
        group = state.groups[number]
        if junction.groups[number].stream is Stream.VEHICLES:
            if group.aspect is not Aspect.GREEN:
                return False
        elif _called_before(state, group):
            return False
    return True


def _called_before(state: State, group: GroupState) -> bool:
    return group.called_s is not None and group.called_s <= state.since_s


def _may_leave(junction: Junction, state: State, now_s: float) -> bool:
    return all(
        group.aspect is Aspect.RED
        or (group.aspect is Aspect.GREEN and _had_least(junction, group, number, now_s))
        for number, group in enumerate(state.groups)
    )


def _had_least(junction: Junction, group: GroupState, number: int, now_s: float) -> bool:
    return now_s - group.since_s >= junction.groups[number].min_green_s


def _most_overdue(junction: Junction, state: State, now_s: float) -> int | None:
    """The first call that must be answered now. Kept in hand is the time that every stage takes
    which older calls need before."""
    waiting = sorted(
        (group.called_s, number)
        for number, group in enumerate(state.groups)
        if group.called_s is not None
        and (number not in junction.stages[state.stage] or group.aspect is Aspect.RED)
    )
    service_s, change_s = longest_service_s(junction), longest_change_s(junction)
    before: list[int] = []
    for called_s, number in waiting:
        if not any(number in junction.stages[stage] for stage in before):
            before.append(junction.stages_serving(number)[0])
        in_hand_s = len(before) * service_s + change_s
        if now_s - called_s >= junction.groups[number].max_wait_s - in_hand_s:
            return waiting[0][1]
    return None


def longest_change_s(junction: Junction) -> float:
    clearing = max(g.clearance_s + max(g.red_clear_s, SHORTEST_RED_S) for g in junction.groups)
    return clearing + 2 * LONGEST_STEP_S


def longest_service_s(junction: Junction) -> float:
    """The longest that one stage can keep others waiting: the change to it, its least green, and
    the clearing of its walkers, each noticed up to a call of `advance` late."""
    return (
        longest_change_s(junction)
        + 2 * LONGEST_STEP_S
        + max(
            g.min_green_s + (g.clearance_s if g.stream is Stream.WALKERS else 0.0)
            for g in junction.groups
        )
    )


def _ended(
    junction: Junction, group: GroupState, number: int, stage: int, now_s: float
) -> GroupState:
    """Green ends when the stage leaves it, a walk when it has had its least time; clearing ends in
    red when it has run."""
    plan = junction.groups[number]
    if group.aspect is Aspect.GREEN and _had_least(junction, group, number, now_s):
        leaves = number not in junction.stages[stage]
        if leaves or plan.stream is Stream.WALKERS:
            return replace(group, aspect=Aspect.CLEARING, since_s=now_s)
    if group.aspect is Aspect.CLEARING and now_s - group.since_s >= plan.clearance_s:
        return replace(group, aspect=Aspect.RED, since_s=now_s)
    return group


def _may_start(
    junction: Junction, state: State, number: int, now_s: float, *, wanted: bool
) -> bool:
    """Red for a moment, wanted, and every foe red for its red clearance. Walkers walk only on a
    call; on one that came during the stage only if it is `wanted` (the junction rests in it, or
    the call is overdue), or walks would never end."""
    group = state.groups[number]
    if group.aspect is not Aspect.RED or now_s - group.since_s < SHORTEST_RED_S:
        return False
    if junction.groups[number].stream is Stream.WALKERS and not (
        _called_before(state, group) or (wanted and group.called_s is not None)
    ):
        return False
    return all(
        _is_clear_of(junction, state.groups[foe], foe, now_s) for foe in junction.foes[number]
    )


def _is_clear_of(junction: Junction, group: GroupState, number: int, now_s: float) -> bool:
    red_clear_s = junction.groups[number].red_clear_s
    return group.aspect is Aspect.RED and now_s - group.since_s >= red_clear_s


def ends_s(junction: Junction, state: State, number: int) -> tuple[float | None, float | None]:
    """Between when and when the present aspect of a group ends, as far as the guard knows: a
    clearing to the second, a green not before its least time; a red, and the end of a green that
    others decide on, not at all."""
    group, plan = state.groups[number], junction.groups[number]
    if group.aspect is Aspect.CLEARING:
        return group.since_s + plan.clearance_s, group.since_s + plan.clearance_s
    if group.aspect is Aspect.GREEN:
        least = group.since_s + plan.min_green_s
        return least, least if plan.stream is Stream.WALKERS else None
    return None, None
