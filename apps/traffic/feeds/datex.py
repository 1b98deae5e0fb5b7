"""DATEX II v3: measurement sites, what they measure, and situations.

A link is a site. Speeds are km/h, one `measuredValue` a site with the instant it was seen.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from apps.base import names
from apps.traffic.models import Incident, LinkState

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BASE = "http://datex2.eu/schema/3"
_NAMES = {
    "d2": f"{_BASE}/d2Payload", "com": f"{_BASE}/common", "roa": f"{_BASE}/roadTrafficData",
    "loc": f"{_BASE}/locationReferencing", "sit": f"{_BASE}/situation", "xsi": _XSI,
}  # fmt: skip
TABLE, VERSION = "citizen-links", "1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERITIES = {1: "low", 2: "medium", 3: "high", 4: "highest"}
_RECORDS = {
    Incident.Kind.ACCIDENT: ("sit:Accident", "accidentType", "accident"),
    Incident.Kind.BREAKDOWN: ("sit:VehicleObstruction", "vehicleObstructionType",
                              "brokenDownVehicle"),
    Incident.Kind.ROAD_WORKS: ("sit:MaintenanceWorks", "roadMaintenanceType", "roadworks"),
    Incident.Kind.CLOSURE: ("sit:RoadOrCarriagewayOrLaneManagement",
                            "roadOrCarriagewayOrLaneManagementType", "roadClosed"),
    Incident.Kind.FLOOD: ("sit:EnvironmentalObstruction", "environmentalObstructionType",
                          "flooding"),
    Incident.Kind.ICE: ("sit:WeatherRelatedRoadConditions", "weatherRelatedRoadConditionType",
                        "icy"),
    Incident.Kind.DEBRIS: ("sit:GeneralObstruction", "obstructionType", "objectOnTheRoad"),
    Incident.Kind.EVENT: ("sit:PublicEvent", "publicEventType", "other"),
    Incident.Kind.SIGNALS: ("sit:EquipmentOrSystemFault", "equipmentOrSystemFaultType",
                            "outOfService"),
    Incident.Kind.CONGESTION: ("sit:AbnormalTraffic", "abnormalTrafficType", "heavyTraffic"),
    Incident.Kind.OTHER: ("sit:GeneralObstruction", "obstructionType", "unspecifiedObstruction"),
}  # fmt: skip


def site_table(states: Sequence[LinkState], *, country: str, city: str) -> bytes:
    root = _publication("roa:MeasurementSiteTablePublication", _EPOCH, country, city)
    table = _add(root, "roa:measurementSiteTable", id=TABLE, version=VERSION)
    for state in states:
        link = state.link
        site = _add(table, "roa:measurementSite", id=link.code, version=VERSION)
        name = _add(_add(site, "roa:measurementSiteName"), "com:values")
        _add(name, "com:value", names.pick(link.names, "") or link.code)
        specific = _add(site, "roa:measurementSpecificCharacteristics", index="1")
        inner = _add(specific, "roa:measurementSpecificCharacteristics")
        _add(inner, "roa:specificMeasurementValueType", "trafficSpeed")
        place = _add(site, "roa:measurementSiteLocation", is_a="loc:LinearLocation")
        line = _add(place, "loc:gmlLineString", srsName="urn:ogc:def:crs:EPSG::4326")
        _add(line, "loc:posList", " ".join(f"{lat:.7f} {lon:.7f}" for lon, lat in link.geom.coords))
    return _written(root)


def measured_data(states: Sequence[LinkState], *, country: str, city: str) -> bytes:
    """`publicationTime` is that of the newest value: the same values are the same document."""
    newest = max((state.seen_at for state in states if state.seen_at), default=_EPOCH)
    root = _publication("roa:MeasuredDataPublication", newest, country, city)
    _add(root, "roa:measurementSiteTableReference", id=TABLE, version=VERSION,
         targetClass="roa:MeasurementSiteTable")  # fmt: skip
    for state in states:
        assert state.speed_mps is not None
        assert state.seen_at is not None
        site = _add(root, "roa:siteMeasurements")
        _add(site, "roa:measurementSiteReference", id=state.link.code, version=VERSION,
             targetClass="roa:MeasurementSite")  # fmt: skip
        _add(site, "roa:measurementTimeDefault", _iso(state.seen_at))
        value = _add(_add(site, "roa:measuredValue", index="1"), "roa:measuredValue")
        data = _add(value, "roa:basicData", is_a="roa:TrafficSpeed")
        speed = _add(data, "roa:averageVehicleSpeed", numberOfInputValuesUsed=state.samples_n)
        _add(speed, "roa:speed", f"{state.speed_mps * 3.6:.1f}")
    return _written(root)


def situations(incidents: Sequence[Incident], *, country: str, city: str) -> bytes:
    newest = max((row.updated_at for row in incidents), default=_EPOCH)
    root = _publication("sit:SituationPublication", newest, country, city)
    for row in incidents:
        situation = _add(root, "sit:situation", id=f"S-{row.code}", version=row.version)
        _add(situation, "sit:overallSeverity", _SEVERITIES[row.severity])
        _add(situation, "sit:situationVersionTime", _iso(row.updated_at))
        header = _add(situation, "sit:headerInformation")
        _add(header, "com:informationStatus", "real")
        _record(situation, row)
    return _written(root)


def _record(situation: etree._Element, row: Incident) -> None:
    kind, field, value = _RECORDS[Incident.Kind(row.kind)]
    record = _add(situation, "sit:situationRecord", is_a=kind, id=f"R-{row.code}",
                  version=row.version)  # fmt: skip
    _add(record, "sit:situationRecordCreationTime", _iso(row.started_at))
    _add(record, "sit:situationRecordVersionTime", _iso(row.updated_at))
    _add(record, "sit:probabilityOfOccurrence", "certain")
    _add(record, "sit:severity", _SEVERITIES[row.severity])
    validity = _add(record, "sit:validity")
    _add(validity, "com:validityStatus", "definedByValidityTimeSpec")
    times = _add(validity, "com:validityTimeSpecification")
    _add(times, "com:overallStartTime", _iso(row.started_at))
    if row.expected_until:
        _add(times, "com:overallEndTime", _iso(row.expected_until))
    if row.description:
        comment = _add(_add(record, "sit:generalPublicComment"), "sit:comment")
        _add(_add(comment, "com:values"), "com:value", row.description)
    place = _add(record, "sit:locationReference", is_a="loc:PointLocation")
    point = _add(_add(place, "loc:pointByCoordinates"), "loc:pointCoordinates")
    centre = row.geom.centroid
    _add(point, "loc:latitude", f"{centre.y:.7f}")
    _add(point, "loc:longitude", f"{centre.x:.7f}")
    _add(record, f"sit:{field}", value)


def _publication(kind: str, at: datetime, country: str, city: str) -> etree._Element:
    root = etree.Element(_tag("d2:payload"), nsmap=_NAMES)
    root.set(f"{{{_XSI}}}type", kind)
    root.set("lang", "en")
    root.set("modelBaseVersion", "3")
    _add(root, "com:publicationTime", _iso(at))
    creator = _add(root, "com:publicationCreator")
    _add(creator, "com:country", country.lower())
    _add(creator, "com:nationalIdentifier", city)
    return root


def _add(
    parent: etree._Element, name: str, text: Any = None, *, is_a: str = "", **attributes: Any
) -> etree._Element:
    found = etree.SubElement(parent, _tag(name))
    if is_a:
        found.set(f"{{{_XSI}}}type", is_a)
    for key, value in attributes.items():
        found.set(key, str(value))
    if text is not None:
        found.text = str(text)
    return found


def _tag(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _written(root: etree._Element) -> bytes:
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content
