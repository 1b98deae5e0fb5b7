"""What staff's answers teach: how sure an event must be before a camera tells of it."""

from collections.abc import Sequence

# A false alarm costs a look; a true one that is not told may cost a life.
MISS_COSTS = 4.0
LEAST_ANSWERS = 3
HIGHEST = 0.95


def tuned(true_scores: Sequence[float], false_scores: Sequence[float]) -> float:
    """The threshold with the least cost on the answers so far, the lowest of several such; 0 until
    there are `LEAST_ANSWERS`. It never rises above what most true events reached, nor `HIGHEST`.
    """
    if len(true_scores) + len(false_scores) < LEAST_ANSWERS:
        return 0.0
    candidates = [0.0, *(round(min(score + 0.01, HIGHEST), 3) for score in false_scores)]
    return min(sorted(set(candidates)), key=lambda t: _cost(t, true_scores, false_scores))


def _cost(threshold: float, true_scores: Sequence[float], false_scores: Sequence[float]) -> float:
    missed = sum(score < threshold for score in true_scores)
    false_alarms = sum(score >= threshold for score in false_scores)
    return MISS_COSTS * missed + false_alarms
