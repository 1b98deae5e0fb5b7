"""What a citizen of a played conversation came for, and whether the city's rows say they had it."""

import re
from collections.abc import Callable

from apps.accounts.models import Person
from apps.assistant.models import Conversation, Deed
from apps.complaints.models import ServiceRequest
from apps.drt.models import Booking
from apps.parking.models import Reservation

# person, what the goal says behind its colon, the last answer → whether it was had
Goal = Callable[[Person, str, str], bool]


def succeeded(goal: str, person: Person, last: str) -> bool:
    name, _colon, what = goal.partition(":")
    return GOALS[name](person, what, last)


def _filed(number: int) -> Goal:
    """So many complaints; `what` is in the address of the last."""

    def check(person: Person, what: str, _last: str) -> bool:
        deeds = Deed.objects.filter(identity__person=person, kind=Deed.Kind.COMPLAINT)
        rows = ServiceRequest.objects.filter(code__in=deeds.values("reference"))
        last = rows.order_by("-requested_at").first()
        return rows.count() == number and (last is None or what in last.address)

    return check


def _withdrawn(person: Person, _what: str, _last: str) -> bool:
    codes = Deed.objects.filter(identity__person=person).values("reference")
    return ServiceRequest.objects.filter(code__in=codes, state="withdrawn").exists()


def _status(_person: Person, _what: str, last: str) -> bool:
    return bool(re.search(r"\d{4}-\d{7}-\d", last))


def _rides(*states: str) -> Goal:
    def check(person: Person, _what: str, _last: str) -> bool:
        return set(Booking.objects.filter(person=person).values_list("state", flat=True)) == {
            *states
        }

    return check


def _parking(*states: str) -> Goal:
    def check(person: Person, _what: str, _last: str) -> bool:
        found = Reservation.objects.filter(person=person).values_list("state", flat=True)
        return bool(found) and set(found) <= set(states)

    return check


def _says(_person: Person, what: str, last: str) -> bool:
    return bool(re.search(what, last, re.IGNORECASE | re.DOTALL))


def _conversation(field: str, value: str = "") -> Goal:
    def check(person: Person, what: str, _last: str) -> bool:
        row = Conversation.objects.filter(identity__person=person).latest("started_at")
        return bool(getattr(row, field) == (value or what))

    return check


GOALS: dict[str, Goal] = {
    "complaint": _filed(1), "complaint2": _filed(2), "none": _filed(0), "withdrawn": _withdrawn,
    "status": _status, "ride": _rides("confirmed"), "ride_cancelled": _rides("cancelled_by_rider"),
    "no_ride": _rides(), "parking": _parking("held", "confirmed"),
    "parking_cancelled": _parking("cancelled"), "says": _says,
    "staff": _conversation("state", "waiting"), "lang": _conversation("language"),
}  # fmt: skip
