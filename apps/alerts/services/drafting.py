"""Notices are drafted and edited, until somebody submits them for approval."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Polygon
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Department
from apps.alerts.core.chains import Step, WrongStep, references_for
from apps.alerts.models import Alert, Drill, Notice
from apps.alerts.selectors.chains import chain_of
from apps.alerts.selectors.places import area_names
from apps.alerts.services.wording import WORDINGS, draft_texts
from apps.base import clock
from apps.base.models import LiveRow
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.models import the_city
from apps.hazards.models import Assessment, Certainty, HazardKind, Severity, Urgency
from apps.hazards.services.assessments import duty_desk

LASTS = timedelta(hours=6)
ALL_CLEAR_LASTS = timedelta(hours=1)


class ChainEnded(Conflict):
    slug = "alert-chain"
    title = gettext_lazy("This message cannot follow those before it.")


@transaction.atomic
def draft_alert(
    *,
    kind: str,
    area: GEOSGeometry,
    severity: str,
    certainty: str,
    urgency: str = Urgency.IMMEDIATE,
    actor: str,
    status: str = Alert.Status.ACTUAL,
    assessment: Assessment | None = None,
    drill: Drill | None = None,
    department: Department | None = None,
    onset_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> Notice:
    """A first notice with the catalogue's words in every language.

    Raises:
        Invalid: terms CAP doesn't know; an area that is none, crosses itself or lies elsewhere.
        Conflict: the assessment has an alert already; a drill that would be an actual alert.
    """
    _check_terms(kind, severity, certainty, urgency)
    if drill is not None and status == Alert.Status.ACTUAL:
        raise Conflict(_("What is sent in a drill is never an actual alert."))
    if drill is not None and drill.ended_at is not None:
        raise Conflict(_("This drill is over."))
    alert = _new_alert(
        kind=kind, status=status, assessment=assessment, drill=drill,
        department=department or (assessment.department if assessment else duty_desk()),
    )  # fmt: skip
    return _draft(
        alert, Step.ALERT, read_area(area), actor,
        severity=severity, certainty=certainty, urgency=urgency, onset_at=onset_at,
        expires_at=_end_of(expires_at), responses=list(WORDINGS[kind].responses),
    )  # fmt: skip


def draft_from_assessment(
    *, assessment: Assessment, actor: str, status: str = Alert.Status.ACTUAL
) -> Notice:
    """An assessment as it would be said. Raises Conflict where there is an alert already."""
    return draft_alert(
        kind=assessment.kind, area=assessment.geom, severity=assessment.severity,
        certainty=assessment.certainty, urgency=assessment.urgency, actor=actor, status=status,
        assessment=assessment, onset_at=assessment.onset_at, expires_at=assessment.expires_at,
    )  # fmt: skip


@transaction.atomic
def draft_next(*, alert: Alert, step: Step, actor: str, note: str = "") -> Notice:
    """An update, the all-clear or a cancellation of what was said last.

    Raises:
        ChainEnded: nothing was sent yet, or the alert has ended.
        Conflict: another notice of this alert is still open.
    """
    alert = Alert.objects.select_for_update().get(pk=alert.pk)
    try:
        references_for(step, chain_of(alert))
    except WrongStep as error:
        raise ChainEnded(_(str(error))) from error
    last = alert.current
    assert last is not None, "an alert in force has said something"
    over = step is not Step.UPDATE
    return _draft(
        alert, step, last.geom, actor,
        severity=last.severity, certainty=last.certainty,
        urgency=Urgency.PAST if step is Step.ALL_CLEAR else last.urgency,
        onset_at=last.onset_at, note=note,
        expires_at=clock.now() + ALL_CLEAR_LASTS if over else _end_of(last.expires_at),
        responses=["AllClear"] if step is Step.ALL_CLEAR else list(last.responses),
    )  # fmt: skip


@transaction.atomic
def edit_notice(*, code: Any, actor: str, changes: Mapping[str, Any]) -> Notice:
    """Change a draft. A submitted one goes back to being a draft: what is approved is what was
    submitted. A moved area brings the catalogue's words for it unless the words are given too.

    Raises:
        NotFound, Conflict, Invalid.
    """
    notice = open_notice(code)
    values = {name: changes[name] for name in EDITABLE if name in changes}
    if "geom" in values:
        values["geom"] = read_area(values["geom"])
        values["area_names"] = area_names(values["geom"], _languages())
        if "texts" not in values:
            values["texts"] = _words(notice, values)
    for name, value in values.items():
        setattr(notice, name, value)
    _check_terms(notice.alert.kind, notice.severity, notice.certainty, notice.urgency)
    notice.state, notice.counts, notice.proposed_by = Notice.State.DRAFT, None, actor
    notice.save(update_fields=[*values, "state", "counts", "proposed_by"])
    return notice


EDITABLE = (
    "geom", "severity", "certainty", "urgency", "responses", "texts", "onset_at", "expires_at",
    "note",
)  # fmt: skip


@transaction.atomic
def drop_draft(*, code: Any) -> None:
    """Throw a draft away; an alert of which nothing was said goes with it."""
    notice = open_notice(code)
    alert = notice.alert
    notice.delete()
    if alert.current_id is None:
        Alert.objects.filter(pk=alert.pk).update(
            **LiveRow.touched(), state=Alert.State.DROPPED, ended_at=clock.now()
        )


def open_notice(code: Any) -> Notice:
    """A notice that was not issued, locked. Raises NotFound, Conflict."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("alert")
    notice = rows.filter(code=code).first()
    if notice is None:
        raise NotFound
    if not notice.is_open:
        raise Conflict(_("This notice is issued or refused: it does not change any more."))
    return notice


def read_area(geom: GEOSGeometry | None) -> MultiPolygon:
    """Raises Invalid for what is missing, no area, crosses itself, or lies outside the city."""
    if geom is None or geom.empty:
        raise Invalid(errors={"geom": _("Draw the area.")})
    if isinstance(geom, Polygon):
        geom = MultiPolygon(geom, srid=4326)
    try:
        valid = isinstance(geom, MultiPolygon) and geom.valid
    except GEOSException:
        valid = False
    if not valid or not isinstance(geom, MultiPolygon):
        raise Invalid(errors={"geom": _("The edges of the area cross, or it is no area.")})
    if not the_city().covers(geom.centroid.x, geom.centroid.y):
        raise Invalid(errors={"geom": _("This lies outside the city.")})
    geom.srid = 4326
    return geom


# ---------------------------------------------------------------- inside


def _languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def _check_terms(kind: str, severity: str, certainty: str, urgency: str) -> None:
    terms = (
        ("kind", kind, HazardKind.values), ("severity", severity, Severity.values),
        ("certainty", certainty, Certainty.values), ("urgency", urgency, Urgency.values),
    )  # fmt: skip
    wrong = {
        name: _("Not known: %s.") % value for name, value, known in terms if value not in known
    }
    if wrong:
        raise Invalid(errors=wrong)


def _end_of(expires_at: datetime | None) -> datetime:
    soonest = clock.now() + timedelta(minutes=30)
    return max(expires_at, soonest) if expires_at else clock.now() + LASTS


def _new_alert(**columns: Any) -> Alert:
    try:
        with transaction.atomic():
            return Alert.objects.create(created_at=clock.now(), **columns)
    except IntegrityError as error:
        raise Conflict(_("There is an alert for this assessment already.")) from error


def _draft(alert: Alert, step: Step, area: MultiPolygon, actor: str, **columns: Any) -> Notice:
    names = area_names(area, _languages())
    texts = draft_texts(alert.kind, step, area=names, expires_at=columns["expires_at"])
    try:
        with transaction.atomic():
            return Notice.objects.create(
                alert=alert, number=alert.notices.count() + 1, step=step.value, geom=area,
                area_names=names, texts=texts, proposed_by=actor, created_at=clock.now(),
                **columns,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("Another notice of this alert is still open.")) from error


def _words(notice: Notice, values: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    return draft_texts(
        notice.alert.kind, Step(notice.step), area=values["area_names"],
        expires_at=values.get("expires_at", notice.expires_at),
    )  # fmt: skip
