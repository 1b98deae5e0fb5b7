"""Assessments come in, are brought up to date, taken, dismissed, and end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Department, Person
from apps.accounts.services import open_department
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid, NotFound
from apps.city.models import City, metres_of, the_city
from apps.hazards.events import assessment_listeners
from apps.hazards.models import Assessment, Certainty, HazardKind, Severity, Urgency
from apps.hazards.services.paging import page_duty

State = Assessment.State
RANKED = (Severity.UNKNOWN, Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a source found. `geom` is where it is dangerous: a polygon, or anything with a
    `buffer_m` around it. `evidence` are objects with title, value, unit, at, link."""

    kind: str
    summary: str
    geom: GEOSGeometry
    severity: str
    certainty: str
    urgency: str = Urgency.EXPECTED
    buffer_m: float = 0
    probability: float | None = None
    depth_m: float | None = None
    evidence: Sequence[Mapping[str, Any]] = ()
    onset_at: datetime | None = None
    expires_at: datetime | None = None


@transaction.atomic
def assess(
    *,
    source: str,
    reference: str,
    finding: Finding,
    department: Department | None = None,
    supersedes: str = "",
    actor: str = "",
) -> Assessment:
    """Put a danger into the staff's inbox. The same source and reference again brings it up to
    date; one that is over, or was dismissed as less severe, comes back as new. `supersedes` is an
    older reference of the same source that this one takes the place of.

    The duty roster is paged for a new one, and again when it gets more severe.

    Raises:
        Invalid: terms that CAP doesn't know, or an area that is no area in this city.
    """
    columns = _columns(finding, the_city())
    known = (
        Assessment.objects.select_for_update().filter(source=source, reference=reference).first()
    )
    if known is None:
        desk = department or duty_desk()
        row = _create(source, reference, columns, desk)
        _supersede(source, supersedes, row)
        worse = True
    else:
        row, worse = _update(known, columns)
    if worse:
        page_duty(row)
    _announce(row)
    if actor:
        _record(row, "assessed", actor)
    return row


@transaction.atomic
def take_assessment(*, code: str, person: Person | None, actor: str) -> Assessment:
    """An officer says: I am on it. Paging ends. Raises NotFound, Conflict."""
    row = _locked(code)
    if row.state == State.NEW:
        _move(row, State.TAKEN, actor, taken_by=person)
    elif not row.is_open:
        raise Conflict(_("This assessment is closed."))
    return row


@transaction.atomic
def dismiss_assessment(*, code: str, actor: str, reason: str = "") -> Assessment:
    """Somebody looked: no danger. Raises NotFound, Conflict."""
    row = _locked(code)
    if row.state == State.ALERTED:
        raise Conflict(_("People were warned of it: give the all-clear instead."))
    if row.is_open:
        _move(row, State.DISMISSED, actor, reason=reason)
    return row


@transaction.atomic
def mark_alerted(*, code: str, actor: str) -> Assessment:
    """People were warned. Raises NotFound."""
    row = _locked(code)
    if row.state != State.ALERTED:
        _move(row, State.ALERTED, actor)
    return row


@transaction.atomic
def end_assessment(*, source: str, reference: str, actor: str = "") -> Assessment | None:
    """The source sees the danger no more; None if it is not open. Whoever warned gives the
    all-clear."""
    row = (
        Assessment.objects.select_for_update()
        .open()
        .filter(source=source, reference=reference)
        .first()
    )
    if row is not None:
        _move(row, State.OVER, actor or source)
    return row


def duty_desk() -> Department:
    """The department whose roster is paged (`CITIZEN_HAZARD_DESK`)."""
    found = Department.objects.filter(code=settings.HAZARD_DESK).first()
    return found or open_department(code=settings.HAZARD_DESK, names={})


# ---------------------------------------------------------------- inside


def _columns(finding: Finding, city: City) -> dict[str, Any]:
    _check_terms(finding)
    area = _area(finding, city)
    return {
        "kind": finding.kind,
        "summary": finding.summary[:200],
        "geom": area,
        "geom_m": metres_of(area, srid=city.srid),
        "severity": finding.severity,
        "certainty": finding.certainty,
        "urgency": finding.urgency,
        "probability": finding.probability,
        "depth_m": finding.depth_m,
        "evidence": [dict(one) for one in finding.evidence],
        "onset_at": finding.onset_at,
        "expires_at": finding.expires_at,
    }


def _check_terms(finding: Finding) -> None:
    terms = (
        ("kind", finding.kind, HazardKind.values),
        ("severity", finding.severity, Severity.values),
        ("certainty", finding.certainty, Certainty.values),
        ("urgency", finding.urgency, Urgency.values),
    )
    wrong = {
        name: _("Not known: %s.") % value for name, value, known in terms if value not in known
    }
    if finding.probability is not None and not 0 <= finding.probability <= 1:
        wrong["probability"] = _("Between 0 and 1.")
    if wrong:
        raise Invalid(errors=wrong)


def _area(finding: Finding, city: City) -> MultiPolygon:
    """The finding's place as polygons. Raises Invalid."""
    geom = finding.geom
    if finding.buffer_m:
        metric = metres_of(geom, srid=city.srid)
        metric.srid = city.srid
        geom = metric.buffer(finding.buffer_m, quadsegs=4)
        geom.transform(4326)
    if isinstance(geom, Polygon):
        geom = MultiPolygon(geom, srid=4326)
    if not isinstance(geom, MultiPolygon) or geom.empty or not geom.valid:
        raise Invalid(errors={"geom": _("An area is expected whose edges don't cross.")})
    geom.srid = 4326
    if not city.covers(geom.centroid.x, geom.centroid.y):
        raise Invalid(errors={"geom": _("This lies outside the city.")})
    return geom


def _create(source: str, reference: str, columns: dict[str, Any], desk: Department) -> Assessment:
    now = clock.now()
    return Assessment.objects.create(
        source=source,
        reference=reference,
        department=desk,
        created_at=now,
        updated_at=now,
        **columns,
    )


def _update(known: Assessment, columns: dict[str, Any]) -> tuple[Assessment, bool]:
    """Bring a row up to date; whether whoever is on duty must hear of it (again)."""
    worse = RANKED.index(Severity(columns["severity"])) > RANKED.index(Severity(known.severity))
    back = known.state in (State.OVER, State.SUPERSEDED) or (
        known.state == State.DISMISSED and worse
    )
    state = State.NEW if back else known.state
    for name, value in columns.items():
        setattr(known, name, value)
    known.state, known.revision, known.updated_at = state, known.revision + 1, clock.now()
    known.save(update_fields=[*columns, "state", "revision", "updated_at"])
    return known, back or (worse and known.is_open)


def _supersede(source: str, reference: str, by: Assessment) -> None:
    if not reference:
        return
    older = Assessment.objects.open().filter(source=source, reference=reference)
    older.update(state=State.SUPERSEDED, superseded_by=by, updated_at=clock.now())


def _locked(code: str) -> Assessment:
    row = Assessment.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound
    return row


def _move(row: Assessment, state: str, actor: str, *, reason: str = "", **changes: Any) -> None:
    before, row.state, row.updated_at = row.state, state, clock.now()
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=["state", "updated_at", *changes])
    _record(row, state, actor, **{"from": before, "reason": reason})
    _announce(row)


def _record(row: Assessment, action: str, actor: str, **detail: Any) -> None:
    audit.record(
        actor=actor,
        action=f"hazards.assessment.{action}",
        subject=f"assessment:{row.code}",
        detail={"source": row.source, "revision": row.revision, **detail},
    )


def _announce(row: Assessment) -> None:
    for kind in assessment_listeners.kinds():
        assessment_listeners.load(kind)(str(row.code))
