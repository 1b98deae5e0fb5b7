"""ParkAPI v3 (github.com/ParkenDD/park-api-v3): parking sites and spots in the fields of its public
interface. Heights are centimetres, durations seconds, times UTC."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.base import names
from apps.base.datex import instant
from apps.parking.feeds.facts import PublishedBay, PublishedSite, whole_number
from apps.parking.models import Category, ParkingSite

SOURCE_UID = "citizen"
SOURCE_ID = 1
_TYPES = {
    ParkingSite.Kind.GARAGE: "CAR_PARK",
    ParkingSite.Kind.LOT: "OFF_STREET_PARKING_GROUND",
    ParkingSite.Kind.STREET: "ON_STREET",
    ParkingSite.Kind.RESIDENTS: "ON_STREET",
}
_SUFFIXES = {
    Category.ACCESSIBLE: "_disabled",
    Category.EV: "_charging",
    Category.FAMILY: "_family",
}
_RESTRICTIONS = {
    Category.ACCESSIBLE: "DISABLED",
    Category.EV: "CHARGING",
    Category.FAMILY: "FAMILY",
    Category.RESIDENT: "RESIDENT",
    Category.LOADING: "DELIVERY",
}


def site_item(site: PublishedSite) -> dict[str, Any]:
    static_at = written(site.created_at)
    item: dict[str, Any] = {
        "id": whole_number(site.code),
        "source_id": SOURCE_ID,
        "original_uid": site.code,
        "name": names.pick(site.names, "") or site.code,
        "operator_name": site.operator or None,
        "address": site.address or None,
        "type": _TYPES[ParkingSite.Kind(site.kind)],
        "purpose": "CAR",
        "max_height": None if site.max_height_m is None else round(site.max_height_m * 100),
        "is_covered": site.covered,
        "has_fee": site.has_fee,
        "opening_hours": site.opening_hours or None,
        "has_realtime_data": bool(site.live),
        "static_data_updated_at": static_at,
        "realtime_data_updated_at": written(site.observed_at),
        "realtime_opening_status": "CLOSED" if site.closed else "OPEN",
        "lat": f"{site.lat:.7f}",
        "lon": f"{site.lon:.7f}",
        "capacity": site.total,
        "created_at": static_at,
        "modified_at": written(site.observed_at) or static_at,
    }
    item |= _counts("capacity", site.pools, "total")
    if site.live:
        item |= _counts("realtime_capacity", site.live, "total")
        item |= _counts("realtime_free_capacity", site.live, "free")
    if site.free is not None:
        item |= {"realtime_capacity": site.total, "realtime_free_capacity": site.free}
    return {name: value for name, value in item.items() if value is not None}


def _counts(name: str, pools: Sequence[Mapping[str, Any]], what: str) -> dict[str, int]:
    return {
        name + _SUFFIXES[pool["category"]]: pool[what]
        for pool in pools
        if pool["category"] in _SUFFIXES
    }


def spot_item(bay: PublishedBay) -> dict[str, Any]:
    status = {None: "UNKNOWN", True: "TAKEN", False: "AVAILABLE"}[bay.occupied]
    restriction = _RESTRICTIONS.get(Category(bay.category))
    item = {
        "id": whole_number(bay.code),
        "source_id": SOURCE_ID,
        "original_uid": bay.code,
        "parking_site_id": whole_number(bay.site),
        "purpose": "CAR",
        "has_realtime_data": bay.occupied is not None,
        "realtime_status": status,
        "realtime_data_updated_at": written(bay.observed_at),
        "restrictions": [{"type": restriction}] if restriction else [],
        "lat": f"{bay.lat:.7f}",
        "lon": f"{bay.lon:.7f}",
    }
    return {name: value for name, value in item.items() if value is not None}


def source_item(city: str, url: str) -> dict[str, Any]:
    return {
        "id": SOURCE_ID,
        "uid": SOURCE_UID,
        "name": city,
        "public_url": url,
        "realtime_status": "ACTIVE",
        "static_status": "ACTIVE",
    }


def written(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
