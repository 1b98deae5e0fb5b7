"""Areas as alerts need them: few corners, no crossing edges, and how wide they are."""

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

MAX_NODES = 100
MAX_PUSH_NODES = 60


def simplified(area: MultiPolygon, *, max_nodes: int = MAX_NODES) -> MultiPolygon:
    """The area with at most `max_nodes` corners (if its parts allow it), never smaller than it
    was: each coarser version is widened by what it may have cut off. Degrees in and out."""
    tolerance, found = 0.00005, _parts(area)
    while nodes_of(found) > max_nodes and tolerance < 0.05:
        widened = area.buffer(tolerance, quad_segs=1).simplify(tolerance)
        found = _parts(shapely.remove_repeated_points(widened, 1e-6))
        tolerance *= 1.7
    return found


def nodes_of(area: MultiPolygon) -> int:
    return int(shapely.get_num_coordinates(area))


def _parts(geom: BaseGeometry) -> MultiPolygon:
    """Polygons without holes: inside a hole of danger nobody is safe enough to be left out."""
    parts = geom.geoms if hasattr(geom, "geoms") else [geom]
    return MultiPolygon([Polygon(part.exterior) for part in parts if isinstance(part, Polygon)])


def written(area: MultiPolygon) -> str:
    """A polygon for a push: rings as `lat,lon lat,lon …`, joined by `;`, five decimals."""
    return ";".join(
        " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in part.exterior.coords) for part in area.geoms
    )
