"""Benches, trees and lamps: small things that make a street, and that some walkers need."""

from random import Random

from citizen.demo.world.elements import ElementBook
from citizen.demo.world.lines import beside
from citizen.demo.world.network import Network

BENCH_EACH_M = 95.0
TREE_EACH_M = 17.0
SHADED = frozenset({"primary", "secondary", "tertiary"})


def build_furniture(book: ElementBook, network: Network, draw: Random) -> None:
    for edge in network.edges:
        if edge.bridge or edge.length_m < 30:
            continue
        if edge.plan.kind == "cycle" or edge.plan.key in ("gwana", "seongbyeok", "jangteo"):
            _line_up(book, network, edge.number, BENCH_EACH_M, {"amenity": "bench"}, draw)
        if edge.plan.quarter == "new" and edge.plan.kind in SHADED:
            _line_up(book, network, edge.number, TREE_EACH_M, {"natural": "tree"}, draw)


def _line_up(
    book: ElementBook,
    network: Network,
    number: int,
    each_m: float,
    tags: dict[str, str],
    draw: Random,
) -> None:
    """On the verge of both sides, well away from the junctions."""
    edge = network.edges[number]
    left_m = edge.plan.spec.width_m / 2 + 0.7
    s_m = 16.0 + draw.uniform(0, 4)
    while s_m < edge.length_m - 16.0:
        for side in (1.0, -1.0):
            more = {"backrest": draw.choice(["yes", "no"])} if "amenity" in tags else {}
            book.node(beside(edge.line, s_m, side * left_m), tags | more)
        s_m += each_m * draw.uniform(0.85, 1.15)
