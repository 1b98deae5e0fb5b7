"""Times between many places at once: walking for one person, or driving.

Costs come from the hierarchy with today's closures and the person's limits poured in, so a matrix
says the same as single
searches. Pouring takes some ten milliseconds and holds until limits or closures change; every
question after it is
a walk over elimination tree paths.

Where metres or clock seconds of the cheapest ways are wanted, too, they travel with the cost: both
are whole numbers packed into one double (milliseconds above centimetres, or above hundredths), so
sums and minima of the packed numbers are sums and minima of the costs, and no kernel knows.
"""

from dataclasses import dataclass

import numpy as np

from apps.navigation.core.arrays import F4, F8, I4, U1, frozen
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


# ---------------------------------------------------------------- carrying a second number

_CARRIED_BITS = 24  # hundredths up to 167,772: metres or seconds of the longest way in a city
_SCALE = float(1 << _CARRIED_BITS)
_COST_PER_S, _PER_UNIT = 1000.0, 100.0


@dataclass(frozen=True, slots=True)
class CarryingTable:
    """A table whose ways also add up `carried`, a number per arc such as its length."""

    traveller: Traveller
    terms: Terms
    metric: Metric
    carried: F4


def open_carrying(traveller: Traveller, ruling: U1, carried: F4) -> CarryingTable:
    """Pour costs that carry a second number."""
    broken = traveller.prices.broken.copy()
    broken[ruling[traveller.graph.arcs.seg] == CLOSED] |= np.uint32(Broken.CLOSED)
    packed = _packed(traveller.prices.cost_s, carried)
    metric = pour(traveller.hierarchy, packed, frozen(broken), EVERY_LIMIT)
    return CarryingTable(traveller, Terms(ruling=ruling), metric, carried)


def costs_and_carried(
    table: CarryingTable, sources: list[Spot], targets: list[Spot]
) -> tuple[F8, F8]:
    """Generalised seconds and the carried sums of the cheapest ways; infinite without a way."""
    found = matrix(
        table.traveller.hierarchy,
        table.metric,
        _carrying_columns(table, sources, is_source=True),
        _carrying_columns(table, targets, is_source=False),
    )
    for row, source in enumerate(sources):
        for column, target in enumerate(targets):
            if source.segment == target.segment:
                found[row, column] = min(found[row, column], _carried_along(table, source, target))
    return _unpacked(found)


def _packed(cost_s: F4 | F8, carried: F4 | F8) -> F8:
    whole = np.rint(np.asarray(cost_s, dtype=np.float64) * _COST_PER_S)
    packed: F8 = whole * _SCALE + np.rint(np.asarray(carried, dtype=np.float64) * _PER_UNIT)
    return packed


def _unpacked(found: F8) -> tuple[F8, F8]:
    is_way = np.isfinite(found)
    costs = np.full(found.shape, np.inf)
    carried = np.full(found.shape, np.inf)
    costs[is_way] = np.floor(found[is_way] / _SCALE) / _COST_PER_S
    carried[is_way] = np.mod(found[is_way], _SCALE) / _PER_UNIT
    return costs, carried


def _carrying_columns(table: CarryingTable, spots: list[Spot], *, is_source: bool) -> tuple[I4, F8]:
    nodes = np.full((len(spots), 2), -1, dtype=np.int32)
    entries = np.full((len(spots), 2), np.inf)
    for row, spot in enumerate(spots):
        ends = segment_ends(table.traveller, table.terms, spot, is_source=is_source)
        nodes[row] = ends.nodes
        toward_head = 1.0 - spot.along if is_source else spot.along
        shares = np.array((toward_head, 1.0 - toward_head))
        arcs = table.traveller.graph.arcs.seg_arc[spot.segment]
        is_open = ends.nodes >= 0
        entry = np.where(is_open, ends.entry_s, 0.0)
        entries[row] = np.where(is_open, _packed(entry, table.carried[arcs] * shares), np.inf)
    return nodes, entries


def _carried_along(table: CarryingTable, source: Spot, target: Spot) -> float:
    cost_s = direct_cost_s(table.traveller, table.terms, source, target)
    if not np.isfinite(cost_s):
        return np.inf
    share = abs(target.along - source.along)
    arc = table.traveller.graph.arcs.seg_arc[source.segment, int(target.along < source.along)]
    return float(_packed(np.array([cost_s]), np.array([table.carried[arc] * share]))[0])
