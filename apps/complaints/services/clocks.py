"""A request's clock: started, paused, extended, stopped; the citizen hears of what changes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Conflict, Invalid
from apps.city.models import DayKind, the_city
from apps.city.selectors.calendar import day_kinds
from apps.complaints.core.working_time import Hours, Office, Span, Unit, due_at, share_at
from apps.complaints.models import ServiceRequest, SlaClock

WARN_AT = (50, 80, 100)
AHEAD = timedelta(days=400)


class Calendar:
    """The city's working days, read half a year at a time."""

    STRIDE = timedelta(days=180)

    def __init__(self) -> None:
        self._known: dict[date, bool] = {}

    def is_working_day(self, day: date) -> bool:
        if day not in self._known:
            days = [day + timedelta(days=n) for n in range(self.STRIDE.days)]
            kinds = day_kinds(days)
            self._known |= {each: kinds[each] == DayKind.WORKING for each in days}
        return self._known[day]


def the_office() -> Office:
    """The city's working time. Make one per piece of work: staff may change special days."""
    return Office(_hours(the_city().time_zone), Calendar().is_working_day)


@lru_cache(maxsize=4)
def _hours(_zone: str) -> Hours:
    return Hours(the_city().zone)


def pauses_of(row: SlaClock) -> list[Span]:
    """Pauses as instants; one that lasts, until now."""
    return [
        (datetime.fromisoformat(begin), datetime.fromisoformat(end) if end else clock.now())
        for begin, end in row.pauses
    ]


def start_clock(*, request: ServiceRequest) -> SlaClock:
    """Start the service's period now; a reopened request's clock starts anew."""
    office, period, now = the_office(), request.service.period, clock.now()
    due = due_at(now, period.amount, period.unit, office)
    row, _created = SlaClock.objects.update_or_create(
        request=request,
        defaults={
            "amount": period.amount, "unit": period.unit, "started_at": now, "due_at": due,
            "pauses": [], "extensions": 0, "warned_percent": 0, "stopped_at": None,
            "next_warning_at": share_at(now, due, WARN_AT[0], office),
        },
    )  # fmt: skip
    _expect(request, due)
    return row


def pause_clock(*, request: ServiceRequest) -> None:
    row = _locked(request)
    if row.is_running:
        row.pauses.append([clock.now().isoformat(), None])
        row.next_warning_at = None
        row.save(update_fields=["pauses", "next_warning_at"])


def resume_clock(*, request: ServiceRequest) -> None:
    """Go on; what is left of the period is left."""
    row = _locked(request)
    if row.is_paused:
        row.pauses[-1][1] = clock.now().isoformat()
        _reckon(row, request)


def stop_clock(*, request: ServiceRequest) -> None:
    row = _locked(request)
    if row.stopped_at is not None:
        return
    if row.is_paused:
        row.pauses[-1][1] = clock.now().isoformat()
        _reckon(row, request)
    row.stopped_at, row.next_warning_at = clock.now(), None
    row.save(update_fields=["stopped_at", "next_warning_at"])


@transaction.atomic
def extend_clock(*, request: ServiceRequest, reason: str) -> SlaClock:
    """Give the answer its period once more, at most twice, before it is over.

    Raises Invalid without a reason, Conflict where the law allows no extension.
    """
    if not reason.strip():
        raise Invalid(errors={"reason": _("The reporter is told why it takes longer.")})
    row = _locked(request)
    if row.stopped_at is not None:
        raise Conflict(_("This request is closed."))
    if row.extensions >= SlaClock.MAX_EXTENSIONS:
        raise Conflict(_("A period can be extended twice, no more."))
    if row.is_breached(clock.now()):
        raise Conflict(_("The period is over; it could only be extended before."))
    row.extensions += 1
    _reckon(row, request)
    return row


def _reckon(row: SlaClock, request: ServiceRequest) -> None:
    """When it is due, and when the next warning is."""
    office, unit = the_office(), Unit(row.unit)
    amount = row.amount * (1 + row.extensions)
    row.due_at = due_at(row.started_at, amount, unit, office, pauses_of(row))
    row.warned_percent = 0 if row.due_at > clock.now() else row.warned_percent
    row.next_warning_at = None if row.is_paused else _next_warning(row, office)
    row.save(update_fields=["pauses", "extensions", "due_at", "warned_percent", "next_warning_at"])
    _expect(request, row.due_at)


def _next_warning(row: SlaClock, office: Office) -> datetime | None:
    now = clock.now()
    for percent in WARN_AT:
        if percent > row.warned_percent:
            at = share_at(row.started_at, row.due_at, percent, office, pauses_of(row))
            if at > now or percent == WARN_AT[-1]:
                return at
            row.warned_percent = percent
    return None


def _locked(request: ServiceRequest) -> SlaClock:
    return SlaClock.objects.select_for_update().get(request=request)


def _expect(request: ServiceRequest, due: datetime) -> None:
    request.expected_at = due
    ServiceRequest.objects.filter(pk=request.pk).update(expected_at=due)


def due_warnings(limit: int = 200) -> Iterable[SlaClock]:
    """Clocks whose next warning has come, locked for this transaction."""
    rows = SlaClock.objects.filter(stopped_at=None, next_warning_at__lte=clock.now())
    return (
        rows.select_for_update(skip_locked=True, of=("self",))
        .select_related("request__service", "request__department", "request__assignee")
        .order_by("next_warning_at")[:limit]
    )


def note_warning(row: SlaClock) -> int:
    """Move on to the next warning. Returns the share of the period that is used up, in percent."""
    office, now, used = the_office(), clock.now(), row.warned_percent
    for percent in WARN_AT:
        if share_at(row.started_at, row.due_at, percent, office, pauses_of(row)) <= now:
            used = max(used, percent)
    row.warned_percent = used
    row.next_warning_at = _next_warning(row, office) if used < WARN_AT[-1] else None
    row.save(update_fields=["warned_percent", "next_warning_at"])
    return used
