"""Writes elements of our own into a map file, so that they come in by the same door as any."""

from collections.abc import Iterable
from pathlib import Path

import osmium
from osmium.osm import mutable

from apps.city.core.osm import Element, Node, Way

_ORDER = {"Node": 0, "Way": 1, "Relation": 2}


def write_map(elements: Iterable[Element], path: Path) -> None:
    """Write a sorted map file in the format its suffix names."""
    in_order = sorted(elements, key=lambda e: (_ORDER[type(e).__name__], e.id))
    with osmium.SimpleWriter(path, overwrite=True) as writer:
        for element in in_order:
            _write(writer, element)


def _write(writer: osmium.SimpleWriter, element: Element) -> None:
    match element:
        case Node(id=id_, lon=lon, lat=lat, tags=tags):
            writer.add_node(mutable.Node(id=id_, location=(lon, lat), tags=dict(tags)))
        case Way(id=id_, node_ids=node_ids, tags=tags):
            writer.add_way(mutable.Way(id=id_, nodes=node_ids, tags=dict(tags)))
        case relation:
            members = [(m.type[0], m.ref, m.role) for m in relation.members]
            writer.add_relation(
                mutable.Relation(id=relation.id, members=members, tags=dict(relation.tags))
            )
