"""Strands cut at junctions, and the arms that pieces stretch out at each junction."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from apps.city.core.osm import Node
from apps.navigation.core.codes import Barrier
from apps.navigation.core.kerbs import speaks_of_kerb
from apps.navigation.core.plane import Plane, bearing_deg
from apps.navigation.core.strands import Strand, World
from apps.navigation.core.traits import barrier_code, is_shut_to_walkers


@dataclass(frozen=True, slots=True)
class Piece:
    """Nodes `first` to `last` (places in the strand) between two junctions."""

    strand: Strand
    first: int
    last: int

    @property
    def nodes(self) -> tuple[int, ...]:
        return self.strand.nodes[self.first : self.last + 1]


@dataclass(frozen=True, slots=True)
class Arm:
    """A piece as seen from one of its junctions, looking outward."""

    piece: int
    at_end: bool  # the junction is the last node of the piece
    bearing_deg: float


def is_special(node: Node) -> bool:
    """Nodes that are features of their own and must not be swallowed by a line."""
    tags = node.tags
    if not tags:
        return False
    return (
        speaks_of_kerb(tags)
        or barrier_code(tags) is not Barrier.NONE
        or is_shut_to_walkers(tags)
        or tags.get("highway") in ("elevator", "crossing", "traffic_signals")
    )


def cut(strands: list[Strand], world: World) -> list[Piece]:
    """Cut every strand at its ends, at shared nodes and at special nodes."""
    uses = Counter[int]()
    seen: set[tuple[int, tuple[int, ...]]] = set()
    for strand in strands:
        if (strand.way_id, strand.nodes) not in seen:  # both pavements of a road are one user
            seen.add((strand.way_id, strand.nodes))
            uses.update(strand.nodes)
            uses.update((strand.nodes[0], strand.nodes[-1]))
    breaks = {n for n, used in uses.items() if used > 1 or is_special(world.nodes[n])}
    return [piece for strand in strands for piece in _cut_one(strand, breaks)]


def _cut_one(strand: Strand, breaks: set[int]) -> Iterator[Piece]:
    first = 0
    for place in range(1, len(strand.nodes)):
        if strand.nodes[place] in breaks:
            yield Piece(strand, first, place)
            first = place


def arms_by_junction(pieces: list[Piece], world: World, plane: Plane) -> dict[int, list[Arm]]:
    """Every junction's arms, clockwise from north."""
    found: dict[int, list[Arm]] = defaultdict(list)
    for number, piece in enumerate(pieces):
        nodes = piece.nodes
        found[nodes[0]].append(Arm(number, False, _bearing(world, plane, nodes[0], nodes[1])))
        found[nodes[-1]].append(Arm(number, True, _bearing(world, plane, nodes[-1], nodes[-2])))
    return {n: sorted(arms, key=lambda a: a.bearing_deg) for n, arms in found.items()}


def _bearing(world: World, plane: Plane, here: int, there: int) -> float:
    a, b = world.nodes[here], world.nodes[there]
    x1, y1 = plane.to_xy(a.lon, a.lat)
    x2, y2 = plane.to_xy(b.lon, b.lat)
    return bearing_deg(x2 - x1, y2 - y1)
