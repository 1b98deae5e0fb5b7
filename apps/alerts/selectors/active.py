"""What is in force now, for citizens: as live rows, by point, cell or box, in GeoJSON."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import QuerySet

from apps.alerts.core.chains import ENDS, Step
from apps.alerts.models import Alert, Notice
from apps.base import clock
from apps.base.geo import WGS84
from apps.base.live import Row

TOPIC = "alerts.active:all"

COLUMNS = """
    alert.code::text, alert.version, alert.kind, notice.number, notice.step, notice.severity,
    notice.urgency, notice.certainty, notice.responses, notice.texts, notice.area_names,
    ST_AsGeoJSON(notice.geom, 6), notice.onset_at, notice.expires_at, notice.sent_at,
    notice.identifier
"""
# The lean door's question; `place` is a geometry, or null for the whole city.
ACTIVE = f"""
    SELECT {COLUMNS}
    FROM alerts_alert alert JOIN alerts_notice notice ON notice.id = alert.current_id
    WHERE alert.state = 'in_force' AND alert.status = 'Actual' AND notice.expires_at > %(now)s
      AND (%(place)s::text IS NULL
           OR ST_Intersects(notice.geom, ST_GeomFromEWKT(%(place)s::text)))
    ORDER BY notice.sent_at DESC, alert.id
"""  # noqa: S608 - no word of it comes from outside


def shown(record: Iterable[Any]) -> Row:
    """One record of ACTIVE as the API shows it."""
    (
        code, version, kind, number, step, severity, urgency, certainty, responses, texts, names,
        geometry, onset_at, expires_at, sent_at, identifier,
    ) = record  # fmt: skip
    return {
        "id": code,
        "version": version,
        "kind": kind,
        "number": number,
        "step": step,
        "severity": severity,
        "urgency": urgency,
        "certainty": certainty,
        "responses": responses,
        "texts": _decoded(texts),
        "area_names": _decoded(names),
        "geometry": _decoded(geometry),
        "onset_at": onset_at,
        "expires_at": expires_at,
        "sent_at": sent_at,
        "identifier": identifier,
    }


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def alert_row(alert: Alert) -> Row:
    """A live row. One that ended stays in view as such for whoever was warned: `gone` only after
    its end was told."""
    notice = alert.current
    if notice is None:
        return {"id": str(alert.code), "version": alert.version, "gone": True}
    row = shown(
        (
            str(alert.code), alert.version, alert.kind, notice.number, notice.step,
            notice.severity, notice.urgency, notice.certainty, notice.responses, notice.texts,
            notice.area_names, notice.geom.json, notice.onset_at, notice.expires_at,
            notice.sent_at, notice.identifier,
        )
    )  # fmt: skip
    return row | {"gone": True} if not _is_shown(alert, notice, clock.now()) else row


def _is_shown(alert: Alert, notice: Notice, now: datetime) -> bool:
    """In force, or just ended: the all-clear is shown until it expires."""
    ended = Step(notice.step) in ENDS
    return (alert.state == Alert.State.IN_FORCE or ended) and notice.expires_at > now


def alerts_in_force(point: tuple[float, float] | None = None) -> QuerySet[Alert]:
    """Alerts in force now, at a point (longitude, latitude) or anywhere, the newest first."""
    found = Alert.objects.public().in_force().filter(current__expires_at__gt=clock.now())
    if point is not None:
        found = found.filter(current__geom__intersects=Point(*point, srid=WGS84))
    return found.select_related("current").order_by("-current__sent_at", "pk")


class ActiveSource:
    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        if key != "all":
            raise KeyError(key)
        found = Alert.objects.public().exclude(current=None).select_related("current")
        if since is not None:
            return [alert_row(alert) for alert in found.filter(changed_in__gte=since)]
        now = clock.now()
        current = found.filter(current__expires_at__gt=now).order_by("pk")
        return [row for row in map(alert_row, current) if not row.get("gone")]


source = ActiveSource()


def feature(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a GeoJSON feature."""
    properties = {name: value for name, value in row.items() if name not in ("geometry", "id")}
    return {
        "type": "Feature",
        "id": row["id"],
        "geometry": row["geometry"],
        "properties": properties,
    }
