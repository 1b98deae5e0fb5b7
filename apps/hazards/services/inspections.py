"""Inspections of buildings: an order stands until somebody has looked."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid
from apps.hazards.models import InspectionOrder, Structure
from apps.hazards.services.assessments import end_assessment
from apps.hazards.services.structure_ladder import SOURCE


@transaction.atomic
def close_order(
    *, order: InspectionOrder, found: str, person: Person | None, actor: str
) -> InspectionOrder:
    """Somebody went and looked, and says what they found.

    Raises:
        Invalid: nothing was written down.
        Conflict: it is closed already.
    """
    if not found.strip():
        raise Invalid(errors={"found": _("Say what was found.")})
    row = InspectionOrder.objects.select_for_update().get(pk=order.pk)
    if row.closed_at is not None:
        raise Conflict(_("This order is closed."))
    row.closed_at, row.closed_by, row.found = clock.now(), person, found.strip()
    row.save(update_fields=["closed_at", "closed_by", "found"])
    Structure.objects.filter(pk=row.structure_id).update(concern=Structure.Concern.NONE)
    end_assessment(source=SOURCE, reference=row.structure.code, actor=actor)
    audit.record(
        actor=actor,
        action="hazards.inspection.close",
        subject=f"structure:{row.structure.code}",
        detail={"order": row.pk},
    )
    return row
