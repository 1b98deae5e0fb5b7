"""Who hears what becomes of a request, and in which words: a table for citizens, one for staff."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.accounts.selectors.roster import on_duty
from apps.base import clock
from apps.base.problems import Text
from apps.base.screens import report_screen
from apps.city.models import the_city
from apps.complaints.models import ServiceRequest
from apps.notify.core.messages import MAX_BODY, Content, Lane, Message
from apps.notify.services.telling import tell_each

# What happened → what its followers read. What is not here is nobody's news but the staff's.
NEWS: Mapping[str, Text] = {
    "received": _("We have your report {number} ({service}). Expect an answer by {date}."),
    "needs_location": _("{number}: where is it? {note}"),
    "waiting_citizen": _("{number}: we need your answer. {note}"),
    "in_progress": _("{number} ({service}) is being worked on."),
    "scheduled": _("{number} ({service}) is planned. {note}"),
    "transferred_external": _("{number} was passed on to another authority. {note}"),
    "resolved": _(
        "{number} ({service}) is done. {note} If it is not, open it again within 30 days."
    ),
    "rejected": _("{number} ({service}) cannot be done. {note}"),
    "duplicate": _("{number}: this was reported before. You follow {original} from now on."),
    "reopened": _("{number} ({service}) is open again."),
    "withdrawn": _("{number} was withdrawn."),
    "extended": _("{number} takes longer: an answer is expected by {date}. {note}"),
    "split": _("Your report was split: {number} ({service}) is handled on its own."),
}
STAFF_NEWS: Mapping[str, Text] = {
    "assigned": _("{number} ({service}) is yours. Answer by {date}."),
    "added": _("{number}: the reporter added something."),
    "danger": _("{number}: a report speaks of danger ({danger}). Look at once."),
    "half": _("{number} ({service}): half of the time is used up. Answer by {date}."),
    "late": _("{number} ({service}): 80 per cent of the time is used up. Answer by {date}."),
    "over": _("{number} ({service}): the time is over."),
}


def tell_about(request: ServiceRequest, what: str, *, note: str = "") -> None:
    """Tell everybody who follows the request, or one that repeats it."""
    if what in NEWS:
        message = _message(request, NEWS[what], note, link=report_screen(request.number))
        _tell(followers_of(request), request, what, message, Lane.INFORMATION)


def tell_staff(request: ServiceRequest, what: str) -> None:
    """Tell who has it; where nobody has, who stands by for the department."""
    message = _message(request, STAFF_NEWS[what], "", link=_page(request))
    _tell(_in_charge(request), request, what, message, Lane.SERVICE)


def warn_duty(request: ServiceRequest) -> None:
    """A report of danger wakes whoever stands by."""
    message = _message(
        request, STAFF_NEWS["danger"], "", link=_page(request), critical=True, rings=True
    )
    duty = on_duty(request.department, clock.now())
    _tell(duty, request, "danger", message, Lane.LIFE_SAFETY)


def followers_of(request: ServiceRequest) -> Iterable[Person]:
    heads = [request.pk, *request.repeats.values_list("pk", flat=True)]
    rows = Person.objects.present().filter(complaint_subscriptions__request__in=heads)
    return rows.distinct()


def _in_charge(request: ServiceRequest) -> list[Person]:
    if request.assignee is not None:
        return [request.assignee]
    return on_duty(request.department, clock.now())


def _page(request: ServiceRequest) -> str:
    return f"/admin/complaints/servicerequest/{request.pk}/change/"


def _tell(
    to: Iterable[Person], request: ServiceRequest, what: str, message: Message, lane: Lane
) -> None:
    """Each move and each note is news once: the key counts them."""
    count = f"{request.changes.count()}.{request.notes.count()}"
    key = f"complaint:{request.code}:{what}:{count}:{clock.now():%Y%m%d%H%M}"
    tell_each(to=to, message=message, lane=lane, key=key, cause=f"complaint:{request.number}")


def _message(
    request: ServiceRequest, text: Text, note: str, *, link: str, critical: bool = False,
    rings: bool = False,
) -> Message:  # fmt: skip
    return Message(
        contents={code: _content(request, text, note, code) for code, _n in settings.LANGUAGES},
        category="complaint",
        tag=f"complaint:{request.code}"[:60],
        version=request.changes.count() or 1,
        data={"kind": "complaint", "number": request.number},
        link=link,
        critical=critical,
        rings=rings,
    )


def _content(request: ServiceRequest, text: Text, note: str, language: str) -> Content:
    with translation.override(language):
        body = str(text).format(
            number=request.number,
            service=request.service.name(language),
            date=_date(request),
            note=note,
            danger=request.danger,
            original=request.duplicate_of.number if request.duplicate_of else "",
        )
        title = gettext("Your report %s") % request.number
    return Content(title=title, body=" ".join(body.split())[:MAX_BODY])


def _date(request: ServiceRequest) -> str:
    if request.expected_at is None:
        return "–"
    return date_format(request.expected_at.astimezone(the_city().zone), "SHORT_DATETIME_FORMAT")
