"""An alert through the desk's services."""

from django.contrib.gis.geos import MultiPolygon, Polygon

from apps.alerts.models import Notice
from apps.alerts.services.approving import approve_notice, submit_notice
from apps.alerts.services.drafting import draft_alert
from benchmarks.notify.phones import CENTRE


def submit_one(half_deg: float = 0.01) -> Notice:
    lon, lat = CENTRE
    box = Polygon.from_bbox((lon - half_deg, lat - half_deg, lon + half_deg, lat + half_deg))
    notice = draft_alert(
        kind="flood", area=MultiPolygon(box, srid=4326), severity="Severe", certainty="Observed",
        actor="park",
    )  # fmt: skip
    return submit_notice(code=notice.code, actor="park")


def approve_one() -> None:
    approve_notice(code=submit_one().code, actor="lee")
