"""NGSI-LD (ETSI GS CIM 009) entities of the smart data models for parking: OffStreetParking,
OnStreetParking and ParkingSpot, normalised or as key-values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.base import names
from apps.parking.feeds.facts import PublishedBay, PublishedSite
from apps.parking.feeds.parkapi import written
from apps.parking.models import Category, ParkingSite

CONTEXT = [
    "https://smart-data-models.github.io/dataModel.Parking/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld",
]
OFF_STREET, ON_STREET, SPOT = "OffStreetParking", "OnStreetParking", "ParkingSpot"
TYPES = (OFF_STREET, ON_STREET, SPOT)
ON_STREET_KINDS = (ParkingSite.Kind.STREET, ParkingSite.Kind.RESIDENTS)
_DETECTION = {"bays": "singleSpaceDetection", "gates": "balancing", "count": "balancing",
              "fused": "modelBased", "staff": "manual"}  # fmt: skip

Entity = dict[str, Any]


def type_of(kind: str) -> str:
    return ON_STREET if kind in ON_STREET_KINDS else OFF_STREET


def urn(type_: str, code: str) -> str:
    return f"urn:ngsi-ld:{type_}:{code}"


def site_entity(site: PublishedSite) -> Entity:
    type_ = type_of(site.kind)
    at = site.observed_at
    entity: Entity = {
        "id": urn(type_, site.code),
        "type": type_,
        "name": _property(names.pick(site.names, "") or site.code),
        "location": _geo(site.lon, site.lat),
        "category": _property(_categories(site)),
        "allowedVehicleType": _property(["car"] if type_ == OFF_STREET else "car"),
        "totalSpotNumber": _property(site.total),
        "status": _property(_status(site), at),
        "occupancyDetectionType": _property([_DETECTION.get(site.row["source"], "none")]),
    }
    if site.address:
        entity["address"] = _property({"streetAddress": site.address})
    if site.opening_hours:
        entity["openingHours"] = _property(site.opening_hours)
    if site.operator:
        entity["dataProvider"] = _property(site.operator)
    if site.max_height_m is not None:
        entity["maximumAllowedHeight"] = _property(site.max_height_m)
    return entity | _numbers(site, at)


def _numbers(site: PublishedSite, at: datetime | None) -> Entity:
    """Only what is known at present; how sure it is stands beside it."""
    if site.free is None:
        return {}
    free, total = site.free, site.total
    found = {
        "availableSpotNumber": _property(free, at),
        "occupiedSpotNumber": _property(total - free, at),
        "occupancy": _property(round((total - free) / total, 4) if total else 0.0, at),
    }
    confidence = site.row.get("confidence")
    if confidence is not None:
        for attribute in found.values():
            attribute["confidence"] = _property(confidence)
    return found


def _categories(site: PublishedSite) -> list[str]:
    found = {
        ParkingSite.Kind.GARAGE: ["parkingGarage", "barrierAccess"],
        ParkingSite.Kind.LOT: ["parkingLot"],
        ParkingSite.Kind.STREET: [],
        ParkingSite.Kind.RESIDENTS: ["onlyResidents"],
    }[ParkingSite.Kind(site.kind)]
    offered = {pool["category"] for pool in site.pools}
    for category, word in (
        (Category.ACCESSIBLE, "forDisabled"),
        (Category.EV, "forElectricalCharging"),
        (Category.RESIDENT, "forResidents"),
    ):
        if category in offered:
            found.append(word)
    if site.has_fee is not None:
        found.append("feeCharged" if site.has_fee else "free")
    return ["public", *found]


def _status(site: PublishedSite) -> list[str]:
    if site.closed:
        return ["closed"]
    if site.free is None:
        return ["open"]
    return ["open", "spacesAvailable" if site.free else "full"]


def bay_entity(bay: PublishedBay, site_kind: str) -> Entity:
    status = {None: "unknown", True: "occupied", False: "free"}[bay.occupied]
    site_type = type_of(site_kind)
    entity: Entity = {
        "id": urn(SPOT, bay.code),
        "type": SPOT,
        "name": _property(bay.code),
        "location": _geo(bay.lon, bay.lat),
        "category": _property(["onStreet" if site_type == ON_STREET else "offStreet"]),
        "status": _property(status, bay.observed_at),
        "refParkingSite": {"type": "Relationship", "object": urn(site_type, bay.site)},
    }
    if bay.devices:
        entity["refDevice"] = {
            "type": "Relationship",
            "object": [urn("Device", code) for code in bay.devices],
        }
    return entity


def _property(value: Any, at: datetime | None = None) -> Entity:
    found: Entity = {"type": "Property", "value": value}
    if at is not None:
        found["observedAt"] = written(at)
    return found


def _geo(lon: float, lat: float) -> Entity:
    return {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [lon, lat]}}


def as_key_values(entity: Mapping[str, Any]) -> Entity:
    """The simplified form: each attribute is its value."""
    return {
        name: found.get("value", found.get("object")) if isinstance(found, dict) else found
        for name, found in entity.items()
    }
