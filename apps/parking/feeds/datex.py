"""DATEX II v3 parking: the table of sites, and the status of those that are known at present."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from apps.base import datex
from apps.parking.feeds.facts import PublishedSite

_PREFIXES = ("prk", "loc")
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
    record = datex.add(root, "prk:parkingRecordStatus", is_a="prk:ParkingSiteStatus")
    datex.add(record, "prk:parkingRecordReference", id=site.code, version=VERSION,
         targetClass="prk:ParkingRecord")  # fmt: skip
    if site.observed_at:
        datex.add(record, "prk:parkingStatusOriginTime", datex.instant(site.observed_at))
    if site.free is not None:
        found = datex.add(record, "prk:parkingOccupancy")
        datex.add(found, "prk:parkingNumberOfSpacesOverride", site.total)
        datex.add(found, "prk:parkingNumberOfVacantSpaces", site.free)
        datex.add(found, "prk:parkingNumberOfOccupiedSpaces", site.total - site.free)
        share = 100 * (site.total - site.free) / site.total if site.total else 0.0
        datex.add(found, "prk:parkingOccupancy", f"{share:.1f}")
    datex.add(record, "prk:parkingSiteStatus", _state(site))
    datex.add(record, "prk:parkingSiteOpeningStatus", "closed" if site.closed else "open")


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
    datex.add(table, "prk:parkingTableVersionTime", datex.instant(newest))
    for site in sites:
        _record(table, site)
    return datex.as_bytes(root)


def _record(table: etree._Element, site: PublishedSite) -> None:
    record = datex.add(table, "prk:parkingRecord", id=site.code, version=VERSION,
                  is_a="prk:UrbanParkingSite")  # fmt: skip
    values = datex.add(datex.add(record, "prk:parkingName"), "com:values")
    for language, text in sorted(site.names.items()):
        datex.add(values, "com:value", text, lang=language or "und")
    datex.add(record, "prk:parkingNumberOfSpaces", site.total)
    datex.add_point(record, "prk:parkingLocation", lat=site.lat, lon=site.lon)
