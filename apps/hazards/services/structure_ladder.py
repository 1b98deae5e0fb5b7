"""The ladder of concern: a note, an inspection order, a word to citizens; never "it is safe"."""

from typing import Any

from django.utils.translation import gettext as _

from apps.base import clock
from apps.hazards.core.ladder import Rung, Signs, fall_radius_m, rung
from apps.hazards.models import (
    Certainty,
    HazardKind,
    InspectionOrder,
    Severity,
    Structure,
    StructureWindow,
    Urgency,
)
from apps.hazards.services.assessments import Finding, assess, end_assessment

SOURCE = "hazards.structure"
_CONCERN = {
    Rung.NONE: Structure.Concern.NONE,
    Rung.NOTE: Structure.Concern.NOTE,
    Rung.INSPECT: Structure.Concern.INSPECT,
    Rung.CITIZENS: Structure.Concern.CITIZENS,
}
_RANKED = [_CONCERN[one] for one in Rung]


def climb(structure: Structure, window: StructureWindow) -> None:
    """Up by itself, down only by people: an inspection order stays until somebody has looked."""
    reached = rung(_signs(structure, window))
    held = structure.orders.open().exists()
    before = _RANKED.index(Structure.Concern(structure.concern))
    if reached <= before and (held or reached == before):
        return
    structure.concern = _CONCERN[reached]
    structure.save(update_fields=["concern"])
    if reached == Rung.NONE:
        end_assessment(source=SOURCE, reference=structure.code)
        return
    evidence = _evidence(structure, window)
    if reached >= Rung.INSPECT:
        InspectionOrder.objects.get_or_create(
            structure=structure, closed_at=None,
            defaults={"reason": _reason(window, structure), "evidence": evidence,
                      "opened_at": clock.now()},
        )  # fmt: skip
    assess(
        source=SOURCE,
        reference=structure.code,
        finding=_finding(structure, window, reached, evidence),
    )


def _signs(structure: Structure, window: StructureWindow) -> Signs:
    share = None
    if window.velocity_mm_s is not None and window.guide_mm_s:
        share = window.velocity_mm_s / window.guide_mm_s
    tilted = (window.tilt_change_deg or 0.0) > structure.tilt_limit_deg
    return Signs(velocity_share=share, novel=window.novel, tilted=tilted)


_SEVERITY = {
    Rung.NOTE: Severity.MINOR,
    Rung.INSPECT: Severity.MODERATE,
    Rung.CITIZENS: Severity.SEVERE,
}


def _finding(
    structure: Structure, window: StructureWindow, reached: Rung, evidence: list[dict[str, Any]]
) -> Finding:
    """For people the footprint and as far as it could fall; for staff the building itself."""
    away = fall_radius_m(structure.height_m) if reached == Rung.CITIZENS else 1.0
    text = {
        Rung.NOTE: _("%(building)s: more vibration than usual; a note for staff"),
        Rung.INSPECT: _("Inspect %(building)s: %(reason)s"),
        Rung.CITIZENS: _("Keep away from %(building)s and inspect it at once: %(reason)s"),
    }[reached]
    return Finding(
        kind=HazardKind.STRUCTURE,
        summary=text % {"building": str(structure), "reason": _reason(window, structure)},
        geom=structure.footprint,
        buffer_m=away,
        severity=_SEVERITY[reached],
        certainty=Certainty.LIKELY if reached == Rung.CITIZENS else Certainty.POSSIBLE,
        urgency=Urgency.IMMEDIATE if reached == Rung.CITIZENS else Urgency.EXPECTED,
        evidence=evidence,
        onset_at=window.at,
    )


def _reason(window: StructureWindow, structure: Structure) -> str:
    reasons = []
    signs = _signs(structure, window)
    if (signs.velocity_share or 0.0) > 1.0:
        reasons.append(
            _("%(peak).1f mm/s at %(hertz).0f Hz, the guide value is %(guide).1f")
            % {"peak": window.velocity_mm_s, "hertz": window.frequency_hz,
               "guide": window.guide_mm_s}
        )  # fmt: skip
    if signs.novel:
        reasons.append(_("it has swung otherwise for six hours than its temperature explains"))
    if signs.tilted:
        reasons.append(_("its tilt has changed by %.2f° in a week") % window.tilt_change_deg)
    return "; ".join(reasons)


def _evidence(structure: Structure, window: StructureWindow) -> list[dict[str, Any]]:
    at = window.at.isoformat()
    page = f"/admin/hazards/structure/{structure.pk}/change/"
    facts: list[dict[str, Any]] = [
        {"title": _("Peak particle velocity"), "value": window.velocity_mm_s, "unit": "mm/s",
         "at": at, "link": page},
        {"title": _("Guide value (DIN 4150-3)"), "value": window.guide_mm_s, "unit": "mm/s",
         "at": at},
        {"title": _("Natural frequencies"), "unit": "Hz", "at": at, "link": page,
         "value": ", ".join("–" if f is None else f"{f:.2f}" for f in window.frequencies_hz)},
        {"title": _("Distance from what is usual"), "value": window.distance, "unit": "", "at": at},
        {"title": _("Change of tilt"), "value": window.tilt_change_deg, "unit": "°", "at": at},
        {"title": _("Temperature"), "value": window.temperature_c, "unit": "°C", "at": at},
    ]  # fmt: skip
    return [fact for fact in facts if fact["value"] not in (None, "")]
