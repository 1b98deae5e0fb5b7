"""Taking a report in: checked, masked, placed, numbered, clocked, routed, told; all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import clock, work
from apps.base.commands import Json, run_once
from apps.base.problems import Invalid, NotFound, Problem, Text, TooLarge
from apps.city.models import the_city
from apps.complaints.core.numbers import read_number, write_number
from apps.complaints.core.states import State
from apps.complaints.core.urgent import find_danger
from apps.complaints.events import SETTLE, on_commit, request_changed
from apps.complaints.models import NextSerial, Service, ServiceRequest, Subscription
from apps.complaints.services import clocks, obstructions, routing, telling
from apps.complaints.services.answers import check_answers
from apps.complaints.services.history import note_move
from apps.complaints.services.photos import claim_photos
from apps.complaints.services.places import Spot, locate
from apps.complaints.services.privacy import Cleaned, clean, keep_original

DESCRIPTION_LENGTH = 4000
UNSORTED = "other"
Priority, Routed = ServiceRequest.Priority, ServiceRequest.RoutedBy


class UnknownService(Problem):
    slug, status = "unknown-service", 404
    title = _("There is no such service.")


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says. Without a service the city finds it from the words."""

    description: str
    service_code: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    address_id: str = ""
    zipcode: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    photo_tokens: Sequence[str] = ()
    media_urls: Sequence[str] = ()
    language: str = ""
    channel: str = ServiceRequest.Channel.WEB


def file_request(
    *, report: Report, reporter: Person | None, actor: str, key: str | None = None
) -> ServiceRequest:
    """File a report and start its clock; the same command key again returns the same request.

    Raises:
        UnknownService: the service is not offered.
        OutsideJurisdiction: the place is not ours.
        Invalid: no words, too many, a place that is missing, answers that do not fit.
    """
    outcome = run_once(
        key=key,
        actor=actor,
        command="complaints.file",
        request={**asdict(report), "reporter": reporter.code if reporter else None},
        do=lambda: _file(report, reporter, actor),
    )
    return ServiceRequest.objects.select_related("service__group", "department", "clock").get(
        code=outcome["code"]
    )


def _file(report: Report, reporter: Person | None, actor: str) -> Json:
    """
    1. Check and mask. 2. Place it. 3. Write it down with its first move. 4. Photos. 5. Danger and
    rules. 6. The clock. 7. An obstruction where it is one. 8. Tell; what takes longer is work.
    """
    report = _checked(report)
    service = _service(report.service_code)
    cleaned = clean(report.description)
    spot = _placed(report, service)
    answers = check_answers(service, report.answers)
    request = _written_down(report, service, reporter, spot, cleaned, answers)
    note_move(request, "", State.RECEIVED, actor=actor)
    keep_original(request=request, field="description", cleaned=cleaned)
    claim_photos(request=request, photo_tokens=report.photo_tokens)
    if reporter is not None:
        Subscription.objects.create(request=request, person=reporter, created_at=clock.now())
    routing.route_by_rules(request=request)
    clocks.start_clock(request=request)
    obstructions.open_for(request=request)
    telling.tell_about(request, "received")
    if request.danger:
        telling.warn_duty(request)
    work.enqueue(SETTLE, {"code": str(request.code)}, key=str(request.code))
    on_commit(request_changed, code=str(request.code), state=request.state)
    return {"code": str(request.code), "number": request.number}


def _checked(report: Report) -> Report:
    errors: dict[str, Text] = {}
    if len(report.description) > DESCRIPTION_LENGTH:
        if len(report.description) > 10 * DESCRIPTION_LENGTH:
            raise TooLarge(_("A description has at most 4,000 letters."))
        errors["description"] = _("A description has at most 4,000 letters.")
    if not report.description.strip() and not report.photo_tokens and not report.service_code:
        errors["description"] = _("Say in a few words what it is about.")
    if len(report.address) > 300:
        errors["address"] = _("At most 300 letters.")
    if errors:
        raise Invalid(errors=errors)
    return replace(report, language=_language(report.language))


def _language(given: str) -> str:
    code = given.split("-")[0].lower()
    return code if code.isalpha() and len(code) in (2, 3) else settings.LANGUAGE_CODE


def _service(code: str) -> Service:
    offered = Service.objects.offered().select_related("group", "department")
    service = offered.filter(service_code=code or UNSORTED).first()
    if service is None:
        raise UnknownService(errors={"service_code": _("There is no such service.")})
    return service


def _placed(report: Report, service: Service) -> Spot:
    spot = locate(lon=report.lon, lat=report.lat, address=report.address, zipcode=report.zipcode)
    if service.needs_place and spot.geom is None and not spot.address and not report.address_id:
        raise Invalid(errors={"lat": _("Say where it is: a point, or an address.")})
    return spot


def _written_down(
    report: Report,
    service: Service,
    reporter: Person | None,
    spot: Spot,
    cleaned: Cleaned,
    answers: Json,
) -> ServiceRequest:
    now, danger = clock.now(), find_danger(report.description)
    address = clean(spot.address).masked[:300]
    return ServiceRequest.objects.create(
        number=next_number(),
        service=service,
        description=cleaned.masked,
        language=report.language,
        answers=answers,
        geom=spot.geom,
        geom_m=spot.geom_m,
        address=address,
        address_id=report.address_id[:80],
        zipcode=spot.zipcode[:12],
        district_code=spot.district_code[:40],
        channel=report.channel,
        reporter=reporter,
        department=service.department,
        priority=Priority.HIGH if danger else Priority.NORMAL,
        danger=danger.kind if danger else "",
        is_public=service.is_public,
        routed_by=Routed.CITIZEN if report.service_code else Routed.NOBODY,
        media_urls=list(report.media_urls),
        requested_at=now,
        updated_at=now,
    )


def next_number() -> str:
    """Numbers go on over the years; the year only says when it was given."""
    serial = Service.objects.values_list(NextSerial(), flat=True)[:1].get()
    return write_number(clock.now().astimezone(the_city().zone).year, serial)


# ---------------------------------------------------------------- finding it again


def tracking_secret(request: ServiceRequest) -> str:
    """What an anonymous reporter holds in hand; made from the request, kept nowhere."""
    made = salted_hmac("citizen.complaint-secret", str(request.code), algorithm="sha256")
    return made.hexdigest()[:20]


def holds_secret(request: ServiceRequest, secret: str) -> bool:
    return constant_time_compare(tracking_secret(request), secret)


def find_request(number: str) -> ServiceRequest:
    """By its number, however people write it. Raises NotFound."""
    written = read_number(number[:60])
    rows = ServiceRequest.objects.select_related("service__group", "department", "clock")
    found = rows.filter(number=written).first() if written else None
    if found is None:
        raise NotFound(_("There is no request with this number. Please check it."))
    return found
