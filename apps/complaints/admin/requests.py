"""The department's inbox and a request's page: everything staff do goes through the services."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.gis.geos import MultiPoint
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.admin import ScopedModelAdmin
from apps.base.geo import WGS84
from apps.base.problems import Problem
from apps.city.admin.maps import MapWidget, shown_map
from apps.complaints.admin.forms import (
    AssignForm,
    MergeForm,
    MoveForm,
    NoteForm,
    ReasonForm,
    ServiceForm,
    SplitForm,
)
from apps.complaints.core.states import State, Who, ways_from
from apps.complaints.models import Attachment, Link, ResponseTemplate, Service, ServiceRequest
from apps.complaints.selectors.templates import filled_in, templates_for
from apps.complaints.services.classification import correct_service
from apps.complaints.services.duplicates import (
    find_similar,
    merge_request,
    sketch_of,
    unmerge_request,
)
from apps.complaints.services.filing import find_request
from apps.complaints.services.moving import (
    assign_request,
    extend_period,
    move_request,
    write_note,
)
from apps.complaints.services.photos import hide_photo, publish_photo
from apps.complaints.services.privacy import reveal_originals
from apps.complaints.services.splitting import split_request

SIMILAR_FROM = 0.4
ON_MAP = 500
# Moves with forms of their own on the page.
_ELSEWHERE = frozenset({State.DUPLICATE, State.ASSIGNED})


class LightFilter(admin.SimpleListFilter):
    """The lights of the inbox."""

    title = _("time")
    parameter_name = "light"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("red", _("over")), ("amber", _("80 per cent used up")), ("green", _("in time"))]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        now, running = clock.now(), rows.filter(clock__stopped_at=None)
        match self.value():
            case "red":
                return running.filter(clock__due_at__lt=now)
            case "amber":
                return running.filter(clock__due_at__gte=now, clock__warned_percent__gte=80)
            case "green":
                return running.filter(clock__due_at__gte=now, clock__warned_percent__lt=80)
        return rows


class OpenFilter(admin.SimpleListFilter):
    """Open ones, unless one asks for others."""

    title = _("open or closed")
    parameter_name = "is_open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", _("closed")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None, "display": _("open"),
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
        }  # fmt: skip
        yield from list(super().choices(changelist))[1:]

    def queryset(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "closed":
                return rows.exclude(closed_at=None)
            case "all":
                return rows
        return rows.filter(closed_at=None)


@admin.register(ServiceRequest)
class ServiceRequestAdmin(ScopedModelAdmin):
    list_display = (
        "light", "number", "service", "words", "state", "department", "assignee", "left", "urgent",
    )  # fmt: skip
    list_display_links = ("number", "words")
    list_filter = (OpenFilter, LightFilter, "state", "priority", "service__group", "channel")
    list_select_related = ("service", "department", "assignee", "clock")
    search_fields = ("number", "description", "address")
    date_hierarchy = "requested_at"
    actions = ("take_on", "confirm_suggestions", "confirm_rejections")
    change_form_template = "complaints/request.html"
    change_list_template = "complaints/inbox.html"
    list_per_page = 50

    class Media:
        css = {"all": (*MapWidget.Media.css["all"], "complaints/requests.css")}
        js = MapWidget.Media.js

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceRequest]:
        return super().get_queryset(request).defer("geom_m")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """The most pressing first: danger, then what is due soonest."""
        return ["-priority", F("expected_at").asc(nulls_last=True), "pk"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        rows = self.get_queryset(request).filter(closed_at=None)
        context = {**(extra_context or {}), "lights": lights(rows), "map": _map_of(rows)}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    # ------------------------------------------------------------ columns

    @admin.display(description="")
    def light(self, row: ServiceRequest) -> str:
        colour, title = light_of(row)
        return format_html('<span class="light {}" title="{}"></span>', colour, title)

    @admin.display(description=_("words"))
    def words(self, row: ServiceRequest) -> str:
        text = row.description or "–"
        return text if len(text) <= 60 else f"{text[:59]}…"

    @admin.display(description=_("time left"), ordering="expected_at")
    def left(self, row: ServiceRequest) -> str:
        return countdown(row)

    @admin.display(description=_("danger"))
    def urgent(self, row: ServiceRequest) -> str:
        return format_html('<b class="danger">{}</b>', row.danger) if row.danger else ""

    # ------------------------------------------------------------ in bulk

    @admin.action(description=_("Begin work on them"), permissions=["change"])
    def take_on(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> None:
        self._each(request, rows, lambda row: move_request(
            request=row, after=State.IN_PROGRESS, who=Who.STAFF, actor=str(request.user)
        ), "taken_on")  # fmt: skip

    @admin.action(description=_("Accept the first suggestion"), permissions=["change"])
    def confirm_suggestions(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> None:
        def accept(row: ServiceRequest) -> None:
            if row.suggestions:
                service = Service.objects.get(service_code=row.suggestions[0]["service"])
                correct_service(request=row, service=service, actor=str(request.user))

        self._each(request, rows, accept, "suggestion_accepted")

    @admin.action(description=_("Confirm the proposed refusal"), permissions=["change"])
    def confirm_rejections(self, request: HttpRequest, rows: QuerySet[ServiceRequest]) -> None:
        if not request.user.has_perm("complaints.confirm_rejection"):
            raise PermissionDenied
        self._each(request, rows, lambda row: move_request(
            request=row, after=State.REJECTED, who=Who.SECOND_STAFF, actor=str(request.user)
        ), "rejection_confirmed")  # fmt: skip

    def _each(
        self, request: HttpRequest, rows: QuerySet[ServiceRequest],
        do: Callable[[ServiceRequest], Any], what: str,
    ) -> None:  # fmt: skip
        done = 0
        for row in rows:
            if not self.has_change_permission(request, row):
                raise PermissionDenied
            try:
                do(row)
            except Problem as problem:
                messages.error(request, f"{row}: {sentence(problem)}")
                continue
            self.audit(request, row, what)
            done += 1
        messages.success(request, ngettext("%d request.", "%d requests.", done) % done)

    # ------------------------------------------------------------ one request

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied  # Everything is done by the forms of the page.
        row = self._row(request, object_id)
        context = {**(extra_context or {}), **self._page(request, row), "show_save": False,
                   "show_save_and_continue": False, "show_delete": False}  # fmt: skip
        page: HttpResponse = super().change_view(request, object_id, form_url, context)
        return page

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ()

    def _row(self, request: HttpRequest, pk: str) -> ServiceRequest:
        rows = self.get_queryset(request).select_related(
            "service__group", "department", "assignee", "clock", "duplicate_of", "parent"
        )
        row: ServiceRequest = get_object_or_404(rows, pk=pk)
        return row

    def _page(self, request: HttpRequest, row: ServiceRequest) -> dict[str, Any]:
        may = self.has_change_permission(request, row)
        return {
            "row": row,
            "may": may,
            "light": light_of(row),
            "left": countdown(row),
            "where": shown_map(row.geom) if row.geom else "",
            "history": row.changes.all(),
            "notes": row.notes.all(),
            "feedback": row.feedback.all(),
            "photos": row.attachments.select_related("media"),
            "repeats": row.repeats.all(),
            "parts": row.parts.all(),
            "similar": find_similar(sketch_of(row), but=row.pk, limit=6, from_score=SIMILAR_FROM),
            "suggestions": _suggested(row),
            "sealed": row.originals.exists(),
            "forms": _forms(row, request) if may else {},
            "may_reveal": request.user.has_perm("complaints.reveal_original"),
        }

    def get_urls(self) -> list[Any]:
        own = [
            path("<int:pk>/do/<slug:what>/", self.admin_site.admin_view(self.act),
                 name="complaints_act"),
            path("<int:pk>/photo/<uuid:code>/", self.admin_site.admin_view(self.photo),
                 name="complaints_photo"),
            path("<int:pk>/words/", self.admin_site.admin_view(self.reveal),
                 name="complaints_reveal"),
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def photo(self, request: HttpRequest, pk: int, code: str) -> FileResponse:
        row = self._row(request, str(pk))
        attachment = get_object_or_404(Attachment.objects.select_related("media"), code=code,
                                       request=row)  # fmt: skip
        media = attachment.media
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(media.file.open("rb"), content_type=media.content_type, headers=headers)

    def reveal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The words as they came, shown once and kept nowhere; whoever asks says why."""
        row = self._row(request, str(pk))
        if request.method != "POST" or not request.user.has_perm("complaints.reveal_original"):
            raise PermissionDenied
        try:
            reason = _valid(ReasonForm(request.POST))["reason"]
            words = reveal_originals(request=row, actor=str(request.user), reason=reason)
        except Problem as problem:
            messages.error(request, sentence(problem))
            return redirect(reverse("admin:complaints_servicerequest_change", args=[pk]))
        context = {**self.admin_site.each_context(request), "row": row, "words": words,
                   "title": row.number}  # fmt: skip
        answer = TemplateResponse(request, "complaints/revealed.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def act(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        """Carry out one of the page's forms."""
        row = self._row(request, str(pk))
        do = _ACTS.get(what)
        if request.method != "POST" or do is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            do(request, row)
        except Problem as problem:
            messages.error(request, sentence(problem))
        else:
            self.audit(request, row, what)
            messages.success(request, gettext("Done."))
        return redirect(reverse("admin:complaints_servicerequest_change", args=[pk]))


def lights(rows: QuerySet[ServiceRequest]) -> list[dict[str, Any]]:
    """How many of a department's open requests are over, nearly over, and in time."""
    now, running = clock.now(), rows.filter(clock__stopped_at=None)
    ahead = running.filter(clock__due_at__gte=now)
    counts = (
        ("red", _("over"), running.filter(clock__due_at__lt=now)),
        ("amber", _("80 per cent used up"), ahead.filter(clock__warned_percent__gte=80)),
        ("green", _("in time"), ahead.filter(clock__warned_percent__lt=80)),
    )
    return [{"colour": colour, "label": label, "count": found.count()}
            for colour, label, found in counts]  # fmt: skip


def _map_of(rows: QuerySet[ServiceRequest]) -> Any:
    """All open ones on one map."""
    points = [row.geom for row in rows.exclude(geom=None).only("geom").order_by("pk")[:ON_MAP]]
    return shown_map(MultiPoint(points, srid=WGS84)) if points else ""


def sentence(problem: Problem) -> str:
    return " ".join(map(str, problem.errors.values())) or str(problem.detail or problem.title)


def light_of(row: ServiceRequest) -> tuple[str, Any]:
    """Red where the time is over, amber from 80 %, grey where the clock does not run."""
    timer = getattr(row, "clock", None)
    if timer is None or not row.is_open:
        return "grey", row.get_state_display()
    if timer.is_paused:
        return "blue", _("waits for the reporter")
    if timer.is_breached(clock.now()):
        return "red", _("over")
    return (
        ("amber", _("80 per cent used up"))
        if timer.warned_percent >= 80
        else ("green", _("in time"))
    )


def countdown(row: ServiceRequest) -> str:
    if not row.is_open or row.expected_at is None:
        return "–"
    left = row.expected_at - clock.now()
    sign, left = ("−", -left) if left < timedelta() else ("", left)
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds % 3600 // 60
    written = gettext("%(d)d d %(h)d h") if days else gettext("%(h)d h %(m)d min")
    return sign + written % {"d": days, "h": hours, "m": minutes}


def _suggested(row: ServiceRequest) -> list[tuple[Service, float]]:
    services = Service.objects.in_bulk(
        [each["service"] for each in row.suggestions], field_name="service_code"
    )
    return [
        (services[each["service"]], each["p"] * 100)
        for each in row.suggestions if each["service"] in services
    ]  # fmt: skip


def _ways(row: ServiceRequest, request: HttpRequest) -> list[tuple[str, Any]]:
    ways = [way for way in ways_from(State(row.state), who=Who.STAFF) if way not in _ELSEWHERE]
    if request.user.has_perm("complaints.confirm_rejection"):
        ways += ways_from(State(row.state), who=Who.SECOND_STAFF)
    return [(way.value, ServiceRequest.State(way).label) for way in dict.fromkeys(ways)]


def _forms(row: ServiceRequest, request: HttpRequest) -> dict[str, Any]:
    templates = [(t.code, filled_in(t, row)[:90]) for t in templates_for(row)]
    ways = _ways(row, request)
    return {
        "move": MoveForm(ways=ways, templates=templates) if ways else None,
        "assign": AssignForm(initial={"department": row.department_id, "assignee": row.assignee_id})
        if (row.is_open and State.ASSIGNED in ways_from(State(row.state), who=Who.STAFF)) else None,
        "service": ServiceForm(initial={"service": row.service.service_code})
        if row.is_open else None,
        "split": SplitForm() if row.is_open else None,
        "merge": MergeForm() if row.is_open else None,
        "extend": ReasonForm() if row.is_open else None,
        "note": NoteForm(),
        "reveal": ReasonForm(),
    }  # fmt: skip


# ---------------------------------------------------------------- what the forms do


def _valid(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise Problem(" ".join(text for texts in form.errors.values() for text in texts))
    data: dict[str, Any] = form.cleaned_data
    return data


def _move(request: HttpRequest, row: ServiceRequest) -> None:
    codes = [(t.code, t.code) for t in templates_for(row)]
    data = _valid(MoveForm(request.POST, ways=_ways(row, request), templates=codes))
    note = data["public_note"]
    if not note and data["template"]:
        note = filled_in(ResponseTemplate.objects.get(code=data["template"]), row)
    second = data["after"] == State.REJECTED
    move_request(
        request=row, after=data["after"], who=Who.SECOND_STAFF if second else Who.STAFF,
        actor=str(request.user), reason=data["reason"], public_note=note,
    )  # fmt: skip


def _assign(request: HttpRequest, row: ServiceRequest) -> None:
    assign_request(request=row, **_valid(AssignForm(request.POST)), actor=str(request.user))


def _service(request: HttpRequest, row: ServiceRequest) -> None:
    service = _valid(ServiceForm(request.POST))["service"]
    correct_service(request=row, service=service, actor=str(request.user))


def _split(request: HttpRequest, row: ServiceRequest) -> None:
    data = _valid(SplitForm(request.POST))
    split_request(request=row, parts=[(data["text"], data["service"])], actor=str(request.user))


def _merge(request: HttpRequest, row: ServiceRequest) -> None:
    original = find_request(_valid(MergeForm(request.POST))["original"])
    merge_request(request=row, original=original, how=Link.How.STAFF, actor=str(request.user))


def _unmerge(request: HttpRequest, row: ServiceRequest) -> None:
    unmerge_request(request=row, actor=str(request.user))


def _extend(request: HttpRequest, row: ServiceRequest) -> None:
    reason = _valid(ReasonForm(request.POST))["reason"]
    extend_period(request=row, actor=str(request.user), reason=reason)


def _note(request: HttpRequest, row: ServiceRequest) -> None:
    write_note(request=row, text=_valid(NoteForm(request.POST))["text"], actor=str(request.user))


def _publish(request: HttpRequest, row: ServiceRequest) -> None:
    attachment = get_object_or_404(row.attachments, code=request.POST.get("code"))
    upload = request.FILES.get("blurred")
    if upload is None:
        hide_photo(attachment=attachment)
    else:
        publish_photo(attachment=attachment, blurred=upload.read())


_ACTS: dict[str, Callable[[HttpRequest, ServiceRequest], None]] = {
    "move": _move,
    "assign": _assign,
    "service": _service,
    "split": _split,
    "merge": _merge,
    "unmerge": _unmerge,
    "extend": _extend,
    "note": _note,
    "publish": _publish,
}
