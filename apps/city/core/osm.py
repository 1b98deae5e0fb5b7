"""OpenStreetMap's three elements as plain values: what importers yield and builders read.

Tags are kept whole, because a later builder asks questions that the importer could not foresee.
Source: OpenStreetMap wiki, "Elements".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Tags = Mapping[str, str]
MemberType = Literal["node", "way", "relation"]


@dataclass(frozen=True, slots=True)
class Node:
    """A point. `lon` and `lat` are WGS84 degrees."""

    id: int
    lon: float
    lat: float
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """An ordered line through nodes; closed if the first node is also the last."""

    id: int
    node_ids: tuple[int, ...]
    tags: Tags = field(default_factory=dict)

    @property
    def is_closed(self) -> bool:
        return len(self.node_ids) > 3 and self.node_ids[0] == self.node_ids[-1]


@dataclass(frozen=True, slots=True)
class Member:
    type: MemberType
    ref: int
    role: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A group of elements that belong together, such as a multipolygon or a route."""

    id: int
    members: tuple[Member, ...]
    tags: Tags = field(default_factory=dict)


Element = Node | Way | Relation
