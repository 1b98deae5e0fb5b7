"""`/open311/v2/`: GeoReport v2 with its six methods, discovery, and the exchange of updates.

Everything comes and goes in the caller's format, mistakes included.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from apps.accounts.models import Person
from apps.accounts.services import add_contact, read_address, register_person
from apps.base.limits import Bucket
from apps.base.problems import Invalid, Problem
from apps.complaints.core.states import State, Who
from apps.complaints.feeds.georeport import documents
from apps.complaints.feeds.georeport.reading import (
    Filing,
    Refused,
    Search,
    check_jurisdiction,
    read_filing,
    read_search,
    refusal_of,
)
from apps.complaints.feeds.georeport.rendering import (
    JSON,
    XML,
    Document,
    error_document,
    render,
)
from apps.complaints.models import (
    ApiClient,
    Jurisdiction,
    Service,
    ServiceRequest,
    ServiceRequestQuerySet,
    StatusChange,
)
from apps.complaints.selectors.requests import client_with_key, near, public_requests
from apps.complaints.services.filing import Report, file_request, find_request
from apps.complaints.services.moving import move_request
from apps.complaints.services.photos import take_photo
from apps.complaints.services.remote_photos import check_media_url, fetch_later

FILINGS = Bucket(120)
QUESTIONS = Bucket(600)
Answer = tuple[Document, int]


@csrf_exempt
def georeport(request: HttpRequest, path: str = "") -> HttpResponse:
    """One door: `<method path>.<format>`."""
    name, form = _taken_apart(path)
    try:
        if form not in (JSON, XML):
            raise Refused(404, _("The format is xml or json."))
        document, status = _answer(request, name)
        return render(document, form, status=status)
    except Refused as refused:
        return _refusal(refused, form)
    except Problem as problem:
        return _refusal(refusal_of(problem), form)


def _refusal(refused: Refused, form: str) -> HttpResponse:
    errors = [(refused.status, text) for text in refused.texts]
    return render(error_document(errors), form if form == JSON else XML, status=refused.status)


def _taken_apart(path: str) -> tuple[list[str], str]:
    name, dot, form = path.rpartition(".")
    return (name if dot else path).strip("/").split("/"), form if dot else ""


def _answer(request: HttpRequest, name: list[str]) -> Answer:
    ours = Jurisdiction.objects.filter(pk=Jurisdiction.THE_ONE).first()
    asked = request.POST if request.method == "POST" else request.GET
    if name == ["discovery"]:
        return _method(request, GET=lambda: (documents.discovery(ours), 200))
    check_jurisdiction(asked, ours)
    match name:
        case ["services"]:
            return _method(request, GET=_services)
        case ["services", code]:
            return _method(request, GET=partial(_definition, code))
        case ["requests"]:
            return _method(request, GET=partial(_requests, request), POST=partial(_file, request))
        case ["requests", number]:
            return _method(request, GET=partial(_one, number))
        case ["tokens", token]:
            return _method(request, GET=partial(_token, token))
        case ["servicerequestupdates"]:
            return _method(request, GET=partial(_updates, request), POST=partial(_update, request))
    raise Refused(404, _("There is nothing here."))


def _method(request: HttpRequest, **handlers: Callable[[], Answer]) -> Answer:
    verb = "GET" if request.method == "HEAD" else str(request.method)
    if verb not in handlers:
        raise Refused(405, _("This address does not understand that method."))
    limit, who = (FILINGS, request.headers.get("X-Api-Key", "")) if verb == "POST" else (
        QUESTIONS, "")  # fmt: skip
    limit.take(f"{who}{request.META.get('REMOTE_ADDR', '')}")
    return handlers[verb]()


# ---------------------------------------------------------------- asking


def _offered() -> QuerySet[Service]:
    return Service.objects.offered().select_related("group").prefetch_related("attributes")


def _services() -> Answer:
    return Document("services", [documents.service(row) for row in _offered()]), 200


def _definition(code: str) -> Answer:
    row = _offered().filter(service_code=code).first()
    if row is None:
        raise Refused(404, _("service_code provided was not found."))
    return documents.service_definition(row), 200


def _listed(rows: ServiceRequestQuerySet) -> Document:
    shown = rows.prefetch_related("attachments")
    return Document("service_requests", [documents.service_request(row) for row in shown])


def _requests(request: HttpRequest) -> Answer:
    search = read_search(request.GET)
    rows = public_requests().order_by("-requested_at", "-id")
    if search.numbers:
        return _listed(rows.filter(number__in=search.numbers)), 200
    first = (search.page - 1) * search.page_size
    return _listed(_found(rows, search)[first : first + search.page_size]), 200


def _found(rows: ServiceRequestQuerySet, search: Search) -> ServiceRequestQuerySet:
    spans = Q()
    if search.begins is not None:
        spans &= Q(requested_at__gte=search.begins)
    if search.ends is not None:
        spans &= Q(requested_at__lte=search.ends)
    if search.updated_after is not None:
        spans &= Q(updated_at__gte=search.updated_after)
    if search.updated_before is not None:
        spans &= Q(updated_at__lte=search.updated_before)
    if search.services:
        spans &= Q(service__service_code__in=search.services)
    if len(set(search.statuses)) == 1:
        spans &= Q(closed_at__isnull=search.statuses[0] == "open")
    rows = rows.filter(spans)
    if search.lat is not None and search.lon is not None:
        rows = near(rows, search.lon, search.lat, search.radius_m)
    return rows


def _one(number: str) -> Answer:
    row = find_request(number)
    if not row.visible():
        raise Refused(404, _("service_request_id provided was not found."))
    return _listed(ServiceRequest.objects.filter(pk=row.pk).select_related(
        "service", "department")), 200  # fmt: skip


def _token(token: str) -> Answer:
    code = _uuid(token)
    row = ServiceRequest.objects.filter(code=code).first() if code else None
    if row is None:
        raise Refused(404, _("token provided was not found."))
    return Document("service_requests", [{"service_request_id": row.number, "token": token}]), 200


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# ---------------------------------------------------------------- filing


def _client(request: HttpRequest) -> ApiClient:
    key = request.POST.get("api_key") or request.headers.get("X-Api-Key", "")
    client = client_with_key(key[:200])
    if client is None:
        raise Refused(403, _("api_key was missing or is not valid."))
    return client


def _file(request: HttpRequest) -> Answer:
    client = _client(request)
    filing = read_filing(request)
    media_urls = [check_media_url(filing.media_url)] if filing.media_url else []
    photos = [take_photo(content=file.read()).token for file in _photos(request)]
    filed = file_request(
        report=Report(
            description=filing.description, service_code=filing.service_code, lon=filing.lon,
            lat=filing.lat, address=filing.address, address_id=filing.address_id,
            answers=filing.answers, photo_tokens=photos, media_urls=media_urls,
            language=documents.spoken(), channel=ServiceRequest.Channel.OPEN311,
        ),
        reporter=_reporter(filing),
        actor=f"open311:{client.code}",
        key=request.headers.get("Idempotency-Key"),
    )  # fmt: skip
    fetch_later(request=filed)
    return Document("service_requests", [_receipt(filed)]), 201


def _photos(request: HttpRequest) -> list[Any]:
    """Photos in the multipart extension: `media`, as often as there are any."""
    return [*request.FILES.getlist("media"), *request.FILES.getlist("media[]")]


def _reporter(filing: Filing) -> Person | None:
    """A person with addresses that nobody has proven yet; none where nothing is said."""
    addresses = [
        read_address(kind, value, field=kind)
        for kind, value in (("email", filing.email), ("phone", filing.phone))
        if value
    ]
    if not addresses:
        return None
    person = register_person(display_name=filing.name[:80])
    for address in addresses:
        add_contact(person=person, address=address)
    return person


def _receipt(filed: ServiceRequest) -> dict[str, Any]:
    notice = None
    if filed.danger:
        ours = Jurisdiction.objects.filter(pk=Jurisdiction.THE_ONE).first()
        number = ours.emergency_number if ours else ""
        notice = _("In danger call %s first.") % number if number else None
    match filed.service.type:
        case Service.Type.BATCH:
            return {"token": str(filed.code), "service_notice": notice, "account_id": None}
        case Service.Type.BLACKBOX:
            return {"service_notice": notice, "account_id": None}
    return {"service_request_id": filed.number, "service_notice": notice, "account_id": None}


# ---------------------------------------------------------------- updates


def _updates(request: HttpRequest) -> Answer:
    search = read_search(request.GET)
    rows = StatusChange.objects.filter(request__in=public_requests()).select_related("request")
    if search.numbers:
        rows = rows.filter(request__number__in=search.numbers)
    if search.begins is not None:
        rows = rows.filter(at__gte=search.begins)
    if search.ends is not None:
        rows = rows.filter(at__lte=search.ends)
    first = (search.page - 1) * search.page_size
    shown = rows.order_by("at", "pk")[first : first + search.page_size]
    return Document("service_request_updates", [documents.update(row) for row in shown]), 200


_MEANT = {"open": State.IN_PROGRESS, "closed": State.RESOLVED}


def _update(request: HttpRequest) -> Answer:
    """A contractor or neighbouring authority says what became of a request."""
    client = _client(request)
    if not client.may_update:
        raise Refused(403, _("This api_key may not update requests."))
    row = find_request(request.POST.get("service_request_id", ""))
    meant = _MEANT.get(request.POST.get("status", "").lower())
    if meant is None:
        raise Refused(400, _("status is open or closed."))
    if request.POST.get("media_url"):
        raise Invalid(errors={"media_url": _("Updates take no photos yet.")})
    moved = move_request(
        request=row, after=meant, who=Who.STAFF, actor=f"open311:{client.code}",
        public_note=request.POST.get("description", ""),
    )  # fmt: skip
    change = moved.changes.order_by("-pk")[0]
    return Document("service_request_updates", [{"update_id": str(change.pk)}]), 201
