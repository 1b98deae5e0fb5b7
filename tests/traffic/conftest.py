"""A few streets of a town: two crossing roads, four arms, every arm both ways."""

import pytest

from apps.base.clock import Hand
from apps.city.core.osm import Element, Node, Way
from apps.traffic.models import Link
from apps.traffic.services.links import build_links
from tests.devices.conftest import found_city

LON, LAT = 127.26, 37.43


def town() -> list[Element]:
    places = {1: (0, 0), 2: (-0.004, 0), 3: (0.004, 0), 4: (0, 0.004), 5: (0, -0.004)}
    nodes = [Node(k, LON + dx, LAT + dy) for k, (dx, dy) in places.items()]
    street = {"highway": "secondary", "maxspeed": "50"}
    return [
        *nodes,
        Way(10, (2, 1, 3), street | {"name": "동서로"}),
        Way(11, (5, 1, 4), street | {"name": "남북로"}),
        Way(12, (4, 3), {"highway": "residential", "oneway": "yes"}),
        Way(13, (4, 2), {"highway": "footway"}),
    ]


@pytest.fixture
def links(db: None, hand: Hand) -> dict[str, Link]:
    """By the map's nodes: `1>3` goes east from the middle."""
    found_city()
    build_links(elements=town())
    found = Link.objects.select_related("start", "end")
    return {f"{link.start.osm_id}>{link.end.osm_id}": link for link in found}
