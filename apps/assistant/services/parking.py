"""Confirming a space that was booked in a conversation: the payment is asked for outside of the
conversation's transaction, as work that is done again until it is settled."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.accounts.models import Person
from apps.base import work
from apps.base.problems import Problem, Text
from apps.base.screens import BOOKINGS
from apps.notify.core.messages import Content, Lane, Message
from apps.notify.services.telling import tell
from apps.parking.services.reservations import confirm_reservation

CONFIRM_PARKING = "assistant.confirm_parking"
METHOD = "card"
TEXTS = {
    "booked": (
        gettext_noop("Your parking space is booked"),
        gettext_noop("Nothing is taken before the stay is over."),
    ),
    "failed": (gettext_noop("Your parking space could not be booked"), ""),
}


def confirm_soon(*, person: Person, code: str) -> None:
    """In the transaction that holds the space."""
    work.enqueue(CONFIRM_PARKING, {"person": str(person.code), "code": code}, key=code)


def confirm_parking(payload: Mapping[str, Any]) -> None:
    """Work handler. What the provider declines is told; what it does not answer is tried again."""
    person = Person.objects.get(code=payload["person"])
    code = payload["code"]
    try:
        confirm_reservation(person=person, code=code, method=METHOD, key=f"assistant:{code}")
    except Problem as problem:
        if problem.status >= 500:
            raise
        _tell(person, code, "failed", problem.detail or problem.title)
    else:
        _tell(person, code, "booked", "")


def _tell(person: Person, code: str, what: str, why: Text) -> None:
    title, body = TEXTS[what]
    contents = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            contents[language] = Content(_(title), _(body) if body else str(why))
    message = Message(contents=contents, category="parking", tag=f"parking:{code}", link=BOOKINGS)
    key = f"assistant-parking:{code}:{what}"
    tell(to=person, message=message, lane=Lane.SERVICE, key=key, cause=f"parking:{code}")
