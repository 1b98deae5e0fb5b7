"""Which segment a walker is on, from noisy positions: a hidden Markov filter on the segments
around.

Newson and Krumm, "Hidden Markov Map Matching Through Noise and Sparseness", ACM GIS 2009, as a
forward filter: each
fix keeps the few likeliest hypotheses. A fix is believed by its distance in units of its own
accuracy, a move by how
much the way between two hypotheses differs from the straight line between the fixes.
"""

import heapq
import math
from dataclasses import dataclass

from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.plane import bearing_deg
from apps.navigation.core.snapping import Grid, Spot, spots_near

KEPT = 6
SEARCH_M = 25.0
LEAST_SIGMA_M = 4.0
HEADING_SD_DEG = 40.0
MOVING_MPS = 0.5
UNREACHED = -12.0


@dataclass(frozen=True, slots=True)
class Fix:
    """One reported position on the build's plane. `heading_deg` is the direction of movement."""

    x: float
    y: float
    at_s: float
    accuracy_m: float = 8.0
    heading_deg: float | None = None
    speed_mps: float | None = None

    @property
    def sigma_m(self) -> float:
        return max(self.accuracy_m, LEAST_SIGMA_M)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A place the walker may be; probabilities of one belief sum to 1."""

    spot: Spot
    probability: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed after the latest fix; empty before the first and off the network."""

    fix: Fix | None = None
    hypotheses: tuple[Hypothesis, ...] = ()

    @property
    def best(self) -> Hypothesis | None:
        return max(self.hypotheses, key=lambda h: h.probability, default=None)

    def chance_on(self, segments: frozenset[int]) -> float:
        """How likely the walker is on any of these segments."""
        return sum(h.probability for h in self.hypotheses if h.spot.segment in segments)


NOWHERE = Belief()


def match(graph: WalkGraph, grid: Grid, belief: Belief, fix: Fix) -> Belief:
    """The belief after one more fix."""
    radius_m = max(SEARCH_M, 2.5 * fix.sigma_m)
    spots = spots_near(graph, grid, fix.x, fix.y, radius_m, most=12)
    if not spots:
        return Belief(fix)
    scores = [_emission(graph, fix, spot) for spot in spots]
    if belief.fix is not None and belief.hypotheses:
        moves = _moves(graph, belief, fix, spots)
        scores = [score + move for score, move in zip(scores, moves, strict=True)]
    return Belief(fix, _normalised(spots, scores))


def _normalised(spots: list[Spot], scores: list[float]) -> tuple[Hypothesis, ...]:
    top = max(scores)
    ranked = sorted(zip(scores, spots, strict=True), key=lambda pair: -pair[0])[:KEPT]
    weights = [math.exp(score - top) for score, _ in ranked]
    total = sum(weights)
    return tuple(
        Hypothesis(spot, weight / total) for weight, (_, spot) in zip(weights, ranked, strict=True)
    )


def _emission(graph: WalkGraph, fix: Fix, spot: Spot) -> float:
    score = -0.5 * (spot.distance_m / fix.sigma_m) ** 2
    if fix.heading_deg is not None and (fix.speed_mps or 0.0) > MOVING_MPS:
        off = abs((fix.heading_deg - _direction(graph, spot)) % 180.0)
        off = min(off, 180.0 - off)  # a pavement is walked both ways
        score -= 0.5 * (off / HEADING_SD_DEG) ** 2
    return score


def _direction(graph: WalkGraph, spot: Spot) -> float:
    """Direction of the line piece nearest to the spot."""
    x, y, _ = graph.shape(spot.segment)
    gaps = [
        math.hypot((x[i] + x[i + 1]) / 2 - spot.x, (y[i] + y[i + 1]) / 2 - spot.y)
        for i in range(len(x) - 1)
    ]
    i = min(range(len(gaps)), key=gaps.__getitem__)
    return bearing_deg(float(x[i + 1] - x[i]), float(y[i + 1] - y[i]))


def _moves(graph: WalkGraph, belief: Belief, fix: Fix, spots: list[Spot]) -> list[float]:
    """For each spot the log-likelihood of having come there from the earlier belief."""
    assert belief.fix is not None
    straight_m = math.hypot(fix.x - belief.fix.x, fix.y - belief.fix.y)
    beta_m = 3.0 + 0.5 * fix.sigma_m
    reach_m = straight_m + 4.0 * beta_m + 20.0
    chances = [0.0] * len(spots)
    for hypothesis in belief.hypotheses:
        around = _around(graph, hypothesis.spot, reach_m)
        for number, spot in enumerate(spots):
            walked_m = _walked_m(graph, around, hypothesis.spot, spot)
            gap = abs(walked_m - straight_m) / beta_m
            chances[number] += hypothesis.probability * math.exp(-min(gap, -UNREACHED))
    return [math.log(max(chance, 1e-12)) for chance in chances]


def _around(graph: WalkGraph, spot: Spot, reach_m: float) -> dict[int, float]:
    """Walking distances to the nodes within reach, limits aside: people do what they do."""
    row = graph.rows[spot.segment]
    length_m = float(row["length_m"])
    heap = [
        (spot.along * length_m, int(row["tail"])),
        ((1.0 - spot.along) * length_m, int(row["head"])),
    ]
    heapq.heapify(heap)
    found: dict[int, float] = {}
    arcs, lengths_m = graph.arcs, graph.segments.length_m
    while heap:
        distance_m, node = heapq.heappop(heap)
        if node in found:
            continue
        found[node] = distance_m
        for arc in range(int(arcs.start[node]), int(arcs.start[node + 1])):
            further_m = distance_m + float(lengths_m[arcs.seg[arc]])
            if further_m <= reach_m:
                heapq.heappush(heap, (further_m, int(arcs.head[arc])))
    return found


def _walked_m(graph: WalkGraph, around: dict[int, float], before: Spot, after: Spot) -> float:
    row = graph.rows[after.segment]
    length_m = float(row["length_m"])
    ways = [
        around.get(int(row["tail"]), math.inf) + after.along * length_m,
        around.get(int(row["head"]), math.inf) + (1.0 - after.along) * length_m,
    ]
    if before.segment == after.segment:
        ways.append(abs(after.along - before.along) * length_m)
    return min(ways)
