"""GTFS-Realtime 2.0 alerts out of incidents, for riders of whatever goes by road."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from google.transit import gtfs_realtime_pb2 as pb

from apps.traffic.models import Incident

_CAUSES = {
    Incident.Kind.ACCIDENT: pb.Alert.ACCIDENT,
    Incident.Kind.BREAKDOWN: pb.Alert.TECHNICAL_PROBLEM,
    Incident.Kind.ROAD_WORKS: pb.Alert.CONSTRUCTION,
    Incident.Kind.FLOOD: pb.Alert.WEATHER,
    Incident.Kind.ICE: pb.Alert.WEATHER,
    Incident.Kind.EVENT: pb.Alert.DEMONSTRATION,
    Incident.Kind.SIGNALS: pb.Alert.TECHNICAL_PROBLEM,
}
_LEVELS = {
    1: pb.Alert.INFO, 2: pb.Alert.INFO, 3: pb.Alert.WARNING, 4: pb.Alert.SEVERE,
}  # fmt: skip


def alerts(
    incidents: Sequence[Incident],
    now: datetime,
    *,
    agency: str,
    titles: Mapping[str, Mapping[str, str]],
) -> pb.FeedMessage:
    """`titles[kind][language]` are the words for kinds."""
    feed = pb.FeedMessage()
    feed.header.gtfs_realtime_version = "2.0"
    feed.header.incrementality = pb.FeedHeader.FULL_DATASET
    feed.header.timestamp = int(now.timestamp())
    for row in incidents:
        entity = feed.entity.add()
        entity.id = f"incident:{row.code}"
        _fill(entity.alert, row, agency, titles[row.kind])
    return feed


def _fill(alert: pb.Alert, row: Incident, agency: str, title: Mapping[str, str]) -> None:
    period = alert.active_period.add()
    period.start = int(row.started_at.timestamp())
    if row.expected_until:
        period.end = int(row.expected_until.timestamp())
    alert.informed_entity.add().agency_id = agency
    alert.cause = _CAUSES.get(Incident.Kind(row.kind), pb.Alert.OTHER_CAUSE)
    closed = row.severity == Incident.Severity.HIGHEST
    alert.effect = pb.Alert.DETOUR if closed else pb.Alert.SIGNIFICANT_DELAYS
    alert.severity_level = _LEVELS[row.severity]
    for language, text in title.items():
        line = alert.header_text.translation.add()
        line.language, line.text = language, text
    if row.description:
        alert.description_text.translation.add().text = row.description
