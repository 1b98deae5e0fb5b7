"""Fire, smoke and gas: one detector is a reason to look, two that agree are a danger."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from apps.hazards.core.watching import Certainty, Severity

WITHIN_M = 60.0
WITHIN_S = 300.0
# A detector that chatters is dirty or broken; it counts only if it has held on for so long.
HELD_S = 20.0


@dataclass(frozen=True, slots=True)
class Sounding:
    """A detector above its threshold, in metres, since when, and how far above (1 = at it)."""

    code: str
    kind: str
    x_m: float
    y_m: float
    since_s: float
    excess: float = 1.0


@dataclass(frozen=True, slots=True)
class Agreement:
    severity: Severity
    certainty: Certainty
    witnesses: tuple[str, ...]


def agree(first: Sounding, others: Sequence[Sounding], *, now_s: float) -> Agreement:
    """What a sounding detector means beside the others.

    Two kinds, or two detectors of one kind, near in place and time: observed. One alone that holds
    on: possible, for staff. Gas far above its threshold is severe even alone, but still possible.
    """
    near = [
        other for other in others
        if other.code != first.code
        and hypot(other.x_m - first.x_m, other.y_m - first.y_m) <= WITHIN_M
        and abs(other.since_s - first.since_s) <= WITHIN_S
    ]  # fmt: skip
    witnesses = (first.code, *sorted(other.code for other in near))
    if near:
        grave = {first.kind, *(other.kind for other in near)} >= {"fire"} or len(near) > 1
        return Agreement(
            Severity.EXTREME if grave else Severity.SEVERE, Certainty.OBSERVED, witnesses
        )
    held = now_s - first.since_s >= HELD_S
    severity = Severity.MODERATE if held or first.excess >= 2 else Severity.MINOR
    return Agreement(severity, Certainty.POSSIBLE, witnesses)
