"""What alerts keep of a person: their answers."""

from apps.accounts.models import Person
from apps.accounts.services.personal_data import Erased, Section, covers

KEYS = ("alerts.SafetyAnswer.person",)


@covers(*KEYS)
def export_alerts(person: Person) -> Section:
    rows = person.safety_answers.values(
        "alert__code", "answer", "people", "note", "lon", "lat", "phone", "answered_at"
    )
    return Section({"safety_answers": list(rows)})


@covers(*KEYS)
def erase_alerts(person: Person) -> Erased:
    return Erased(removed=person.safety_answers.all().delete()[0])
