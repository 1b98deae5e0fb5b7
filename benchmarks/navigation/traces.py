"""Ways of the product as a referee reads them: OSM ids and node order, nothing else."""

from apps.navigation.core.codes import Mark
from apps.navigation.core.graph import WalkGraph
from apps.navigation.core.routing import Way
from benchmarks.navigation.referee import Passage


def passages_of(graph: WalkGraph, way: Way) -> list[Passage]:
    """One passage for each segment drawn from an OSM way; the parts inside a junction drop out."""
    found: list[Passage] = []
    for segment, back in zip(way.segments, way.is_back, strict=True):
        row = graph.rows[segment]
        if row["osm_is_node"] or row["osm_id"] <= 0:
            continue
        first, last = graph.shapes.start[segment], graph.shapes.start[segment + 1]
        nodes = graph.shapes.osm_node[first:last]
        ordered = nodes[::-1] if back else nodes
        is_side = bool(row["marks"] & Mark.SYNTHETIC)
        found.append(Passage(int(row["osm_id"]), tuple(int(n) for n in ordered), is_side))
    return found
