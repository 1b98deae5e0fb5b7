"""When to raise and when to clear: a cost/loss ratio, and hysteresis so that nothing flaps.

Acting in vain costs C, not acting in need loses L: act when p ≥ C/L (Murphy 1977). One run is not
enough unless a sensor confirms; what was raised is cleared only when both the odds and the water
have been low for half an hour.
"""

from dataclasses import dataclass, replace

RUNS_TO_RAISE = 2
CLEAR_BELOW = 0.2
CALM_S = 30 * 60


@dataclass(frozen=True, slots=True)
class Decision:
    """The memory of a station's decision."""

    raised: bool = False
    runs_above: int = 0
    calm_since_s: float | None = None


def decide(
    memory: Decision,
    *,
    probability: float,
    cost_loss: float,
    confirmed: bool,
    below_attention: bool,
    now_s: float,
) -> Decision:
    """What is decided after one more run. `confirmed`: a sensor already shows the rise."""
    above = probability >= cost_loss
    runs = memory.runs_above + 1 if above else 0
    if not memory.raised:
        return Decision(raised=above and (runs >= RUNS_TO_RAISE or confirmed), runs_above=runs)
    if probability >= CLEAR_BELOW or not below_attention:
        return replace(memory, runs_above=runs, calm_since_s=None)
    since = now_s if memory.calm_since_s is None else memory.calm_since_s
    if now_s - since >= CALM_S:
        return Decision()
    return replace(memory, runs_above=runs, calm_since_s=since)
