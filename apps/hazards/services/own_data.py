"""What hazards keep of a person: which assessments an officer took, which
inspections they closed. An official act stays."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.hazards.models import InspectionOrder

KEYS = ("hazards.Assessment.taken_by", "hazards.InspectionOrder.closed_by")


@covers(*KEYS)
def export_hazards(person: Person) -> Section:
    closed = InspectionOrder.objects.filter(closed_by=person)
    return Section(
        {
            "assessments_taken": list(person.assessments_taken.values("code", "summary")),
            "inspections_closed": list(closed.values("reason", "opened_at", "closed_at", "found")),
        }
    )


@covers(*KEYS)
def erase_hazards(person: Person) -> Erased:
    """Who took it stands in the audit chain; the row lets go of the person."""
    freed = person.assessments_taken.update(taken_by=None)
    freed += InspectionOrder.objects.filter(closed_by=person).update(closed_by=None)
    return Erased(anonymised=freed, kept=0, reason=_("The record of official acts is kept."))
