"""Drills: the same doors, a status that can never be actual, and a report afterwards."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import Department
from apps.alerts.core.chains import Step
from apps.alerts.models import Alert, Drill, Notice
from apps.alerts.selectors.delivery import delivery_of
from apps.alerts.services.drafting import draft_alert
from apps.base import audit, clock
from apps.base.problems import Conflict
from apps.hazards.models import Assessment


@transaction.atomic
def start_drill(*, name: str, department: Department, actor: str) -> Drill:
    drill = Drill.objects.create(name=name, department=department, started_at=clock.now())
    audit.record(actor=actor, action="alerts.drill.started", subject=f"drill:{drill.code}")
    return drill


def draft_in_drill(*, drill: Drill, assessment: Assessment, actor: str) -> Notice:
    """An exercise about an assessment of now or of any earlier day."""
    return draft_alert(
        kind=assessment.kind, area=assessment.geom, severity=assessment.severity,
        certainty=assessment.certainty, urgency=assessment.urgency, actor=actor,
        status=Alert.Status.EXERCISE, drill=drill, department=drill.department,
    )  # fmt: skip


@transaction.atomic
def end_drill(*, drill: Drill, actor: str) -> Drill:
    """Write the after-action report. Raises Conflict if it is over already."""
    drill = Drill.objects.select_for_update().get(pk=drill.pk)
    if drill.ended_at is not None:
        raise Conflict(_("This drill is over."))
    drill.ended_at = clock.now()
    drill.report = report_of(drill)
    drill.save(update_fields=["ended_at", "report"])
    audit.record(
        actor=actor, action="alerts.drill.ended", subject=f"drill:{drill.code}",
        detail={"alerts": len(drill.report["alerts"])},
    )  # fmt: skip
    return drill


def report_of(drill: Drill) -> dict[str, Any]:
    """What happened when, how long each step took, and what was left undone."""
    alerts = [_of_alert(alert) for alert in drill.alerts.order_by("pk")]
    return {
        "name": drill.name,
        "started_at": drill.started_at.isoformat(),
        "ended_at": drill.ended_at.isoformat() if drill.ended_at else None,
        "alerts": alerts,
        "open_ends": [finding for alert in alerts for finding in alert["findings"]],
    }


def _of_alert(alert: Alert) -> dict[str, Any]:
    notices = list(alert.notices.order_by("number"))
    return {
        "alert": str(alert.code),
        "kind": alert.kind,
        "notices": [_of_notice(notice) for notice in notices],
        "delivery": delivery_of(alert).document(),
        "findings": _findings(notices),
    }


def _of_notice(notice: Notice) -> dict[str, Any]:
    return {
        "step": notice.step,
        "state": notice.state,
        "proposed_by": notice.proposed_by,
        "approved_by": notice.approved_by,
        "drafting_s": _seconds(notice.created_at, notice.submitted_at),
        "approval_s": _seconds(notice.submitted_at, notice.sent_at),
        "counts": notice.counts,
    }


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return (end - start).total_seconds() if start and end else None


def _findings(notices: list[Notice]) -> list[str]:
    """Kept untranslated: whoever reads the report has a language of their own."""
    found = []
    if any(notice.is_open for notice in notices):
        found.append(gettext_noop("A notice was never approved."))
    steps = {notice.step for notice in notices if notice.state == Notice.State.ISSUED}
    if steps and Step.ALL_CLEAR.value not in steps and Step.CANCEL.value not in steps:
        found.append(gettext_noop("No all-clear was given."))
    if any(notice.alone for notice in notices):
        found.append(gettext_noop("One officer approved alone."))
    return found
