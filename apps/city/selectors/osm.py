"""The map's raw elements as core values, for builders: nodes first, then ways, then relations."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec
from django.db import connection

from apps.city.core.osm import Element, Member, MemberType, Node, Relation, Way

Box = tuple[float, float, float, float]
CHUNK = 10_000

_MEMBER_TYPES: Mapping[str, MemberType] = {"n": "node", "w": "way", "r": "relation"}
_ENVELOPE = "ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"

_ALL = {
    "nodes": "SELECT id, lon_e7, lat_e7, tags FROM city_osmnode ORDER BY id",
    "ways": "SELECT id, node_ids, tags FROM city_osmway ORDER BY id",
    "relations": "SELECT id, member_types, member_refs, member_roles, tags FROM city_osmrelation "
    "ORDER BY id",
}
_BOXED = {
    "nodes": f"""
        SELECT id, lon_e7, lat_e7, tags FROM city_osmnode
        WHERE (lon_e7 BETWEEN %(west)s * 1e7 AND %(east)s * 1e7
               AND lat_e7 BETWEEN %(south)s * 1e7 AND %(north)s * 1e7)
           OR id IN (SELECT unnest(node_ids) FROM city_osmway WHERE geom && {_ENVELOPE})
        ORDER BY id""",  # noqa: S608 - our own constant
    "ways": f"""
        SELECT id, node_ids, tags FROM city_osmway WHERE geom && {_ENVELOPE} ORDER BY id
        """,  # noqa: S608 - our own constant
    "relations": f"""
        SELECT id, member_types, member_refs, member_roles, tags FROM city_osmrelation
        WHERE EXISTS (
            SELECT FROM unnest(string_to_array(member_types, NULL), member_refs) m (type, ref)
            JOIN city_osmway w ON m.type = 'w' AND w.id = m.ref AND w.geom && {_ENVELOPE})
        ORDER BY id""",  # noqa: S608 - our own constant
}


def osm_elements(box: Box | None = None) -> Iterator[Element]:
    """All elements, or those in a box (west, south, east, north in degrees), ids ascending.

    A way in the box comes with all its nodes, a relation where one of its ways is in the box. Read
    through a server-side cursor: memory holds some thousand rows. Read it within a transaction
    where an import must not come in between.
    """
    statements = _BOXED if box else _ALL
    corners = dict(zip(("west", "south", "east", "north"), box or (), strict=False))
    for row in _rows(statements["nodes"], corners):
        yield Node(row[0], row[1] / 1e7, row[2] / 1e7, _tags(row[3]))
    for row in _rows(statements["ways"], corners):
        yield Way(row[0], tuple(row[1]), _tags(row[2]))
    for id_, types, refs, roles, tags in _rows(statements["relations"], corners):
        members = tuple(
            Member(_MEMBER_TYPES[kind], ref, role)
            for kind, ref, role in zip(types, refs, roles, strict=True)
        )
        yield Relation(id_, members, _tags(tags))


def _rows(statement: str, corners: Mapping[str, float]) -> Iterator[Any]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, corners or None)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


def _tags(written: str | None) -> dict[str, str]:
    return cast("dict[str, str]", msgspec.json.decode(written)) if written else {}
