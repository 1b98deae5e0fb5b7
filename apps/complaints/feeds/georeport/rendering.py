"""GeoReport v2 on the wire: the same documents as XML, which the standard requires, and JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpResponse
from lxml import etree

JSON, XML = "json", "xml"
TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
# What one entry of a list is called in XML.
ENTRIES = {
    "services": "service", "attributes": "attribute", "values": "value",
    "service_requests": "request", "service_request_updates": "request_update",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
Node = Any


@dataclass(frozen=True, slots=True)
class Document:
    """`root` names it in XML; in JSON a list stands by itself, as the standard shows it."""

    root: str
    content: Node


def render(document: Document, form: str, *, status: int = 200) -> HttpResponse:
    body = _xml(document) if form == XML else msgspec.json.encode(_plain(document.content))
    return HttpResponse(body, status=status, content_type=TYPES[form])


def _plain(node: Node) -> Node:
    match node:
        case datetime():
            return written(node)
        case Mapping():
            return {name: _plain(value) for name, value in node.items()}
        case list() | tuple():
            return [_plain(value) for value in node]
    return node


def _xml(document: Document) -> bytes:
    root = etree.Element(document.root)
    _fill(root, document.root, document.content)
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return out


def _fill(element: Any, name: str, node: Node) -> None:
    match node:
        case Mapping():
            for key, value in node.items():
                _fill(etree.SubElement(element, key), key, value)
        case list() | tuple():
            for value in node:
                entry = ENTRIES.get(name, "value")
                _fill(etree.SubElement(element, entry), entry, value)
        case _:
            element.text = _text(node)


def _text(value: Node) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return written(value)
    return "".join(sign for sign in str(value) if _may_stand(sign))


def _may_stand(sign: str) -> bool:
    """XML 1.0 has no place for most control characters."""
    code = ord(sign)
    return sign in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code > 0xFFFF


def written(instant: datetime) -> str:
    """ISO 8601 with its zone, to the second."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def error_document(errors: Sequence[tuple[int, str]]) -> Document:
    return Document("errors", [{"code": code, "description": text} for code, text in errors])
