"""Times between many places at once: walking for one person, or driving.

Costs come from the hierarchy with today's closures and the person's limits poured in, so a matrix
says the same as single
searches. Pouring takes some ten milliseconds and holds until limits or closures change; every
question after it is
a walk over elimination tree paths.
"""

from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F8, I4, U1, frozen
from apps.navigation.core.codes import EVERY_LIMIT, Broken
from apps.navigation.core.hierarchy import Metric, matrix, pour
from apps.navigation.core.routing import direct_cost_s, segment_ends
from apps.navigation.core.search import CLOSED, Ends, Terms, Traveller
from apps.navigation.core.snapping import Spot


@dataclass(frozen=True, slots=True)
class Table:
    """A traveller with limits and closures poured in, ready for matrices."""

    traveller: Traveller
    terms: Terms
    metric: Metric


def open_table(traveller: Traveller, ruling: U1) -> Table:
    """Pour limits and closures into the hierarchy."""
    broken = traveller.prices.broken.copy()
    broken[ruling[traveller.graph.arcs.seg] == CLOSED] |= np.uint32(Broken.CLOSED)
    metric = pour(traveller.hierarchy, traveller.prices.cost_s, frozen(broken), EVERY_LIMIT)
    return Table(traveller, Terms(ruling=ruling), metric)


def costs_s(table: Table, sources: list[Spot], targets: list[Spot]) -> F8:
    """Generalised seconds from every source to every target; infinite where there is no way."""
    found = matrix(
        table.traveller.hierarchy,
        table.metric,
        _columns(table, sources, is_source=True),
        _columns(table, targets, is_source=False),
    )
    _mend_shared_segments(table, sources, targets, found)
    return found


def _columns(table: Table, spots: list[Spot], *, is_source: bool) -> tuple[I4, F8]:
    ends: list[Ends] = [
        segment_ends(table.traveller, table.terms, spot, is_source=is_source) for spot in spots
    ]
    if not ends:
        return np.empty((0, 2), dtype=np.int32), np.empty((0, 2))
    nodes = np.stack([end.nodes for end in ends])
    return nodes, np.stack([end.entry_s for end in ends])


def _mend_shared_segments(
    table: Table, sources: list[Spot], targets: list[Spot], found: F8
) -> None:
    """Two spots on one segment may be closer along it than over its ends."""
    by_segment: dict[int, list[int]] = {}
    for column, target in enumerate(targets):
        by_segment.setdefault(target.segment, []).append(column)
    for row, source in enumerate(sources):
        for column in by_segment.get(source.segment, ()):
            along_s = direct_cost_s(table.traveller, table.terms, source, targets[column])
            found[row, column] = min(found[row, column], along_s)
