"""Pre-authorised policies: what may go out without waiting for a second person."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.alerts.core.chains import Step
from apps.alerts.models import Alert, Policy
from apps.alerts.selectors.places import area_km2
from apps.alerts.services.approving import approve_by_policy
from apps.alerts.services.drafting import draft_from_assessment, draft_next
from apps.hazards.models import Assessment

_SEVERITY = ("Unknown", "Minor", "Moderate", "Severe", "Extreme")
_CERTAINTY = ("Unknown", "Unlikely", "Possible", "Likely", "Observed")


@transaction.atomic
def consider(payload: Mapping[str, Any]) -> None:
    """Work handler: warn by policy, or draft the all-clear of what ended."""
    found = Assessment.objects.select_for_update().filter(code=payload["assessment"]).first()
    if found is None:
        return
    alert = found.alerts.in_force().filter(drill=None).first()
    if found.state == Assessment.State.OVER and alert is not None:
        _draft_all_clear(alert)
    elif found.state in (Assessment.State.NEW, Assessment.State.TAKEN) and alert is None:
        _warn_by_policy(found)


def policy_for(assessment: Assessment) -> Policy | None:
    """The first active policy that this assessment meets in every point."""
    for policy in Policy.objects.filter(is_active=True, kind=assessment.kind).order_by("pk"):
        if _fits(policy, assessment):
            return policy
    return None


def _fits(policy: Policy, assessment: Assessment) -> bool:
    if assessment.for_the_desk_alone:
        return False
    if policy.sources and assessment.source not in policy.sources:
        return False
    severe = _at_least(assessment.severity, policy.severity_from, _SEVERITY)
    certain = _at_least(assessment.certainty, policy.certainty_from, _CERTAINTY)
    inside = policy.within is None or policy.within.covers(assessment.geom)
    return severe and certain and inside and area_km2(assessment.geom) <= policy.max_km2


def _at_least(value: str, least: str, order: tuple[str, ...]) -> bool:
    return order.index(value) >= order.index(least)


def _warn_by_policy(assessment: Assessment) -> None:
    policy = policy_for(assessment)
    drafted = assessment.alerts.filter(state=Alert.State.DRAFT, drill=None).exists()
    if policy is None or drafted:
        return
    notice = draft_from_assessment(assessment=assessment, actor=f"policy:{policy.pk}")
    approve_by_policy(notice=notice, policy=policy)


def _draft_all_clear(alert: Alert) -> None:
    if not alert.notices.filter(state__in=("draft", "submitted")).exists():
        draft_next(alert=alert, step=Step.ALL_CLEAR, actor="hazards")
