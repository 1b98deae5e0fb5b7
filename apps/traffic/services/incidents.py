"""What happens on the roads: told of, brought up to date, cleared."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction
from django.utils.translation import gettext as _

from apps.base import audit, clock, live
from apps.base.problems import Conflict, Invalid
from apps.city.models import Obstruction, metres_of, the_city
from apps.city.selectors.metres import distance_m, within_m
from apps.city.selectors.obstructions import obstructions_since
from apps.traffic.models import Incident, Link
from apps.traffic.selectors.incidents import TOPIC, as_row

REACH_M = 20.0


@dataclass(frozen=True, slots=True)
class Facts:
    kind: str
    severity: int
    geom: GEOSGeometry
    started_at: datetime | None = None
    expected_until: datetime | None = None
    description: str = ""


@transaction.atomic
def report_incident(*, source: str, reference: str, facts: Facts, actor: str) -> Incident:
    """Something has happened. The same source and reference again brings it up to date, and opens
    it anew where it was over.

    Raises:
        Invalid: outside the city, no such kind or severity, or it ends before it begins.
    """
    _check(facts)
    now, city = clock.now(), the_city()
    known = Incident.objects.select_for_update().filter(source=source, reference=reference).first()
    geom_m = metres_of(facts.geom, srid=city.srid)
    columns: dict[str, Any] = {
        "kind": facts.kind, "severity": facts.severity, "description": facts.description[:500],
        "geom": facts.geom, "geom_m": geom_m, "link": _link_at(geom_m),
        "expected_until": facts.expected_until, "cleared_at": None, "updated_at": now,
    }  # fmt: skip
    if known is None:
        started_at = facts.started_at or now
        row = Incident.objects.create(
            source=source, reference=reference, started_at=started_at, **columns
        )
    else:
        if known.cleared_at is not None:
            columns["started_at"] = facts.started_at or now
        Incident.objects.filter(pk=known.pk).update(**Incident.touched(), **columns)
        row = Incident.objects.get(pk=known.pk)
    _record(actor, "traffic.incident", row)
    live.announce(TOPIC, [as_row(row)])
    return row


@transaction.atomic
def clear_incident(*, incident: Incident, actor: str) -> Incident:
    """It is over. Raises Conflict where it is already."""
    now = clock.now()
    over = Incident.objects.filter(pk=incident.pk, cleared_at=None)
    if not over.update(**Incident.touched(), cleared_at=now, updated_at=now):
        raise Conflict(_("It is over already."))
    row = Incident.objects.get(pk=incident.pk)
    _record(actor, "traffic.incident_cleared", row)
    live.announce(TOPIC, [as_row(row)])
    return row


def _record(actor: str, action: str, row: Incident) -> None:
    if actor.startswith("staff:"):
        detail = {"kind": row.kind, "severity": row.severity}
        audit.record(actor=actor, action=action, subject=f"incident:{row.code}", detail=detail)


def _check(facts: Facts) -> None:
    errors: dict[str, str] = {}
    city = the_city()
    centre = facts.geom.centroid
    if not city.covers(centre.x, centre.y):
        errors["geom"] = _("This place lies outside the city.")
    if facts.kind not in Incident.Kind.values:
        errors["kind"] = _("There is no such kind.")
    if facts.severity not in Incident.Severity.values:
        errors["severity"] = _("Severities are 1 to 4.")
    started_at = facts.started_at or clock.now()
    if facts.expected_until is not None and facts.expected_until <= started_at:
        errors["expected_until"] = _("It must end after it began.")
    if errors:
        raise Invalid(errors=errors)


def _link_at(geom_m: GEOSGeometry) -> Link | None:
    near = Link.objects.filter(within_m(geom_m, REACH_M), in_use=True)
    return near.annotate(off_m=distance_m(geom_m)).order_by("off_m", "pk").first()


# ---------------------------------------------------------------- from the city's obstructions

SOURCE = "city"
_KINDS = {
    Obstruction.Kind.FLOOD: Incident.Kind.FLOOD,
    Obstruction.Kind.ROAD_WORKS: Incident.Kind.ROAD_WORKS,
    Obstruction.Kind.CLOSURE: Incident.Kind.CLOSURE,
    Obstruction.Kind.COLLAPSE: Incident.Kind.CLOSURE,
    Obstruction.Kind.DEBRIS: Incident.Kind.DEBRIS,
    Obstruction.Kind.ICE: Incident.Kind.ICE,
    Obstruction.Kind.CROWD: Incident.Kind.EVENT,
}
DEEP_M = 0.3  # a car may not drive through more


def follow_obstructions() -> int:
    """What stands on a road in the city is an incident there; what is over is cleared. All that is
    open is looked at, so that nothing is lost; called by beat. How many changed."""
    now = clock.now()
    open_now = {
        str(row.code): row
        for row in obstructions_since().rows
        if row.kind in _KINDS and row.state == Obstruction.State.CONFIRMED
        and row.valid_from <= now and _is_on_road(row)
    }  # fmt: skip
    known = {row.reference: row for row in Incident.objects.open().filter(source=SOURCE)}
    changed = 0
    for reference in known.keys() - open_now.keys():
        clear_incident(incident=known[reference], actor="traffic")
        changed += 1
    for reference, row in open_now.items():
        facts = _facts(row)
        before = known.get(reference)
        if before is None or _differs(before, facts):
            report_incident(source=SOURCE, reference=reference, facts=facts, actor="traffic")
            changed += 1
    return changed


def _is_on_road(row: Obstruction) -> bool:
    return Link.objects.filter(within_m(row.geom_m, REACH_M / 2), in_use=True).exists()


def _facts(row: Obstruction) -> Facts:
    closes = "car" in row.stops or row.kind in (Obstruction.Kind.CLOSURE, Obstruction.Kind.COLLAPSE)
    deep = row.depth_m is not None and row.depth_m > DEEP_M
    severity = Incident.Severity.HIGHEST if closes or deep else Incident.Severity.MEDIUM
    return Facts(
        kind=_KINDS[Obstruction.Kind(row.kind)].value, severity=severity.value, geom=row.geom,
        started_at=row.valid_from, expected_until=row.valid_to, description=row.description,
    )  # fmt: skip


def _differs(before: Incident, facts: Facts) -> bool:
    return (
        (before.kind, before.severity, before.expected_until, before.description)
        != (facts.kind, facts.severity, facts.expected_until, facts.description)
        or not before.geom.equals(facts.geom)
    )  # fmt: skip
