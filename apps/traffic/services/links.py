"""Links out of the city's map, and the ids by which others know them."""

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.gis.geos import LineString, Point
from django.db import transaction
from django.db.models import Max

from apps.base.geo import project
from apps.city.core.osm import Element, Node
from apps.city.models import ImportRun, metres_of, the_city
from apps.city.selectors.osm import osm_elements
from apps.traffic.core import streets
from apps.traffic.models import Link, LinkNode

FIRST_NODE, FIRST_LINK = 1_000_000_000, 1_000_000_000
LINK_STEP = 100  # the standard leaves two digits for links that are cut later
logger = logging.getLogger(__name__)


@transaction.atomic
def build_links(*, elements: Iterable[Element] | None = None) -> int:
    """Bring links up to date with the map; how many are in use. Ids once given stay."""
    found = list(elements) if elements is not None else list(osm_elements())
    cut = streets.cut_links(found)
    places = {element.id: element for element in found if isinstance(element, Node)}
    nodes = _nodes({end for link in cut for end in (link.nodes[0], link.nodes[-1])}, places)
    known = {link.key: link for link in Link.objects.all()}
    srid = the_city().srid
    following = _next_code(Link, FIRST_LINK, LINK_STEP)
    made: list[Link] = []
    changed: list[Link] = []
    for one in {link.key: link for link in cut}.values():
        row = known.pop(one.key, None)
        if row is None:
            row = Link(key=one.key, code=str(following))
            following += LINK_STEP
        _fill(row, one, nodes, srid)
        (changed if row.pk else made).append(row)
    Link.objects.bulk_create(made, batch_size=1000)
    Link.objects.bulk_update(changed, _COLUMNS, batch_size=500)
    Link.objects.filter(pk__in=[row.pk for row in known.values()]).update(in_use=False)
    return len(made) + len(changed)


_COLUMNS = ["names", "highway", "free_mps", "length_m", "osm_nodes", "geom", "geom_m", "in_use"]


def _fill(row: Link, one: streets.Link, nodes: dict[int, LinkNode], srid: int) -> None:
    line = LineString(list(one.line), srid=4326)
    row.start, row.end = nodes[one.nodes[0]], nodes[one.nodes[-1]]
    row.names = {"": one.name} if one.name else {}
    row.highway, row.free_mps = one.highway, one.free_mps
    row.osm_nodes = list(one.nodes)
    row.geom, row.geom_m = line, metres_of(line, srid=srid)
    row.length_m = max(row.geom_m.length, 0.1)
    row.in_use = True


def _nodes(wanted: set[int], places: dict[int, Node]) -> dict[int, LinkNode]:
    known = {node.osm_id: node for node in LinkNode.objects.filter(osm_id__in=wanted)}
    following = _next_code(LinkNode, FIRST_NODE, LINK_STEP)
    missing = [
        LinkNode(
            osm_id=osm_id,
            code=str(following + LINK_STEP * number),
            geom=Point(places[osm_id].lon, places[osm_id].lat, srid=4326),
        )
        for number, osm_id in enumerate(sorted(wanted - known.keys()))
    ]
    for node in LinkNode.objects.bulk_create(missing):
        known[node.osm_id] = node
    return known


def _next_code(model: type[Link] | type[LinkNode], first: int, step: int) -> int:
    latest = model.objects.aggregate(latest=Max("code"))["latest"]
    return first if latest is None else max(first, int(latest) // step * step + step)


def build_if_stale() -> int | None:
    """Cut the streets anew after a map import; called every minute."""
    newest = ImportRun.objects.filter(kind=ImportRun.Kind.OSM, state=ImportRun.State.DONE)
    run = newest.order_by("-pk").first()
    if run is None or _BUILT.get("run") == run.pk:
        return None
    _BUILT["run"] = run.pk
    return build_links()


_BUILT: dict[str, int] = {}  # the map this process has cut; another cuts it again to the same


# ---------------------------------------------------------------- the national ids

NEAR_M = 30.0


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A link by the standard: its ids and where it starts and ends."""

    link_id: str
    start_id: str
    end_id: str
    start: tuple[float, float]
    end: tuple[float, float]


@transaction.atomic
def take_ids(*, named: Iterable[NamedLink]) -> dict[str, int]:
    """Give links and nodes their national ids by the places of their ends. Returns how many were
    matched, and how many of the standard's links nothing on the map is near."""
    links = list(Link.objects.filter(in_use=True).select_related("start", "end"))
    srid = the_city().srid
    matched = unmatched = 0
    for one in named:
        east, north = project(*zip(one.start, one.end, strict=True), srid=srid)
        ends = list(zip(east.tolist(), north.tolist(), strict=True))
        link = _nearest(links, ends)
        if link is None:
            unmatched += 1
            continue
        links.remove(link)
        matched += 1
        Link.objects.filter(pk=link.pk).update(code=one.link_id)
        LinkNode.objects.filter(pk=link.start_id).update(code=one.start_id)
        LinkNode.objects.filter(pk=link.end_id).update(code=one.end_id)
    return {"matched": matched, "unmatched": unmatched}


def _nearest(links: list[Link], ends: list[tuple[float, float]]) -> Link | None:
    def off_m(link: Link) -> float:
        assert link.geom_m is not None
        return max(math.dist(link.geom_m[0], ends[0]), math.dist(link.geom_m[-1], ends[1]))

    best = min(links, key=off_m, default=None)
    return best if best is not None and off_m(best) <= NEAR_M else None
