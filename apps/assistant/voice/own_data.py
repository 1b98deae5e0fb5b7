"""What calls keep of a person: handed out, and let go of."""

from django.db.models import QuerySet

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section
from apps.assistant.models import Call, CallTurn


def _calls(person: Person) -> QuerySet[Call]:
    return Call.objects.filter(identity__person=person)


def export_calls(person: Person) -> Section:
    """When they called, what was understood, and how much was recorded."""
    calls = _calls(person).values("code", "began_at", "ended_at", "direction", "language")
    turns = CallTurn.objects.filter(call__in=_calls(person)).values(
        "call__code", "number", "at", "kind", "digits", "transcript", "recorded_ms"
    )
    return Section({"calls": list(calls), "turns": list(turns)})


def erase_calls(person: Person) -> Erased:
    """Calls go with their recordings; a report that was filed in one stays, as reports do."""
    removed, _by_kind = _calls(person).delete()
    return Erased(removed=removed)
