"""From what a controller shows to a state of the guard, and from a chosen stage to what it is told.

A *phase* is the controller's number for a stream of vehicles and the walkers beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.traffic.core.guard import Aspect, GroupState, State, ends_s
from apps.traffic.core.layout import Junction, Stream


@dataclass(frozen=True, slots=True)
class Shown:
    """What one signal group shows, and whether somebody calls there."""

    aspect: Aspect
    calling: bool = False


@dataclass(frozen=True, slots=True)
class Orders:
    """Groups to hold in green, to force off, to leave out, and to call."""

    hold: frozenset[int] = frozenset()
    force_off: frozenset[int] = frozenset()
    omit: frozenset[int] = frozenset()
    call: frozenset[int] = frozenset()


def observed(
    junction: Junction, before: State | None, shown: Mapping[int, Shown], now_s: float
) -> State:
    """The state at `now_s`. What changed since `before` changed now; at first sight everything
    did, so that no least time is taken for over which may not be."""
    groups = tuple(
        _observed_group(before.groups[number] if before else None, shown[number], now_s)
        for number in range(len(junction.groups))
    )
    stage = _stage(junction, before, groups)
    since_s = before.since_s if before and before.stage == stage else now_s
    return State(stage, since_s, groups, "observed")


def _observed_group(before: GroupState | None, shown: Shown, now_s: float) -> GroupState:
    since_s = before.since_s if before and before.aspect is shown.aspect else now_s
    called_s = None
    if shown.calling and shown.aspect is not Aspect.GREEN:
        called_s = before.called_s if before and before.called_s is not None else now_s
    return GroupState(shown.aspect, since_s, called_s)


def _stage(junction: Junction, before: State | None, groups: tuple[GroupState, ...]) -> int:
    """The stage all of whose vehicles are green; while none is, the one before still counts."""
    green = {number for number, group in enumerate(groups) if group.aspect is Aspect.GREEN}
    whole = [
        number
        for number, stage in enumerate(junction.stages)
        if _vehicles(junction, stage) <= green
    ]
    if before is not None and (not whole or before.stage in whole):
        return before.stage
    return max(whole, key=lambda number: len(junction.stages[number]), default=0)


def _vehicles(junction: Junction, stage: Iterable[int]) -> set[int]:
    return {group for group in stage if junction.groups[group].stream is Stream.VEHICLES}


def beginnings(
    before: State | None, now: State, began_s: Sequence[float | None], *, looked_s: float
) -> tuple[float | None, ...]:
    """Since when each aspect has been there at the earliest: a change was made after the look
    before (`looked_s`). None for what was there at first sight and has not changed since."""
    if before is None:
        return (None,) * len(now.groups)
    return tuple(
        began_s[number] if was.aspect is shows.aspect else looked_s
        for number, (was, shows) in enumerate(zip(before.groups, now.groups, strict=True))
    )


def admitted_ends_s(
    junction: Junction, state: State, number: int, *, began_s: float | None
) -> tuple[float | None, float | None]:
    """Between when and when an aspect ends, told to others: as the guard knows, less the time
    between two looks; nothing about an aspect whose beginning nobody saw."""
    least_s, most_s = ends_s(junction, state, number)
    if began_s is None:
        return None, None
    late_s = state.groups[number].since_s - began_s
    return None if least_s is None else least_s - late_s, most_s


def orders(junction: Junction, *, present: int, wanted: int) -> Orders:
    """What brings a controller from one stage to another, or keeps it where it is."""
    here, there = junction.stages[present], junction.stages[wanted]
    if present == wanted:
        return Orders(hold=frozenset(_vehicles(junction, here)))
    every = frozenset(range(len(junction.groups)))
    return Orders(
        force_off=frozenset(_vehicles(junction, here - there)),
        omit=every - here - there,
        call=frozenset(_vehicles(junction, there)),
    )
