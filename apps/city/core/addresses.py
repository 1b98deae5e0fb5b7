"""Postal addresses as OpenStreetMap tags them and as a country writes them.

Two systems: number on a street (Korea's 도로명주소, most of the world), and lot number in a quarter
(Korea's 지번주소, Japan). Source: OpenStreetMap wiki, "Key:addr".
"""

import re
from dataclasses import dataclass

from apps.base.names import from_tags
from apps.city.core.osm import Tags

_AREAS = ("addr:place", "addr:neighbourhood", "addr:quarter", "addr:suburb")
# Where the number comes before the street's name (Universal Postal Union, addressing sheets).
_NUMBER_FIRST = {
    "AU", "CA", "FR", "GB", "IE", "IN", "LU", "MA", "MC", "NZ", "PH", "TH", "US", "ZA",
}  # fmt: skip
_SEPARATORS = re.compile(r"\s*[;,]\s*")


@dataclass(frozen=True, slots=True)
class Postal:
    """One or several numbers (a block of flats) on a street or in a quarter."""

    numbers: tuple[str, ...]
    names: dict[str, str]
    on_street: bool
    postcode: str


def postal(tags: Tags) -> Postal | None:
    """The address of an element; None if it has no number or nothing to count in."""
    numbers = tuple(n for n in _SEPARATORS.split(tags.get("addr:housenumber", "")) if n)
    for key in ("addr:street", *_AREAS):
        names = from_tags(tags, key=key)
        if numbers and names:
            return Postal(
                numbers[:20], names, key == "addr:street", tags.get("addr:postcode", "")[:20]
            )
    return None


def written(area: str, number: str, *, country: str) -> str:
    """`달빛로 12`, `12 Baker Street`, `Hauptstraße 12`."""
    return f"{number} {area}" if country in _NUMBER_FIRST else f"{area} {number}"
