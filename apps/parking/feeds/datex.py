"""DATEX II v3 parking: the table of sites, and the status of those that are known at present."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from apps.base import datex
from apps.parking.feeds.facts import PublishedSite

_PREFIXES = ("prk", "fac", "loc")
TABLE = "citizen-parking"
VERSION = "1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def status_publication(sites: Sequence[PublishedSite], *, country: str, city: str) -> bytes:
    """`publicationTime` is that of the newest number, so that the same numbers are the same
    document."""
    newest = max((site.observed_at for site in sites if site.observed_at), default=_EPOCH)
    root = datex.publication(
        "prk:ParkingStatusPublication", prefixes=_PREFIXES, at=newest, country=country, city=city
    )
    datex.add(
        root, "prk:parkingTableReference", id=TABLE, version=VERSION, targetClass="prk:ParkingTable"
    )
    for site in sites:
        _status(root, site)
    return datex.as_bytes(root)


def _status(root: etree._Element, site: PublishedSite) -> None:
    status = datex.add(root, "prk:parkingStatusInformation", is_a="prk:PlaceStatus")
    datex.add(status, "fac:reference", id=site.code, version=VERSION,
         targetClass="fac:FacilityObject")  # fmt: skip
    if site.observed_at:
        datex.add(status, "fac:lastUpdated", datex.instant(site.observed_at))
    datex.add(status, "fac:openingStatus", "closed" if site.closed else "open")
    if site.free is not None:
        found = datex.add(status, "prk:occupancy")
        datex.add(found, "prk:numberOfSpacesOverride", site.total)
        datex.add(found, "prk:numberOfVacantSpaces", site.free)
        datex.add(found, "prk:numberOfOccupiedSpaces", site.total - site.free)
        share = 100 * (site.total - site.free) / site.total if site.total else 0.0
        datex.add(found, "prk:occupancy", f"{share:.1f}")
    datex.add(status, "prk:status", _state(site))


def _state(site: PublishedSite) -> str:
    if site.free is None:
        return "unknown"
    return "spacesAvailable" if site.free else "full"


def table_publication(sites: Sequence[PublishedSite], *, country: str, city: str) -> bytes:
    newest = max((site.created_at for site in sites if site.created_at), default=_EPOCH)
    root = datex.publication(
        "prk:ParkingTablePublication", prefixes=_PREFIXES, at=newest, country=country, city=city
    )
    table = datex.add(root, "prk:parkingTable", id=TABLE, version=VERSION)
    datex.add(table, "prk:versionTime", datex.instant(newest))
    for site in sites:
        _place(table, site)
    return datex.as_bytes(root)


def _place(table: etree._Element, site: PublishedSite) -> None:
    place = datex.add(table, "prk:hierarchyElementGeneral", id=site.code, version=VERSION,
                 is_a="prk:Place")  # fmt: skip
    datex.add_text(place, "fac:name", site.names)
    datex.add_point(place, "fac:locationReference", lat=site.lat, lon=site.lon)
    datex.add(place, "prk:layer", 1)
    datex.add(place, "prk:type", "place")
    supply = datex.add(place, "prk:supply")
    datex.add(supply, "prk:quantity", site.total)
    datex.add(supply, "prk:viewType", "spaceView")
