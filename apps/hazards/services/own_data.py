"""What hazards keep of a person: which assessments an officer took. An official act stays."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers

KEYS = ("hazards.Assessment.taken_by",)


@covers(*KEYS)
def export_hazards(person: Person) -> Section:
    return Section({"assessments_taken": list(person.assessments_taken.values("code", "summary"))})


@covers(*KEYS)
def erase_hazards(person: Person) -> Erased:
    """Who took it stands in the audit chain; the row lets go of the person."""
    freed = person.assessments_taken.update(taken_by=None)
    return Erased(anonymised=freed, kept=0, reason=_("The record of official acts is kept."))
