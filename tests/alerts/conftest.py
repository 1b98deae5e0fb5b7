"""A town with a district, phones in it, two officers, and an assessment."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from apps.alerts.core.chains import Step
from apps.alerts.models import Alert, Notice
from apps.alerts.services.approving import approve_notice, submit_notice
from apps.alerts.services.drafting import draft_alert, draft_next
from apps.base import work
from apps.base.clock import Hand
from apps.city.models import District, metres_of, the_city
from apps.hazards.models import Assessment
from apps.hazards.services import Finding, assess
from apps.notify.models import Registration
from tests.devices.conftest import found_city
from tests.notify.conftest import register
from tests.support.world import People

PARK, LEE = "park", "lee"


def box(half: float = 0.004, lon: float = 127.259, lat: float = 37.430) -> MultiPolygon:
    part = Polygon.from_bbox((lon - half, lat - half, lon + half, lat + half))
    return MultiPolygon(part, srid=4326)


@dataclass
class Desk:
    """The alert desk: drafts, submits, approves."""

    people: People
    phone: Registration
    names: dict[str, str] = field(default_factory=dict)

    def assess(self, reference: str = "gauge-1", **more: Any) -> Assessment:
        facts: dict[str, Any] = {
            "kind": "flood", "summary": "Mill Stream", "geom": box(), "severity": "Severe",
            "certainty": "Observed", "urgency": "Immediate", "depth_m": 0.6,
        }  # fmt: skip
        return assess(source="water", reference=reference, finding=Finding(**(facts | more)))

    def draft(self, **more: Any) -> Notice:
        facts: dict[str, Any] = {
            "kind": "flood", "area": box(), "severity": "Severe", "certainty": "Observed",
            "urgency": "Immediate", "actor": PARK,
        }  # fmt: skip
        return draft_alert(**(facts | more))

    def issue(self, notice: Notice | None = None, **more: Any) -> Notice:
        """Park writes, Lee approves."""
        notice = notice or self.draft()
        submit_notice(code=notice.code, actor=PARK)
        return approve_notice(code=notice.code, actor=LEE, **more)

    def follow(self, alert: Alert, step: Step) -> Notice:
        alert.refresh_from_db()
        return self.issue(draft_next(alert=alert, step=step, actor=PARK))

    def work_off(self) -> None:
        while work.sweep():
            pass


@pytest.fixture
def desk(hand: Hand, people: People) -> Desk:
    found_city()
    area = box(0.05)
    District.objects.create(
        code="riverside", names={"": "강변동", "ko": "강변동", "en": "Riverside"}, reference="1",
        level=8, geom=area, geom_m=metres_of(area, srid=the_city().srid),
    )  # fmt: skip
    return Desk(people, register(people.sora))
