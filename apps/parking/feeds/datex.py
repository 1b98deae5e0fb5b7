"""DATEX II v3 parking: the table of sites, and the status of those that are known at present."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from apps.parking.feeds.facts import PublishedSite
from apps.parking.feeds.parkapi import written

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BASE = "http://datex2.eu/schema/3"
_NAMES = {"d2": f"{_BASE}/d2Payload", "com": f"{_BASE}/common", "prk": f"{_BASE}/parking",
          "loc": f"{_BASE}/locationReferencing", "xsi": _XSI}  # fmt: skip
TABLE = "citizen-parking"
VERSION = "1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def status_publication(sites: Sequence[PublishedSite], *, country: str, city: str) -> bytes:
    """`publicationTime` is that of the newest number, so that the same numbers are the same
    document."""
    newest = max((site.observed_at for site in sites if site.observed_at), default=_EPOCH)
    root = _publication("prk:ParkingStatusPublication", newest, country, city)
    _add(
        root, "prk:parkingTableReference", id=TABLE, version=VERSION, targetClass="prk:ParkingTable"
    )
    for site in sites:
        _status(root, site)
    return _written(root)


def _status(root: etree._Element, site: PublishedSite) -> None:
    record = _add(root, "prk:parkingRecordStatus", is_a="prk:ParkingSiteStatus")
    _add(record, "prk:parkingRecordReference", id=site.code, version=VERSION,
         targetClass="prk:ParkingRecord")  # fmt: skip
    if site.observed_at:
        _add(record, "prk:parkingStatusOriginTime", written(site.observed_at))
    if site.free is not None:
        found = _add(record, "prk:parkingOccupancy")
        _add(found, "prk:parkingNumberOfSpacesOverride", site.total)
        _add(found, "prk:parkingNumberOfVacantSpaces", site.free)
        _add(found, "prk:parkingNumberOfOccupiedSpaces", site.total - site.free)
        share = 100 * (site.total - site.free) / site.total if site.total else 0.0
        _add(found, "prk:parkingOccupancy", f"{share:.1f}")
    _add(record, "prk:parkingSiteStatus", _state(site))
    _add(record, "prk:parkingSiteOpeningStatus", "closed" if site.closed else "open")


def _state(site: PublishedSite) -> str:
    if site.free is None:
        return "unknown"
    return "spacesAvailable" if site.free else "full"


def table_publication(sites: Sequence[PublishedSite], *, country: str, city: str) -> bytes:
    newest = max((site.created_at for site in sites if site.created_at), default=_EPOCH)
    root = _publication("prk:ParkingTablePublication", newest, country, city)
    table = _add(root, "prk:parkingTable", id=TABLE, version=VERSION)
    _add(table, "prk:parkingTableVersionTime", written(newest))
    for site in sites:
        _record(table, site)
    return _written(root)


def _record(table: etree._Element, site: PublishedSite) -> None:
    record = _add(table, "prk:parkingRecord", id=site.code, version=VERSION,
                  is_a="prk:UrbanParkingSite")  # fmt: skip
    values = _add(_add(record, "prk:parkingName"), "com:values")
    for language, text in sorted(site.names.items()):
        _add(values, "com:value", text, lang=language or "und")
    _add(record, "prk:parkingNumberOfSpaces", site.total)
    location = _add(record, "prk:parkingLocation", is_a="loc:PointLocation")
    point = _add(_add(location, "loc:pointByCoordinates"), "loc:pointCoordinates")
    _add(point, "loc:latitude", f"{site.lat:.7f}")
    _add(point, "loc:longitude", f"{site.lon:.7f}")


def _publication(kind: str, at: datetime, country: str, city: str) -> etree._Element:
    root = etree.Element(_name("d2:payload"), nsmap=_NAMES)
    root.set(_name("xsi:type"), kind)
    root.set("lang", "en")
    root.set("modelBaseVersion", "3")
    _add(root, "com:publicationTime", written(at))
    creator = _add(root, "com:publicationCreator")
    _add(creator, "com:country", country.lower())
    _add(creator, "com:nationalIdentifier", city)
    return root


def _add(
    parent: etree._Element, name: str, text: object = None, *, is_a: str = "", **attributes: str
) -> etree._Element:
    found = etree.SubElement(parent, _name(name), attributes)
    if is_a:
        found.set(_name("xsi:type"), is_a)
    if text is not None:
        found.text = str(text)
    return found


def _name(prefixed: str) -> str:
    prefix, _colon, local = prefixed.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _written(root: etree._Element) -> bytes:
    found: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return found
