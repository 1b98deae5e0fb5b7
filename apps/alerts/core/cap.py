"""The Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303 bis): a message as plain values, to XML and
back.

Traps: a polygon is latitude first; an instant has no fraction and no `Z` (UTC is `-00:00`); the
elements stand in the order of the standard; `references` name every earlier message still in force.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra",
    "CBRNE", "Other",
)  # fmt: skip
RESPONSES = (
    "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
)  # fmt: skip
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

_FORBIDDEN = re.compile(r"[\s,<&]")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
Ring = tuple[tuple[float, float], ...]  # lon, lat; closed


class InvalidCap(ValueError):
    """What makes a message no CAP message; `field` names the element."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reference:
    """One earlier message."""

    sender: str
    identifier: str
    sent: datetime

    def written(self) -> str:
        return f"{self.sender},{self.identifier},{instant(self.sent)}"


@dataclass(frozen=True, slots=True)
class Area:
    """A place in words, as rings, and by codes (name, value)."""

    description: str
    polygons: tuple[Ring, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not self.description.strip():
            raise InvalidCap("areaDesc", "is missing")
        if not self.polygons and not self.geocodes:
            raise InvalidCap("area", "names no place")
        for ring in self.polygons:
            if len(ring) < 4 or ring[0] != ring[-1]:
                raise InvalidCap("polygon", "needs four points, the last one the first")
            if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ring):
                raise InvalidCap("polygon", "lies outside the globe")


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is to be said in one language."""

    language: str
    category: str
    event: str
    urgency: str
    severity: str
    certainty: str
    responses: tuple[str, ...] = ()
    event_codes: tuple[tuple[str, str], ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    areas: tuple[Area, ...] = ()

    def __post_init__(self) -> None:
        if not self.event.strip():
            raise InvalidCap("event", "is missing")
        for name, value, known in (
            ("category", self.category, CATEGORIES), ("urgency", self.urgency, URGENCIES),
            ("severity", self.severity, SEVERITIES), ("certainty", self.certainty, CERTAINTIES),
            *(("responseType", response, RESPONSES) for response in self.responses),
        ):  # fmt: skip
            if value not in known:
                raise InvalidCap(name, f"{value!r} is not one of the standard's")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    message_type: str
    scope: str = "Public"
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, text in (("identifier", self.identifier), ("sender", self.sender)):
            if not text or _FORBIDDEN.search(text):
                raise InvalidCap(name, "must be there, without space, comma, < or &")
        for name, value, known in (
            ("status", self.status, STATUSES), ("msgType", self.message_type, MESSAGE_TYPES),
            ("scope", self.scope, SCOPES),
        ):  # fmt: skip
            if value not in known:
                raise InvalidCap(name, f"{value!r} is not one of the standard's")
        if self.sent.tzinfo is None:
            raise InvalidCap("sent", "must say its time zone")
        if self.message_type != "Alert" and not self.references:
            raise InvalidCap("references", "must name the message this one is about")
        if self.message_type in ("Alert", "Update") and not self.infos:
            raise InvalidCap("info", "is missing")

    @property
    def reference(self) -> Reference:
        return Reference(self.sender, self.identifier, self.sent)


def instant(at: datetime) -> str:
    """As the standard's pattern wants it."""
    at = at.replace(microsecond=0)
    if at.utcoffset() == UTC.utcoffset(None):
        return at.strftime("%Y-%m-%dT%H:%M:%S-00:00")
    return at.isoformat()


def read_instant(text: str, *, field: str) -> datetime:
    if not _INSTANT.fullmatch(text.strip()):
        raise InvalidCap(field, f"{text!r} is no instant with its time zone")
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidCap(field, f"{text!r} is no instant") from error


# ---------------------------------------------------------------- out


def to_xml(alert: Alert) -> bytes:
    root = etree.Element(_name("alert"), nsmap={None: NAMESPACE})
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put(root, "sent", instant(alert.sent))
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.message_type)
    _put(root, "scope", alert.scope)
    _put(root, "note", alert.note)
    _put(root, "references", " ".join(reference.written() for reference in alert.references))
    _put(root, "incidents", " ".join(_quoted(name) for name in alert.incidents))
    for info in alert.infos:
        _put_info(root, info)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _put_info(root: etree._Element, info: Info) -> None:
    element = etree.SubElement(root, _name("info"))
    _put(element, "language", info.language)
    _put(element, "category", info.category)
    _put(element, "event", info.event)
    for response in info.responses:
        _put(element, "responseType", response)
    _put(element, "urgency", info.urgency)
    _put(element, "severity", info.severity)
    _put(element, "certainty", info.certainty)
    _put_pairs(element, "eventCode", info.event_codes)
    for name, at in (
        ("effective", info.effective), ("onset", info.onset), ("expires", info.expires),
    ):  # fmt: skip
        _put(element, name, instant(at) if at else "")
    for name, text in (
        ("senderName", info.sender_name), ("headline", info.headline),
        ("description", info.description), ("instruction", info.instruction), ("web", info.web),
        ("contact", info.contact),
    ):  # fmt: skip
        _put(element, name, text)
    _put_pairs(element, "parameter", info.parameters)
    for area in info.areas:
        _put_area(element, area)


def _put_area(info: etree._Element, area: Area) -> None:
    element = etree.SubElement(info, _name("area"))
    _put(element, "areaDesc", area.description)
    for ring in area.polygons:
        _put(element, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in ring))
    _put_pairs(element, "geocode", area.geocodes)


def _put_pairs(parent: etree._Element, name: str, pairs: Sequence[tuple[str, str]]) -> None:
    for key, value in pairs:
        element = etree.SubElement(parent, _name(name))
        _put(element, "valueName", key)
        _put(element, "value", value)


def _put(parent: etree._Element, name: str, text: str) -> None:
    if text:
        etree.SubElement(parent, _name(name)).text = text


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


# ---------------------------------------------------------------- in


def from_xml(content: bytes) -> Alert:
    """Read a message, without entities, external documents or network. Raises InvalidCap."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InvalidCap("alert", f"is no XML: {error}") from error
    if root.tag != _name("alert"):
        raise InvalidCap("alert", "is not the root, in the namespace of CAP 1.2")
    return Alert(
        identifier=_text(root, "identifier"),
        sender=_text(root, "sender"),
        sent=read_instant(_text(root, "sent"), field="sent"),
        status=_text(root, "status"),
        message_type=_text(root, "msgType"),
        scope=_text(root, "scope"),
        note=_text(root, "note"),
        references=tuple(_references(_text(root, "references"))),
        incidents=tuple(_text(root, "incidents").replace('"', "").split()),
        infos=tuple(_info(element) for element in root.findall(_name("info"))),
    )


def _references(text: str) -> Iterator[Reference]:
    for part in text.split():
        pieces = part.split(",")
        if len(pieces) != 3:
            raise InvalidCap("references", f"{part!r} is not sender,identifier,sent")
        yield Reference(pieces[0], pieces[1], read_instant(pieces[2], field="references"))


def _info(element: etree._Element) -> Info:
    return Info(
        language=_text(element, "language") or "en-US",
        category=_text(element, "category"),
        event=_text(element, "event"),
        urgency=_text(element, "urgency"),
        severity=_text(element, "severity"),
        certainty=_text(element, "certainty"),
        responses=tuple(one.text or "" for one in element.findall(_name("responseType"))),
        event_codes=_pairs(element, "eventCode"),
        effective=_optional_instant(element, "effective"),
        onset=_optional_instant(element, "onset"),
        expires=_optional_instant(element, "expires"),
        sender_name=_text(element, "senderName"),
        headline=_text(element, "headline"),
        description=_text(element, "description"),
        instruction=_text(element, "instruction"),
        web=_text(element, "web"),
        contact=_text(element, "contact"),
        parameters=_pairs(element, "parameter"),
        areas=tuple(_area(area) for area in element.findall(_name("area"))),
    )


def _area(element: etree._Element) -> Area:
    rings = (_ring(one.text or "") for one in element.findall(_name("polygon")))
    geocodes = _pairs(element, "geocode")
    if circles := [one.text or "" for one in element.findall(_name("circle"))]:
        geocodes += tuple(("circle", circle) for circle in circles)
    return Area(_text(element, "areaDesc"), tuple(rings), geocodes)


def _ring(text: str) -> Ring:
    try:
        pairs = [part.split(",") for part in text.split()]
        return tuple((float(lon), float(lat)) for lat, lon in pairs)
    except ValueError as error:
        raise InvalidCap("polygon", "is not pairs of latitude,longitude") from error


def _pairs(element: etree._Element, name: str) -> tuple[tuple[str, str], ...]:
    found = element.findall(_name(name))
    return tuple((_text(one, "valueName"), _text(one, "value")) for one in found)


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(_name(name)) or "").strip()


def _optional_instant(element: etree._Element, name: str) -> datetime | None:
    text = _text(element, name)
    return read_instant(text, field=name) if text else None
