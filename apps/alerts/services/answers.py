"""Those who were warned answer: safe, or in need of help; staff see it and help."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import Person
from apps.accounts.selectors.persons import address_of
from apps.alerts.models import Alert, SafetyAnswer
from apps.base import audit, clock
from apps.base.problems import Conflict, Invalid, NotFound, NotSignedIn
from apps.notify.models import Registration

KEPT = timedelta(days=90)
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`lon` and `lat` only where somebody needs help and gives them; they go when helped."""

    answer: str
    people: int = 1
    note: str = ""
    lon: float | None = None
    lat: float | None = None


@transaction.atomic
def answer_alert(
    *,
    alert_code: uuid.UUID | str,
    answer: Answer,
    person: Person | None = None,
    registration: Registration | None = None,
) -> SafetyAnswer:
    """Note an answer; a later one of the same app or person takes its place.

    Raises:
        NotFound: no such public alert. NotSignedIn: neither app nor person. Invalid.
    """
    if person is None and registration is None:
        raise NotSignedIn
    alert = Alert.objects.public().exclude(current=None).filter(code=alert_code).first()
    if alert is None:
        raise NotFound
    _check(answer)
    who: dict[str, Any] = {"person": person} if person else {"registration": registration}
    needs_help = answer.answer == SafetyAnswer.Answer.NEED_HELP
    row, _created = SafetyAnswer.objects.update_or_create(
        alert=alert,
        **who,
        defaults={
            "answer": answer.answer,
            "people": answer.people,
            "note": answer.note[:300],
            "lon": answer.lon if needs_help else None,
            "lat": answer.lat if needs_help else None,
            "phone": _phone(person) if needs_help and person else "",
            "answered_at": clock.now(),
            "helped_at": None,
            "helped_by": "",
        },
    )
    return row


def _check(answer: Answer) -> None:
    errors = {}
    if answer.answer not in SafetyAnswer.Answer.values:
        errors["answer"] = _("safe or need_help.")
    if not 1 <= answer.people <= MOST_PEOPLE:
        errors["people"] = _("From 1 to %d.") % MOST_PEOPLE
    if (answer.lon is None) != (answer.lat is None):
        errors["lon"] = _("Both lon and lat, or neither.")
    if errors:
        raise Invalid(errors=errors)


def _phone(person: Person) -> str:
    found = address_of(person, "phone")
    return found.value if found else ""


@transaction.atomic
def mark_helped(*, code: uuid.UUID | str, actor: str) -> SafetyAnswer:
    """Somebody is with them; where they are is forgotten. Raises NotFound, Conflict."""
    row = SafetyAnswer.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise NotFound
    if row.answer != SafetyAnswer.Answer.NEED_HELP:
        raise Conflict(_("They did not ask for help."))
    row.helped_at, row.helped_by, row.lon, row.lat = clock.now(), actor, None, None
    row.save(update_fields=["helped_at", "helped_by", "lon", "lat"])
    audit.record(actor=actor, action="alerts.helped", subject=row.alert.cause,
                 detail={"answer": str(row.code)})  # fmt: skip
    return row


def forget_answers() -> int:
    """Retention."""
    removed, _rows = SafetyAnswer.objects.filter(answered_at__lt=clock.now() - KEPT).delete()
    return removed
