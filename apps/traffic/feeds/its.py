"""JSON in the shape of the Korean national ITS open API: links with ten-digit ids, and events.

Dates are the city's local time as `yyyyMMddHHmmss`, speeds km/h, travel times seconds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.base import names
from apps.traffic.core.fusion import travel_s
from apps.traffic.models import Incident, LinkState

_TYPES = {
    Incident.Kind.ACCIDENT: "교통사고",
    Incident.Kind.BREAKDOWN: "교통사고",
    Incident.Kind.ROAD_WORKS: "공사",
    Incident.Kind.CLOSURE: "기타돌발",
    Incident.Kind.FLOOD: "기상",
    Incident.Kind.ICE: "기상",
    Incident.Kind.EVENT: "기타돌발",
}
_OTHER = "기타돌발"


def traffic_info(states: Sequence[LinkState], *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    return _answer([_link(state, zone, now) for state in states])


def _link(state: LinkState, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    link = state.link
    assert state.speed_mps is not None
    assert state.seen_at is not None
    return {
        "roadName": names.pick(link.names, "ko"),
        "roadDrcType": "",
        "linkNo": "",
        "linkId": link.code,
        "startNodeId": link.start.code,
        "endNodeId": link.end.code,
        "speed": f"{state.speed_mps * 3.6:.1f}",
        "travelTime": f"{travel_s(link.length_m, state.speed_mps):.1f}",
        "createdDate": _stamp(state.seen_at, zone),
        "ageS": round((now - state.seen_at).total_seconds(), 1),
    }


def event_info(incidents: Sequence[Incident], *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    return _answer([_event(row, zone, now) for row in incidents])


def _event(row: Incident, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    centre = row.geom.centroid
    return {
        "type": "시군도",
        "eventType": _TYPES.get(Incident.Kind(row.kind), _OTHER),
        "eventDetailType": row.kind,
        "startDate": _stamp(row.started_at, zone),
        "endDate": _stamp(row.expected_until, zone) if row.expected_until else "",
        "coordX": f"{centre.x:.7f}",
        "coordY": f"{centre.y:.7f}",
        "linkId": row.link.code if row.link else "",
        "roadName": names.pick(row.link.names, "ko") if row.link else "",
        "message": row.description,
        "ageS": round((now - row.updated_at).total_seconds(), 1),
    }


def _answer(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "header": {"resultCode": 0, "resultMsg": "OK"},
        "body": {"totalCount": len(items), "items": items},
    }


def _stamp(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y%m%d%H%M%S}"
