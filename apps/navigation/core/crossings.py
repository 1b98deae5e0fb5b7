"""Which kerb stands at each end of a crossing, and which side of a kerb is the road.

Mappers put kerbs on the crossing, on its end, or on the link between crossing and pavement, about
equally often; all three are
looked up. A crossing end for which nothing is found is a missing kerb, never "no kerb".
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from apps.navigation.core.kerbs import Kerb, KerbReading, read_kerb
from apps.navigation.core.pieces import Arm, Piece
from apps.navigation.core.plane import Plane
from apps.navigation.core.strands import Strand, World

LINK_REACH_M = 12.0
ROAD_REACH_M = 25.0


@dataclass(frozen=True, slots=True)
class Network:
    """Pieces and their arms, with what crossings need to know of the world."""

    world: World
    plane: Plane
    pieces: list[Piece]
    arms: Mapping[int, list[Arm]]
    crossing_ends: frozenset[int]

    def xy(self, node_id: int) -> tuple[float, float]:
        node = self.world.nodes[node_id]
        return self.plane.to_xy(node.lon, node.lat)

    def length_m(self, nodes: tuple[int, ...]) -> float:
        points = [self.xy(n) for n in nodes]
        return sum(_gap(a, b) for a, b in itertools.pairwise(points))


@dataclass(frozen=True, slots=True)
class PieceKerb:
    """What a piece of a crossing carries of kerbs itself: a reading of its tags, or missing
    ones.
    """

    reading: KerbReading | None = None
    climbs: int = 0  # +1: the kerb is climbed going forward, -1: going back, 0: both occur
    missing_n: int = 0


NOTHING = PieceKerb()


def _gap(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def crossing_ends(strands: list[Strand]) -> frozenset[int]:
    """Nodes where a crossing ends and something else goes on."""
    found: dict[int, int] = {}
    for strand in strands:
        if strand.is_crossing:
            for node in (strand.nodes[0], strand.nodes[-1]):
                found[node] = found.get(node, 0) + 1
    return frozenset(n for n, times in found.items() if times == 1)


def piece_kerb(network: Network, piece: Piece) -> PieceKerb:
    """Kerbs at the ends of a crossing that no node describes."""
    strand = piece.strand
    if not strand.is_crossing or strand.tags.get("crossing:continuous") == "yes":
        return NOTHING
    ends = [e for e in (0, -1) if _is_crossing_end(network, piece, e)]
    open_ends = [e for e in ends if not _kerb_near(network, piece, e)]
    if not open_ends:
        return NOTHING
    reading = _spoken(network, strand)
    if reading is None or reading.kerb is Kerb.UNKNOWN:
        return PieceKerb(missing_n=len(open_ends))
    climbs = 0 if len(open_ends) == 2 else (1 if open_ends[0] == -1 else -1)
    return PieceKerb(reading, climbs)


def _is_crossing_end(network: Network, piece: Piece, end: int) -> bool:
    is_strand_end = piece.first == 0 if end == 0 else piece.last == len(piece.strand.nodes) - 1
    return is_strand_end and piece.nodes[end] in network.crossing_ends


def _spoken(network: Network, strand: Strand) -> KerbReading | None:
    """A kerb tagged on the crossing itself or on the node where it meets the road."""
    own = read_kerb(strand.tags)
    if own is not None:
        return own
    for node_id in strand.nodes:
        tags = network.world.nodes[node_id].tags
        if tags.get("highway") in ("crossing", "traffic_signals"):
            reading = read_kerb(tags)
            if reading is not None:
                return reading
    return None


def _has_kerb(network: Network, node_id: int) -> bool:
    tags = network.world.nodes[node_id].tags
    is_road_point = tags.get("highway") in ("crossing", "traffic_signals")
    return bool(tags) and not is_road_point and read_kerb(tags) is not None


def _kerb_near(network: Network, piece: Piece, end: int) -> bool:
    return _kerb_on_own_half(network, piece, end) or _kerb_across_links(network, piece.nodes[end])


def _kerb_on_own_half(network: Network, piece: Piece, end: int) -> bool:
    nodes = piece.strand.nodes
    half = nodes[: (len(nodes) + 1) // 2] if end == 0 else nodes[len(nodes) // 2 :]
    if len(nodes) == 3:  # a kerb in the very middle belongs to neither end
        half = nodes[:1] if end == 0 else nodes[-1:]
    return any(_has_kerb(network, n) for n in half)


def _kerb_across_links(network: Network, start: int) -> bool:
    """Look along footways that leave the crossing's end, as far as a link may reach."""
    seen = {start}
    reach = [(start, LINK_REACH_M)]
    while reach:
        here, left_m = reach.pop()
        if _has_kerb(network, here):
            return True
        for arm in network.arms.get(here, ()):
            piece = network.pieces[arm.piece]
            there = piece.nodes[0 if arm.at_end else -1]
            if piece.strand.is_crossing or piece.strand.is_on_carriageway or there in seen:
                continue
            rest_m = left_m - network.length_m(piece.nodes)
            if rest_m >= 0:
                seen.add(there)
                reach.append((there, rest_m))
    return False


def road_sides(network: Network, junction: int) -> tuple[bool, ...]:
    """For each arm at a kerb, whether going out along it means going onto the road.

    Where a crossing starts at the kerb, the crossing is the road side and all else is not, an
    island in the middle of
    the road included. Elsewhere the arms are followed to see which of them meets a carriageway.
    """
    arms = network.arms[junction]
    strands = [network.pieces[arm.piece].strand for arm in arms]
    on_road = [strand.is_crossing or strand.is_on_carriageway for strand in strands]
    if any(on_road) and not all(on_road):
        return tuple(on_road)
    return tuple(_leads_to_road(network, arm) for arm in arms)


def _leads_to_road(network: Network, arm: Arm) -> bool:
    strand = network.pieces[arm.piece].strand
    if strand.is_on_carriageway:
        return True
    outward = _outward_nodes(network, arm)
    length_m = 0.0
    for before, node in itertools.pairwise(outward):
        length_m += network.length_m((before, node))
        if length_m > ROAD_REACH_M:
            return False
        if node in network.world.carriageway_nodes:
            return True
    return not strand.is_crossing and outward[-1] in network.crossing_ends


def _outward_nodes(network: Network, arm: Arm) -> tuple[int, ...]:
    piece = network.pieces[arm.piece]
    nodes = piece.strand.nodes
    return nodes[piece.last :: -1] if arm.at_end else nodes[piece.first :]
