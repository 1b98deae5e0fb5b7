"""Ways from place to place: snapping, legs over via points, alternatives.

A way is an ordered run of segments with directions; its first and last may be walked in part.
Alternatives follow the
penalty method (Bader, Dees, Geisberger, Sanders, "Alternative Route Graphs in Road Networks",
2011): what a way used is made
dearer, and the next way is kept if it is different enough and not much worse.
"""

import itertools
from dataclasses import dataclass, replace

import numpy as np

from apps.navigation.core.arrays import F8, I4, U1
from apps.navigation.core.codes import EVERY_LIMIT, NEVER_LIFTED
from apps.navigation.core.search import (
    CLOSED,
    LIFTED,
    Ends,
    Found,
    Terms,
    Traveller,
    find_way,
)
from apps.navigation.core.snapping import Spot, spots_near
from apps.navigation.core.terrain import Terrain

SNAP_M = 80.0
NEAR_M = 20.0  # most places are this near, and a small circle is searched faster
MOST_OVERLAP = 0.6
MOST_DETOUR = 1.5
PENALTY = 0.4


@dataclass(frozen=True, slots=True)
class Way:
    """A way as segments in order. `start` and `stop` are the shares (0 tail, 1 head) where it
    begins and ends.
    """

    segments: I4
    is_back: U1
    start: float
    stop: float
    lengths_m: F8
    times_s: F8
    cost_s: float

    @property
    def length_m(self) -> float:
        return float(self.lengths_m.sum())

    @property
    def time_s(self) -> float:
        return float(self.times_s.sum())


@dataclass(frozen=True, slots=True)
class NoSpot:
    """Why a place cannot be a stop: `nothing_near`, `island` or `not_passable`."""

    code: str
    nearest_m: float | None = None


def find_spot(
    terrain: Terrain, person: Traveller, ruling: U1, x: float, y: float, radius_m: float = SNAP_M
) -> Spot | NoSpot:
    """The nearest segment of the mainland that this person may use."""
    spots = spots_near(terrain.graph, terrain.grid, x, y, min(NEAR_M, radius_m))
    near = _first_usable(terrain, person, ruling, spots)
    if near is not None:
        return near
    spots = spots_near(terrain.graph, terrain.grid, x, y, radius_m)
    if not spots:
        return NoSpot("nothing_near")
    usable = [s for s in spots if _is_usable(person, ruling, s.segment)]
    if not usable:
        return NoSpot("not_passable", spots[0].distance_m)
    found = _first_usable(terrain, person, ruling, usable)
    return found if found is not None else NoSpot("island", usable[0].distance_m)


def _first_usable(
    terrain: Terrain, person: Traveller, ruling: U1, spots: list[Spot]
) -> Spot | None:
    for spot in spots:
        if terrain.is_mainland[spot.segment] and _is_usable(person, ruling, spot.segment):
            return spot
    return None


def _is_usable(person: Traveller, ruling: U1, segment: int) -> bool:
    if ruling[segment] == CLOSED:
        return False
    forward, back = person.graph.arcs.seg_arc[segment]
    return not (person.prices.broken[forward] and person.prices.broken[back])


def _entry_s(person: Traveller, terms: Terms, segment: int, back: int, share: float) -> float:
    """The cost of walking part of a segment one way; infinite if these terms bar it."""
    arc = person.graph.arcs.seg_arc[segment, back]
    cost_s = float(person.prices.cost_s[arc]) * share
    broken = int(person.prices.broken[arc])
    state = terms.ruling[segment]
    if broken & NEVER_LIFTED:
        return np.inf
    if state == LIFTED or not (state == CLOSED or broken & terms.barred):
        return cost_s
    return cost_s + terms.toll_s if terms.toll_s else np.inf


def segment_ends(person: Traveller, terms: Terms, spot: Spot, *, is_source: bool) -> Ends:
    """How a search may leave or reach a spot by the two ends of its segment."""
    row = person.graph.rows[spot.segment]
    toward_head = 1.0 - spot.along if is_source else spot.along
    forward_s = _entry_s(person, terms, spot.segment, 0, toward_head)
    back_s = _entry_s(person, terms, spot.segment, 1, 1.0 - toward_head)
    tail, head = int(row["tail"]), int(row["head"])
    nodes = (head, tail) if is_source else (tail, head)
    reachable = (
        nodes[0] if forward_s < np.inf else -1,
        nodes[1] if back_s < np.inf else -1,
    )
    return Ends(np.array(reachable, dtype=np.int32), np.array((forward_s, back_s)))


def leg(person: Traveller, terms: Terms, source: Spot, target: Spot) -> Way | None:
    """The cheapest way between two spots on these terms."""
    direct = _direct(person, terms, source, target)
    source_ends = segment_ends(person, terms, source, is_source=True)
    target_ends = segment_ends(person, terms, target, is_source=False)
    found = None
    if not source_ends.is_shut and not target_ends.is_shut:
        found = find_way(person, source_ends, target_ends, terms)
    if direct is not None and (found is None or direct.cost_s <= found.cost_s):
        return direct
    return _way(person, source, target, source_ends, target_ends, found) if found else None


def _direct(person: Traveller, terms: Terms, source: Spot, target: Spot) -> Way | None:
    """Both spots on one segment: along it, if it may be walked that way."""
    cost_s = direct_cost_s(person, terms, source, target)
    if not np.isfinite(cost_s):
        return None
    back = _direction(person, terms, source, target)
    segments = np.array([source.segment], dtype=np.int32)
    is_back = np.array([back], dtype=np.uint8)
    return _measured(person, segments, is_back, (source.along, target.along), cost_s)


def direct_cost_s(person: Traveller, terms: Terms, source: Spot, target: Spot) -> float:
    """The cost along a segment that holds both spots; infinite if none does or it is barred."""
    if source.segment != target.segment:
        return np.inf
    back = _direction(person, terms, source, target)
    return _entry_s(person, terms, source.segment, back, abs(target.along - source.along))


def _direction(person: Traveller, terms: Terms, source: Spot, target: Spot) -> int:
    """Along or against; at one and the same point whichever is freer."""
    if target.along == source.along:
        entries = [_entry_s(person, terms, source.segment, back, 0.0) for back in (0, 1)]
        return int(entries[1] < entries[0])
    return int(target.along < source.along)


def _way(
    person: Traveller,
    source: Spot,
    target: Spot,
    source_ends: Ends,
    target_ends: Ends,
    found: Found,
) -> Way:
    """Put the partial first and last segments around the arcs found."""
    arcs = person.graph.arcs
    first_back = _chosen(source_ends, found.first_node)
    last_back = _chosen(target_ends, found.last_node)
    segments = np.empty(len(found.arcs) + 2, dtype=np.int32)
    is_back = np.empty(len(found.arcs) + 2, dtype=np.uint8)
    segments[0], segments[1:-1], segments[-1] = source.segment, arcs.seg[found.arcs], target.segment
    is_back[0], is_back[1:-1], is_back[-1] = first_back, arcs.is_back[found.arcs], last_back
    return _measured(person, segments, is_back, (source.along, target.along), found.cost_s)


def _chosen(ends: Ends, node: int) -> int:
    """Whether the entry used runs against its segment; of two at one node the cheaper was taken."""
    forward_s, back_s = (
        cost_s if end == node else np.inf
        for end, cost_s in zip(ends.nodes.tolist(), ends.entry_s.tolist(), strict=True)
    )
    return int(back_s < forward_s)


def _measured(
    person: Traveller, segments: I4, is_back: U1, stops: tuple[float, float], cost_s: float
) -> Way:
    graph = person.graph
    share = np.ones(len(segments))
    start, stop = stops
    if len(segments) == 1:
        share[0] = abs(stop - start)
    else:
        share[0] = start if is_back[0] else 1.0 - start
        share[-1] = 1.0 - stop if is_back[-1] else stop
    arcs = graph.arcs.seg_arc[segments, is_back]
    lengths_m = graph.segments.length_m[segments] * share
    times_s = person.prices.time_s[arcs] * share
    return Way(segments, is_back, start, stop, lengths_m, times_s, cost_s)


def way_through(person: Traveller, terms: Terms, spots: tuple[Spot, ...]) -> tuple[Way, ...] | None:
    """One way for each leg between consecutive spots; None if any leg has none."""
    legs: list[Way] = []
    for source, target in itertools.pairwise(spots):
        way = leg(person, terms, source, target)
        if way is None:
            return None
        legs.append(way)
    return tuple(legs)


def alternatives(
    person: Traveller, terms: Terms, source: Spot, target: Spot, best: Way, most: int = 2
) -> list[Way]:
    """Up to `most` further ways, each sharing little with the others and costing little more."""
    extra_s = np.zeros(len(person.graph.arcs.head), dtype=np.float32)
    kept = [best]
    latest = best
    for _ in range(most + 1):
        _penalise(person, latest, extra_s)
        way = leg(person, replace(terms, extra_s=extra_s), source, target)
        if way is None:
            break
        latest = replace(way, cost_s=true_cost_s(person, way))
        if latest.cost_s > MOST_DETOUR * best.cost_s + 60.0:
            break
        if max(overlap(person, latest, other) for other in kept) <= MOST_OVERLAP:
            kept.append(latest)
        if len(kept) > most:
            break
    return kept[1:]


def _penalise(person: Traveller, way: Way, extra_s: np.ndarray) -> None:
    arcs = person.graph.arcs.seg_arc[way.segments].ravel()
    extra_s[arcs] += PENALTY * person.prices.cost_s[arcs]


def true_cost_s(person: Traveller, way: Way) -> float:
    """A way's cost without the penalties it was found under."""
    arcs = person.graph.arcs.seg_arc[way.segments, way.is_back]
    full_m = person.graph.segments.length_m[way.segments]
    share = np.divide(way.lengths_m, full_m, out=np.ones(len(full_m)), where=full_m > 0)
    return float((person.prices.cost_s[arcs] * share).sum())


def overlap(person: Traveller, way: Way, other: Way) -> float:
    """The share of a way's length that the other way also uses."""
    mine = set(other.segments.tolist())
    shared = np.array([segment in mine for segment in way.segments.tolist()])
    return float(way.lengths_m[shared].sum()) / max(way.length_m, 1e-9)


def ordinary_terms(ruling: U1) -> Terms:
    return Terms(ruling=ruling, barred=EVERY_LIMIT)


def unrestricted_terms(ruling: U1) -> Terms:
    return Terms(ruling=np.zeros_like(ruling), barred=int(NEVER_LIFTED))
