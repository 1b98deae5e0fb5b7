"""DATEX II v3: measurement sites, what they measure, and situations.

A link is a site. Speeds are km/h, one quantity a site with the instant it was seen.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from apps.base import datex
from apps.traffic.models import Incident, LinkState

_PREFIXES = ("roa", "loc", "sit")
TABLE, VERSION = "citizen-links", "1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "highest"}
_RECORDS: dict[str, tuple[str, dict[str, str]]] = {
    Incident.Kind.ACCIDENT: ("sit:Accident", {"accidentType": "accident"}),
    Incident.Kind.BREAKDOWN: (
        "sit:VehicleObstruction", {"vehicleObstructionType": "brokenDownVehicle"},
    ),
    Incident.Kind.ROAD_WORKS: ("sit:MaintenanceWorks", {"roadMaintenanceType": "roadworks"}),
    Incident.Kind.CLOSURE: (
        "sit:RoadOrCarriagewayOrLaneManagement",
        {"complianceOption": "mandatory", "roadOrCarriagewayOrLaneManagementType": "roadClosed"},
    ),
    Incident.Kind.FLOOD: (
        "sit:EnvironmentalObstruction", {"environmentalObstructionType": "flooding"},
    ),
    Incident.Kind.ICE: (
        "sit:WeatherRelatedRoadConditions", {"weatherRelatedRoadConditionType": "ice"},
    ),
    Incident.Kind.DEBRIS: ("sit:GeneralObstruction", {"obstructionType": "objectOnTheRoad"}),
    Incident.Kind.EVENT: ("sit:PublicEvent", {"publicEventType": "other"}),
    Incident.Kind.SIGNALS: (
        "sit:EquipmentOrSystemFault",
        {"equipmentOrSystemFaultType": "outOfService",
         "faultyEquipmentOrSystemType": "trafficSignals"},
    ),
    Incident.Kind.CONGESTION: ("sit:AbnormalTraffic", {"abnormalTrafficType": "heavyTraffic"}),
    Incident.Kind.OTHER: ("sit:GeneralObstruction", {"obstructionType": "other"}),
}  # fmt: skip


def site_table(states: Sequence[LinkState], *, country: str, city: str) -> bytes:
    root = _publication("roa:MeasurementSiteTablePublication", _EPOCH, country, city)
    datex.add_header(root, "roa:headerInformation")
    table = datex.add(root, "roa:measurementSiteTable", id=TABLE, version=VERSION)
    for state in states:
        link = state.link
        site = datex.add(table, "roa:measurementSite", id=link.code, version=VERSION)
        datex.add_text(site, "roa:measurementSiteName", link.names or {"": link.code})
        specific = datex.add(site, "roa:measurementSpecificCharacteristics", index="1")
        inner = datex.add(specific, "roa:measurementSpecificCharacteristics")
        datex.add(inner, "roa:specificMeasurementValueType", "trafficSpeed")
        place = datex.add(site, "roa:measurementSiteLocation", is_a="loc:LinearLocation")
        line = datex.add(place, "loc:gmlLineString", srsName="urn:ogc:def:crs:EPSG::4326")
        datex.add(
            line, "loc:posList", " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in link.geom.coords)
        )
    return datex.as_bytes(root)


def measured_data(states: Sequence[LinkState], *, country: str, city: str) -> bytes:
    """`publicationTime` is that of the newest value: the same values are the same document."""
    newest = max((state.seen_at for state in states if state.seen_at), default=_EPOCH)
    root = _publication("roa:MeasuredDataPublication", newest, country, city)
    datex.add(root, "roa:measurementSiteTableReference", id=TABLE, version=VERSION,
         targetClass="roa:MeasurementSiteTable")  # fmt: skip
    datex.add_header(root, "roa:headerInformation")
    for state in states:
        _measured(root, state)
    return datex.as_bytes(root)


def _measured(root: etree._Element, state: LinkState) -> None:
    assert state.speed_mps is not None
    assert state.seen_at is not None
    site = datex.add(root, "roa:siteMeasurements")
    datex.add(site, "roa:measurementSiteReference", id=state.link.code, version=VERSION,
         targetClass="roa:MeasurementSite")  # fmt: skip
    indexed = datex.add(site, "roa:physicalQuantity", index="1")
    quantity = datex.add(indexed, "roa:physicalQuantity", is_a="roa:SinglePhysicalQuantity")
    data = datex.add(quantity, "roa:basicData", is_a="roa:TrafficSpeed")
    speed = datex.add(data, "roa:averageVehicleSpeed", numberOfInputValuesUsed=state.samples_n)
    datex.add(speed, "com:speed", f"{state.speed_mps * 3.6:.1f}")
    seen = datex.add(site, "roa:measurementTimeDefault")
    datex.add(seen, "roa:timeValue", datex.instant(state.seen_at))


def situations(incidents: Sequence[Incident], *, country: str, city: str) -> bytes:
    newest = max((row.updated_at for row in incidents), default=_EPOCH)
    root = _publication("sit:SituationPublication", newest, country, city)
    for row in incidents:
        situation = datex.add(root, "sit:situation", id=f"S-{row.code}")
        datex.add(situation, "sit:overallSeverity", _SEVERITIES[row.severity])
        datex.add(situation, "sit:situationVersionTime", datex.instant(row.updated_at))
        datex.add_header(situation, "sit:headerInformation")
        _record(situation, row)
    return datex.as_bytes(root)


def _record(situation: etree._Element, row: Incident) -> None:
    kind, details = _RECORDS[row.kind]
    record = datex.add(situation, "sit:situationRecord", is_a=kind, id=f"R-{row.code}",
                  version=row.version)  # fmt: skip
    datex.add(record, "sit:situationRecordCreationTime", datex.instant(row.started_at))
    datex.add(record, "sit:situationRecordVersionTime", datex.instant(row.updated_at))
    datex.add(record, "sit:probabilityOfOccurrence", "certain")
    datex.add(record, "sit:severity", _SEVERITIES[row.severity])
    validity = datex.add(record, "sit:validity")
    datex.add(validity, "com:validityStatus", "definedByValidityTimeSpec")
    times = datex.add(validity, "com:validityTimeSpecification")
    datex.add(times, "com:overallStartTime", datex.instant(row.started_at))
    if row.expected_until:
        datex.add(times, "com:overallEndTime", datex.instant(row.expected_until))
    if row.description:
        comment = datex.add(record, "sit:generalPublicComment")
        datex.add_text(comment, "sit:comment", {"": row.description})
    centre = row.geom.centroid
    datex.add_point(record, "sit:locationReference", lat=centre.y, lon=centre.x)
    for name, value in details.items():
        datex.add(record, f"sit:{name}", value)


def _publication(kind: str, at: datetime, country: str, city: str) -> etree._Element:
    return datex.publication(kind, prefixes=_PREFIXES, at=at, country=country, city=city)
