"""A small reader of .osm.pbf extracts for benchmarks and tests: file in, plain elements out."""

from collections.abc import Iterator
from pathlib import Path

import osmium
from osmium.osm import Node as OsmNode
from osmium.osm import Relation as OsmRelation
from osmium.osm import Way as OsmWay

from apps.city.core.osm import Element, Member, MemberType, Node, Relation, Way

_MEMBER_TYPES: dict[str, MemberType] = {"n": "node", "w": "way", "r": "relation"}


def read_extract(path: Path) -> Iterator[Element]:
    """All elements of a file, tags whole."""
    for entity in osmium.FileProcessor(str(path)):
        if isinstance(entity, OsmNode):
            if entity.location.valid():
                place = entity.location
                yield Node(entity.id, place.lon, place.lat, _tags(entity))
        elif isinstance(entity, OsmWay):
            yield Way(entity.id, tuple(n.ref for n in entity.nodes), _tags(entity))
        elif isinstance(entity, OsmRelation):
            members = tuple(Member(_MEMBER_TYPES[m.type], m.ref, m.role) for m in entity.members)
            yield Relation(entity.id, members, _tags(entity))


def _tags(entity: OsmNode | OsmWay | OsmRelation) -> dict[str, str]:
    return {tag.k: tag.v for tag in entity.tags}
