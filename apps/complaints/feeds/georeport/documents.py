"""Rows as GeoReport documents."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from apps.base import names
from apps.complaints.core.states import OPEN, State
from apps.complaints.feeds.georeport.rendering import Document
from apps.complaints.models import (
    Jurisdiction,
    Service,
    ServiceAttribute,
    ServiceRequest,
    StatusChange,
)

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = datetime.fromisoformat("2026-11-25T00:00:00+00:00")


def spoken() -> str:
    return (get_language() or "").split("-")[0]


def discovery(jurisdiction: Jurisdiction | None) -> Document:
    content = {
        "changeset": CHANGESET,
        "contact": jurisdiction.contact if jurisdiction else "",
        "key_service": jurisdiction.key_service if jurisdiction else "",
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.PUBLIC_URL}/open311/v2",
                "changeset": CHANGESET,
                "type": "test" if settings.DEMO else "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return Document("discovery", content)


def service(row: Service) -> dict[str, Any]:
    language = spoken()
    return {
        "service_code": row.service_code,
        "service_name": row.name(language),
        "description": names.pick(row.descriptions, language),
        "metadata": bool(row.attributes.all()),
        "type": row.type,
        "keywords": ",".join(row.keywords),
        "group": names.pick(row.group.names, language) or row.group.code,
    }


def service_definition(row: Service) -> Document:
    attributes = [attribute(each) for each in row.attributes.all()]
    content = {"service_code": row.service_code, "attributes": attributes}
    return Document("service_definition", content)


def attribute(row: ServiceAttribute) -> dict[str, Any]:
    language = spoken()
    return {
        "variable": row.is_variable,
        "code": row.code,
        "datatype": row.datatype,
        "required": row.is_required,
        "datatype_description": names.pick(row.hints, language),
        "order": row.order,
        "description": names.pick(row.names, language),
        "values": [
            {"key": choice["key"], "name": names.pick(choice["names"], language)}
            for choice in row.values
        ],
    }


def service_request(row: ServiceRequest) -> dict[str, Any]:
    language = spoken()
    return {
        "service_request_id": row.number,
        "status": row.open311_status,
        "status_notes": row.status_notes or None,
        "service_name": row.service.name(language),
        "service_code": row.service.service_code,
        "description": row.description or None,
        "agency_responsible": names.pick(row.department.names, language),
        "service_notice": None,
        "requested_datetime": row.requested_at,
        "updated_datetime": row.updated_at,
        "expected_datetime": row.expected_at,
        "address": row.address or None,
        "address_id": row.address_id or None,
        "zipcode": row.zipcode or None,
        "lat": row.geom.y if row.geom else None,
        "long": row.geom.x if row.geom else None,
        "media_url": _media_url(row),
    }


def _media_url(row: ServiceRequest) -> str | None:
    """The first photo that the public may see."""
    for attachment in row.attachments.all():
        if attachment.is_public:
            return f"{settings.PUBLIC_URL}/api/v1/complaints/photos/{attachment.code}"
    return None


def update(row: StatusChange) -> dict[str, Any]:
    return {
        "update_id": str(row.pk),
        "service_request_id": row.request.number,
        "status": "open" if State(row.state) in OPEN else "closed",
        "updated_datetime": row.at,
        "description": row.public_note or row.get_state_display(),
        "media_url": None,
    }
