"""Rows into the core's junction, and back into plain values."""

from dataclasses import dataclass

import numpy as np

from apps.traffic.core import horizon, layout
from apps.traffic.core.layout import Stream
from apps.traffic.core.queues import Approach
from apps.traffic.models import Junction, SignalGroup


@dataclass(frozen=True)
class Plan:
    """A junction in the core's terms. `phases[g]` is the controller's number of group g,
    `numbers[g]` the one staff know it by."""

    layout: layout.Junction
    phases: tuple[int, ...]
    numbers: tuple[int, ...]
    approaches: tuple[Approach, ...]
    detectors: tuple[int, ...]
    signals: horizon.Signals


def load_plan(junction: Junction) -> Plan:
    """Raises layout.Unsafe for rows that are no safe junction."""
    groups = list(junction.groups.order_by("number"))
    shape = as_layout(groups, junction.stages, junction.conflicts)
    watched = [
        (index, group)
        for index, group in enumerate(groups)
        if group.stream == SignalGroup.Stream.VEHICLES and group.detector is not None
    ]
    approaches = tuple(
        Approach(index, group.detector_m, group.approach_mps, group.saturation_per_h / 3600)
        for index, group in watched
    )
    return Plan(
        layout=shape,
        phases=tuple(group.phase for group in groups),
        numbers=tuple(group.number for group in groups),
        approaches=approaches,
        detectors=tuple(group.detector for _index, group in watched if group.detector is not None),
        signals=_signals(shape, approaches),
    )


def as_layout(
    groups: list[SignalGroup], stages: list[list[int]], conflicts: list[list[int]]
) -> layout.Junction:
    """`stages` and `conflicts` name groups by their number. Raises layout.Unsafe."""
    index = {group.number: position for position, group in enumerate(groups)}
    try:
        return layout.Junction(
            groups=tuple(map(_group, groups)),
            conflicts=frozenset(frozenset((index[a], index[b])) for a, b in conflicts),
            stages=tuple(frozenset(index[number] for number in stage) for stage in stages),
        )
    except KeyError as missing:
        raise layout.Unsafe(f"There is no signal group {missing}.") from missing


def _group(row: SignalGroup) -> layout.SignalGroup:
    return layout.SignalGroup(
        name=str(row),
        stream=Stream(row.stream),
        min_green_s=row.min_green_s,
        clearance_s=row.clearance_s,
        red_clear_s=row.red_clear_s,
        max_wait_s=row.max_wait_s,
    )


def _signals(shape: layout.Junction, approaches: tuple[Approach, ...]) -> horizon.Signals:
    stages = range(len(shape.stages))
    flow = np.array(
        [
            [a.saturation_per_s if a.group in shape.stages[s] else 0.0 for s in stages]
            for a in approaches
        ]
    ).reshape(len(approaches), len(stages))
    change = np.array([[shape.change_s(a, b) if a != b else 0.0 for b in stages] for a in stages])
    least = np.array([max(shape.groups[g].min_green_s for g in stage) for stage in shape.stages])
    return horizon.Signals(flow, change, least)
