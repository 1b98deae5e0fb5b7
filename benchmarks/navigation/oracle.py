"""Dijkstra by another's hand (SciPy) over the same prices: is there a way, and what does the best
one cost?
"""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from apps.navigation.core.routing import NoSpot
from apps.navigation.core.search import Traveller
from apps.navigation.core.snapping import Spot


def best_costs_s(
    person: Traveller, spots: list[tuple[Spot | NoSpot, Spot | NoSpot]]
) -> npt.NDArray[np.float64]:
    """Least cost for each pair of spots; infinite where there is none or a spot is missing.

    Every end of a pair becomes a node of its own, joined to the ends of its segment in the
    directions that are allowed.
    """
    graph, prices = person.graph, person.prices
    free = prices.broken == 0
    nodes_n = graph.nodes_n
    rows = [graph.arcs.tail[free].astype(np.int64)]
    columns = [graph.arcs.head[free].astype(np.int64)]
    costs = [prices.cost_s[free].astype(np.float64)]
    extra: list[tuple[int, int, float]] = []
    for number, (source, target) in enumerate(spots):
        if isinstance(source, Spot) and isinstance(target, Spot):
            extra += _stubs(person, nodes_n + 2 * number, nodes_n + 2 * number + 1, source, target)
    tails, heads, seconds = zip(*extra, strict=True)
    rows.append(np.array(tails))
    columns.append(np.array(heads))
    costs.append(np.array(seconds))
    size = nodes_n + 2 * len(spots)
    matrix = _cheapest(np.concatenate(rows), np.concatenate(columns), np.concatenate(costs), size)
    sources = nodes_n + 2 * np.arange(len(spots))
    found = np.empty(len(spots))
    for first in range(0, len(spots), 50):
        part = dijkstra(matrix, indices=sources[first : first + 50])
        found[first : first + 50] = part[np.arange(len(part)), sources[first : first + 50] + 1]
    return found


def _stubs(
    person: Traveller, start: int, end: int, source: Spot, target: Spot
) -> list[tuple[int, int, float]]:
    graph, prices = person.graph, person.prices
    found: list[tuple[int, int, float]] = []
    for spot, is_source in ((source, True), (target, False)):
        tail, head = int(graph.rows["tail"][spot.segment]), int(graph.rows["head"][spot.segment])
        for back in (0, 1):
            arc = graph.arcs.seg_arc[spot.segment, back]
            if prices.broken[arc]:
                continue
            share = spot.along if bool(back) == is_source else 1.0 - spot.along
            cost_s = max(float(prices.cost_s[arc]) * share, 1e-9)
            node = (tail if back else head) if is_source else (head if back else tail)
            found.append((start, node, cost_s) if is_source else (node, end, cost_s))
    if source.segment == target.segment:
        back = int(target.along < source.along)
        arc = graph.arcs.seg_arc[source.segment, back]
        if not prices.broken[arc]:
            share = abs(target.along - source.along)
            found.append((start, end, max(float(prices.cost_s[arc]) * share, 1e-9)))
    return found


def _cheapest(
    rows: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    costs: npt.NDArray[np.float64],
    size: int,
) -> "coo_matrix":
    """SciPy adds parallel edges up, so only the cheapest of each may enter."""
    order = np.lexsort((costs, columns, rows))
    rows, columns, costs = rows[order], columns[order], costs[order]
    first = np.ones(len(rows), dtype=bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return coo_matrix((costs[first], (rows[first], columns[first])), shape=(size, size)).tocsr()
