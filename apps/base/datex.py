"""DATEX II 3.6 as XML (docs.datex2.eu): a publication's envelope, and elements by prefixed name.

An element has the prefix of the type that declares it, and a type's elements come in its order,
those of its base type first.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from lxml import etree

_BASE = "http://datex2.eu/schema/3"
_NAMES = {
    "d2": f"{_BASE}/d2Payload", "com": f"{_BASE}/common", "fac": f"{_BASE}/facilities",
    "loc": f"{_BASE}/locationReferencing", "prk": f"{_BASE}/parking",
    "roa": f"{_BASE}/roadTrafficData", "sit": f"{_BASE}/situation",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}  # fmt: skip


def publication(
    kind: str, *, prefixes: Iterable[str], at: datetime, country: str, city: str
) -> etree._Element:
    """The root of a publication; `prefixes` are the namespaces that it uses beside the common."""
    used = ("d2", "com", *prefixes, "xsi")
    root = etree.Element(_name("d2:payload"), nsmap={prefix: _NAMES[prefix] for prefix in used})
    root.set(_name("xsi:type"), kind)
    root.set("lang", "en")
    root.set("modelBaseVersion", "3")
    add(root, "com:publicationTime", instant(at))
    creator = add(root, "com:publicationCreator")
    add(creator, "com:country", country.lower())
    add(creator, "com:nationalIdentifier", city)
    return root


def add(
    parent: etree._Element, name: str, text: object = None, *, is_a: str = "", **attributes: object
) -> etree._Element:
    """A child of that name; `is_a` is the type that stands in for the schema's abstract one."""
    found = etree.SubElement(parent, _name(name), {k: str(v) for k, v in attributes.items()})
    if is_a:
        found.set(_name("xsi:type"), is_a)
    if text is not None:
        found.text = str(text)
    return found


def add_header(parent: etree._Element, name: str) -> None:
    """What follows is real, no exercise and no test."""
    add(add(parent, name), "com:informationStatus", "real")


def add_text(parent: etree._Element, name: str, texts: Mapping[str, str]) -> None:
    """A text by language; "" is a language that nobody noted."""
    values = add(add(parent, name), "com:values")
    for language, text in sorted(texts.items()):
        add(values, "com:value", text, lang=language or "und")


def add_point(parent: etree._Element, name: str, *, lat: float, lon: float) -> None:
    """A place, WGS84 degrees."""
    place = add(parent, name, is_a="loc:PointLocation")
    point = add(add(place, "loc:pointByCoordinates"), "loc:pointCoordinates")
    add(point, "loc:latitude", f"{lat:.7f}")
    add(point, "loc:longitude", f"{lon:.7f}")


def instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def as_bytes(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content


def _name(prefixed: str) -> str:
    prefix, _colon, local = prefixed.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"
