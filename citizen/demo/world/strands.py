"""Strands: lines of the network that are still open to new nodes on the way.

A crossing, a bus stop or a house door becomes a node of the strand it lies on. When all have been
entered, a strand is written as one or more ways, each with the incline that the land gives it.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import arc, at, cut, gap, length
from citizen.demo.world.plane import Floats, Point
from citizen.demo.world.street_kinds import Quarter

SAME_NODE_M = 1.2
PIECE_M = 55.0
LONG_PIECE_M = 260.0
HILLY_M = 1.5


@dataclass(eq=False)
class Strand:
    """`start` and `end` are node ids; `tags` are the tags of all its ways."""

    key: str
    line: Floats
    start: int
    end: int
    tags: dict[str, str]
    quarter: Quarter
    walkable: bool
    bridge: bool = False
    incline_known: float = 0.7
    inserts: list[tuple[float, int]] = field(default_factory=list)
    way_ids: list[int] = field(default_factory=list)

    @property
    def length_m(self) -> float:
        return length(self.line)


def insert_node(book: ElementBook, strand: Strand, s_m: float) -> int:
    """The node of the strand at `s_m`: one that is there already, or a new one."""
    ends = [(0.0, strand.start), (strand.length_m, strand.end)]
    for other_m, node_id in [*ends, *strand.inserts]:
        if abs(other_m - s_m) < SAME_NODE_M:
            return node_id
    deck_m = _deck_m(book, strand, s_m) if strand.bridge else None
    node_id = book.node(at(strand.line, s_m), deck_m=deck_m)
    strand.inserts.append((s_m, node_id))
    return node_id


def _deck_m(book: ElementBook, strand: Strand, s_m: float) -> float:
    share = s_m / strand.length_m
    return book.height_m(strand.start) * (1 - share) + book.height_m(strand.end) * share


def split_strand(book: ElementBook, strand: Strand, s_m: list[float]) -> list[Strand]:
    """Cut a strand that has no inserts yet at the given arc lengths."""
    marks = [0.0, *s_m, strand.length_m]
    ids = [strand.start, *(book.node(at(strand.line, s)) for s in s_m), strand.end]
    return [
        Strand(strand.key, cut(strand.line, a, b), u, v, dict(strand.tags), strand.quarter,
               strand.walkable, strand.bridge, strand.incline_known)
        for (a, b), (u, v) in zip(pairwise(marks), pairwise(ids), strict=True)
    ]  # fmt: skip


def write_strand(book: ElementBook, strand: Strand, draw: Random) -> None:
    chain = _chain(book, strand)
    for piece in _pieces(book, strand, chain):
        ids = [node_id for _, node_id in piece]
        tags = strand.tags | _incline(book, strand, piece, draw)
        strand.way_ids.append(book.way(ids, tags))


def _chain(book: ElementBook, strand: Strand) -> list[tuple[float, int]]:
    """All nodes by arc length: the inserted ones and those that give the line its shape."""
    inserts = sorted(strand.inserts)
    fixed = np.array([0.0, *(s for s, _ in inserts), strand.length_m])
    shape = [
        (float(s), book.node((float(x), float(y)), deck_m=_shape_deck(book, strand, float(s))))
        for s, (x, y) in zip(arc(strand.line)[1:-1], strand.line[1:-1], strict=True)
        if np.abs(fixed - s).min() > 1.5
    ]
    inner = sorted([*inserts, *shape])
    return [(0.0, strand.start), *inner, (strand.length_m, strand.end)]


def _shape_deck(book: ElementBook, strand: Strand, s_m: float) -> float | None:
    return _deck_m(book, strand, s_m) if strand.bridge else None


def _pieces(
    book: ElementBook, strand: Strand, chain: list[tuple[float, int]]
) -> list[list[tuple[float, int]]]:
    """On a slope ways are short, so that one incline tells the truth about all of it."""
    heights = book.heights_m([node_id for _, node_id in chain])
    limit_m = PIECE_M if max(heights) - min(heights) > HILLY_M else LONG_PIECE_M
    if strand.tags.get("highway") in ("steps", "elevator") or strand.bridge:
        return [chain]
    pieces, piece = [], [chain[0]]
    for item in chain[1:]:
        piece.append(item)
        rest_m = strand.length_m - item[0]
        if item[0] - piece[0][0] >= limit_m * 0.75 and rest_m > limit_m * 0.4:
            pieces.append(piece)
            piece = [item]
    return [*pieces, piece] if len(piece) > 1 else pieces


def _incline(
    book: ElementBook, strand: Strand, piece: list[tuple[float, int]], draw: Random
) -> dict[str, str]:
    """incline=* as measured from the first node to the last; flat ways mostly carry none."""
    (from_m, first), (to_m, last) = piece[0], piece[-1]
    known = draw.random() < strand.incline_known
    run_m = max(to_m - from_m, 0.1)
    pct = 100.0 * (book.height_m(last) - book.height_m(first)) / run_m
    if strand.tags.get("highway") == "steps":
        return {"incline": "up" if pct >= 0 else "down"}
    if strand.tags.get("highway") == "elevator" or not known or run_m < 8.0:
        return {}
    if abs(pct) < 1.5 and draw.random() < 0.75:
        return {}
    return {"incline": f"{pct:.1f}%"}


class StrandIndex:
    """All segments of many strands in one array: which strand is nearest to a point?"""

    def __init__(self, strands: list[Strand]) -> None:
        self.strands = strands
        self._start = np.vstack([s.line[:-1] for s in strands])
        self._step = np.vstack([np.diff(s.line, axis=0) for s in strands])
        self._size2 = np.maximum((self._step**2).sum(axis=1), 1e-9)
        self._owner = np.repeat(np.arange(len(strands)), [len(s.line) - 1 for s in strands])
        self._from_m = np.concatenate([arc(s.line)[:-1] for s in strands])

    def nearest(self, point: Point) -> tuple[Strand, float, float]:
        """(strand, arc length on it, distance)."""
        away = np.array(point) - self._start
        t = np.clip((away * self._step).sum(axis=1) / self._size2, 0.0, 1.0)
        gaps = np.hypot(*(away - self._step * t[:, None]).T)
        i = int(gaps.argmin())
        s_m = float(self._from_m[i] + t[i] * np.sqrt(self._size2[i]))
        return self.strands[int(self._owner[i])], s_m, float(gaps[i])


def join(book: ElementBook, index: StrandIndex, node_id: int, tags: dict[str, str]) -> int:
    """Lead a way from a node to the nearest strand; the answer is the node on the strand."""
    point = book.point(node_id)
    strand, s_m, _ = index.nearest(point)
    on_strand = insert_node(book, strand, s_m)
    if gap(point, book.point(on_strand)) > 0.3:
        book.way([node_id, on_strand], tags)
    return on_strand
