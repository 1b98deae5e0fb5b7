"""Reads a map file once, element by element, into the rows of an import.

osmium does the reading and puts multipolygons together; what an element means is said by
`apps.city.core`. Memory holds the positions of all nodes (16 bytes each) and unfinished batches.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import osmium
from django.utils.translation import gettext as _

from apps.base.names import from_tags
from apps.city.core import kinds, shapes
from apps.city.core.addresses import postal, written
from apps.city.importers import wkb
from apps.city.importers.batches import Batches, Ewkb
from apps.city.importers.broken import BrokenMap, describe

TELL_EVERY = 10_000
_ORDER = {"n": 0, "w": 1, "r": 2}
_WORDS = {"n": "node", "w": "way", "r": "relation"}
# Beyond this size positions go to a file, so that a whole country does not fill the memory.
LARGE_FILE_BYTES = 500_000_000

Counts = dict[str, int]


@dataclass
class Extent:
    """The box around all nodes, in 1e-7 degrees."""

    west: int = 1_800_000_000
    south: int = 900_000_000
    east: int = -1_800_000_000
    north: int = -900_000_000

    def include(self, lon_e7: int, lat_e7: int) -> None:
        # Comparisons rather than min and max: this runs for each node of the map.
        if lon_e7 < self.west:
            self.west = lon_e7
        if lon_e7 > self.east:
            self.east = lon_e7
        if lat_e7 < self.south:
            self.south = lat_e7
        if lat_e7 > self.north:
            self.north = lat_e7

    def clip(self, box: Any) -> None:
        """Keep to the box that the file says it covers, as ways are kept whole beyond it."""
        if not box.valid():
            return
        low, high = box.bottom_left, box.top_right
        self.west, self.east = max(self.west, low.x), min(self.east, high.x)
        self.south, self.north = max(self.south, low.y), min(self.north, high.y)

    @property
    def degrees(self) -> tuple[float, float, float, float]:
        return self.west / 1e7, self.south / 1e7, self.east / 1e7, self.north / 1e7


@dataclass
class Reading:
    """What one file held."""

    extent: Extent = field(default_factory=Extent)
    counts: Counts = field(default_factory=lambda: dict.fromkeys(_WORDS.values(), 0))
    unclosed: list[str] = field(default_factory=list)


def read_map(path: Path, rows: Batches, *, country: str, tell: Callable[[Counts], None]) -> Reading:
    """Read the whole file into `rows`. Raises BrokenMap with the place where reading stopped."""
    reader = _Reader(rows, country, tell)
    try:
        elements = _elements(path)
        for element in elements:
            reader.take(element)
    except (osmium.InvalidLocationError, RuntimeError) as error:  # osmium knows no finer kinds
        raise describe(path, reader.last, error) from error
    except BrokenMap as error:
        raise BrokenMap(f"{path.name}: {error}") from error
    if not reader.reading.counts["node"]:
        raise BrokenMap(": ".join((path.name, _("it holds no nodes"))))
    reader.reading.extent.clip(elements.header.box())
    tell(reader.reading.counts)
    return reader.reading


def _elements(path: Path) -> Any:
    large = path.stat().st_size > LARGE_FILE_BYTES
    storage = "sparse_file_array" if large else "flex_mem"
    return osmium.FileProcessor(path).with_locations(storage).with_areas()


class _Reader:
    def __init__(self, rows: Batches, country: str, tell: Callable[[Counts], None]) -> None:
        self.reading = Reading()
        self.last = ""
        self._rows = rows
        self._country = country
        self._tell = tell
        self._wkb = osmium.geom.WKBFactory()
        self._seen = (-1, -1 << 63)
        self._take = {"n": self._node, "w": self._way, "r": self._relation, "a": self._area}

    def take(self, element: Any) -> None:
        kind = element.type_str()
        if kind != "a":
            self._keep_order(kind, element.id)
        self._take[kind](element)

    def _keep_order(self, kind: str, id_: int) -> None:
        """Refuse what later steps rely on not to happen: elements unsorted or twice."""
        here = (_ORDER[kind], id_)
        if here <= self._seen:
            raise BrokenMap(
                _(
                    "%(element)s comes after %(last)s: the file is not sorted or holds an element "
                    "twice (`osmium sort` mends that)"
                )
                % {"element": f"{_WORDS[kind]}/{id_}", "last": self.last}
            )
        self._seen = here
        self.last = f"{_WORDS[kind]}/{id_}"
        counts = self.reading.counts
        counts[_WORDS[kind]] += 1
        if counts[_WORDS[kind]] % TELL_EVERY == 0:
            self._tell(counts)

    # ---------------------------------------------------------------- elements

    def _node(self, node: Any) -> None:
        place = node.location
        if not place.valid():
            raise BrokenMap(_("%s has no position on the earth") % self.last)
        lon_e7, lat_e7 = place.x, place.y
        self.reading.extent.include(lon_e7, lat_e7)
        if not node.tags:
            self._rows["city_osmnode"].add(node.id, lon_e7, lat_e7, None)
            return
        tags = dict(node.tags)
        self._rows["city_osmnode"].add(node.id, lon_e7, lat_e7, tags)
        geom = wkb.point(lon_e7 / 1e7, lat_e7 / 1e7)
        self._stage_named(f"node/{node.id}", tags, geom)
        if shape := shapes.point_shape(tags):
            self._stage_shape(shape, node.id, tags, geom)

    def _way(self, way: Any) -> None:
        tags = dict(way.tags)
        geom = self._line_of(way)
        refs = [node.ref for node in way.nodes]
        self._rows["city_osmway"].add(way.id, refs, tags or None, geom)
        if not tags or geom is None:
            return
        if shape := shapes.way_shape(tags, is_closed=way.is_closed()):
            self._stage_shape(shape, way.id, tags, geom)
        rank = kinds.street_rank(tags)
        if rank is not None and "name" in tags and (names := from_tags(tags)):
            other = kinds.other_names(tags)
            self._rows["stage_street"].add(f"way/{way.id}", names, other, geom, rank)

    def _relation(self, relation: Any) -> None:
        members = [(m.type, m.ref, m.role) for m in relation.members]
        self._rows["city_osmrelation"].add(
            relation.id,
            "".join(kind for kind, _ref, _role in members),
            [ref for _kind, ref, _role in members],
            [role for _kind, _ref, role in members],
            dict(relation.tags) or None,
        )

    def _area(self, area: Any) -> None:
        tags = dict(area.tags)
        if not tags:
            return
        way = area.from_way()
        reference = f"{'way' if way else 'relation'}/{area.orig_id()}"
        try:
            geom = wkb.with_srid(self._wkb.create_multipolygon(area))
        except RuntimeError:
            self.reading.unclosed.append(reference)
            return
        if tags.get("boundary") == "administrative":
            self._stage_district(reference, tags, geom)
            return
        if not (way and kinds.street_rank(tags) is not None and tags.get("area") != "yes"):
            self._stage_named(reference, tags, geom)
        if shape := shapes.area_shape(tags):
            self._stage_shape(shape, area.orig_id() * (1 if way else -1), tags, geom)

    # ---------------------------------------------------------------- what they mean

    def _stage_named(self, reference: str, tags: dict[str, str], geom: Ewkb) -> None:
        address = postal(tags)
        if address:
            for number in address.numbers:
                self._rows["stage_address"].add(
                    reference, number, address.names, address.on_street, address.postcode, geom
                )
        if kind := kinds.place_kind(tags):
            self._rows["stage_place"].add(
                reference,
                from_tags(tags),
                kinds.other_names(tags),
                geom,
                kind.kind,
                kind.weight,
                kinds.details(tags),
                self._written(address.names[""], address.numbers[0])
                if address and "" in address.names
                else "",
            )

    def _written(self, area: str, number: str) -> str:
        return written(area, number, country=self._country)[:200]

    def _stage_district(self, reference: str, tags: dict[str, str], geom: Ewkb) -> None:
        level, names = tags.get("admin_level", ""), from_tags(tags)
        if level.isdecimal() and len(level) < 3 and names:
            other = kinds.other_names(tags)
            self._rows["stage_district"].add(reference, names, other, geom, int(level))

    def _stage_shape(
        self, shape: shapes.Shape, osm_id: int, tags: dict[str, str], geom: Ewkb
    ) -> None:
        properties = {"kind": shape.kind, **shape.extra}
        if "name" in tags:
            for language, name in from_tags(tags).items():
                properties[f"name:{language}" if language else "name"] = name
        self._rows["stage_shape"].add(shape.layer, osm_id, shape.min_zoom, properties, geom)

    def _line_of(self, way: Any) -> Ewkb | None:
        """The way's line; an extract may lack nodes at its edge, they are left out."""
        try:
            return wkb.with_srid(self._wkb.create_linestring(way))
        except (osmium.InvalidLocationError, RuntimeError):
            known = [node.location for node in way.nodes if node.location.valid()]
            distinct = [place for place, _same in groupby((place.x, place.y) for place in known)]
            if len(distinct) < 2:
                return None
            return wkb.line([degree / 1e7 for place in distinct for degree in place])
