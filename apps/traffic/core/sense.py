"""Whether what a controller shows can be true. What cannot is believed by nobody and commanded by
nobody: a wrong wiring, a controller that began anew, one that answers from an old memory.

Times are seconds of our own clock.
"""

from apps.traffic.core.guard import Aspect, State
from apps.traffic.core.layout import Junction

STUCK_WAITS = 2.0  # so many times the longest wait that a group may have


def fault(
    junction: Junction, before: State | None, now: State, *, before_s: float, now_s: float
) -> str:
    """Why `now`, seen at `now_s` after `before` at `before_s`, cannot be; empty where it can."""
    jumped = _jumped(junction, before, now, now_s - before_s) if before else ""
    return _crossing(junction, now) or jumped or _repeated(junction, now, now_s)


def _crossing(junction: Junction, now: State) -> str:
    """Streams that cross, both on."""
    on = {n for n, aspect in enumerate(now.aspects()) if aspect is not Aspect.RED}
    for pair in sorted(map(sorted, junction.conflicts)):
        if set(pair) <= on:
            first, second = (junction.groups[n].name for n in pair)
            return f"{first} and {second}, which cross, are on together."
    return ""


def _jumped(junction: Junction, before: State, now: State, passed_s: float) -> str:
    """A green that came sooner than those it crosses could have cleared."""
    for number, group in enumerate(now.groups):
        if group.aspect is not Aspect.GREEN or before.groups[number].aspect is Aspect.GREEN:
            continue
        for foe in sorted(junction.foes[number]):
            was_green = before.groups[foe].aspect is Aspect.GREEN
            if was_green and passed_s < junction.groups[foe].clearance_s:
                return (
                    f"It jumped: {junction.groups[number].name} is green {passed_s:.1f} s after "
                    f"{junction.groups[foe].name} was, which takes longer to clear."
                )
    return ""


def _repeated(junction: Junction, now: State, now_s: float) -> str:
    """The same lights for far longer than anybody may have to wait, while somebody does."""
    called_s = [group.called_s for group in now.groups if group.called_s is not None]
    if not called_s:
        return ""
    since_s = max(min(called_s), *(group.since_s for group in now.groups))
    longest_s = STUCK_WAITS * max(group.max_wait_s for group in junction.groups)
    if now_s - since_s <= longest_s:
        return ""
    return f"It repeats the same for {now_s - since_s:.0f} s although somebody waits."
