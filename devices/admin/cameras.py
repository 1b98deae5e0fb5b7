"""Cameras: how they do, and a still on demand with its zones drawn over it."""

from typing import Any

import msgspec
from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.base import clock
from apps.base.admin import AuditedModelAdmin
from apps.base.problems import Problem
from apps.city.admin.maps import MapWidget
from apps.city.models import the_city
from devices.adapters.video import video_adapters
from devices.admin.kinds import ChoosesKind
from devices.cameras import stills
from devices.models import Camera, CameraEvent, CameraState
from devices.services.camera_events import record_look
from devices.services.cameras import (
    WATCHED_FOR,
    ZonePlan,
    address_columns,
    camera_changed,
    connect_camera,
    draw,
)

HEALTH_COLOURS = {
    **dict.fromkeys(CameraState.BLIND, "danger"),
    CameraState.Health.OK: "success", CameraState.Health.UNKNOWN: "info",
    CameraState.Health.ASLEEP: "info",
}  # fmt: skip
SETTINGS = (
    "subject", "department", "active", "decode_fps", "analyse_fps", "hours", "detector",
    "stills_kept_days", "tuning",
)  # fmt: skip


class CameraForm(forms.ModelForm[Camera]):
    """Addresses go in and are never shown again: they may hold a password."""

    url = forms.CharField(
        label=capfirst(_("new address")), required=False, max_length=500,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Such as rtsp://user:password@10.0.0.7/stream. It is kept sealed."),
    )  # fmt: skip
    onvif_url = forms.CharField(
        label=capfirst(_("new address of events (ONVIF)")), required=False, max_length=500,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    class Meta:
        model = Camera
        fields = ("thing", "kind", *SETTINGS)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["decode_fps"].help_text = _(
            "Up to 2, only key pictures of H.264 and H.265 are decoded: enough for parking bays."
        )
        if not self.instance.pk:
            self.fields["url"].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("url") and data.get("kind"):
            try:
                address_columns(
                    kind=data["kind"], url=data["url"], onvif_url=data.get("onvif_url") or ""
                )
            except Problem as problem:
                for name, text in problem.errors.items():
                    self.add_error(name, str(text))
        return data


@admin.register(Camera)
class CameraAdmin(ChoosesKind, AuditedModelAdmin):
    adapters = video_adapters
    form = CameraForm
    list_display = (
        "name", "health", "since", "seen_at", "rates", "load", "zone_count", "waiting",
    )  # fmt: skip
    list_filter = ("active", "kind", "state__health")
    list_select_related = ("thing", "state")
    search_fields = ("thing__code", "thing__names")
    autocomplete_fields = ("thing", "department")
    readonly_fields = ("shown_url", "condition", "rates", "load", "picture")
    fields = (
        "thing", "kind", "shown_url", "url", "onvif_url", "condition", "rates", "load", "picture",
        *SETTINGS,
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Camera]:
        rows: QuerySet[Camera] = super().get_queryset(request).defer("reference", "head")
        return rows.annotate(
            zones_drawn=Count("zones", distinct=True),
            events_waiting=Count("events", filter=Q(events__verdict=""), distinct=True),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("thing", *self.readonly_fields) if obj else self.readonly_fields

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/view/", wrap(self.view_page), name="devices_camera_view"),
            path("<int:pk>/want/", wrap(self.want_still), name="devices_camera_want"),
            path("<int:pk>/still/", wrap(self.still), name="devices_camera_still"),
            path("<int:pk>/draw/", wrap(self.take_drawing), name="devices_camera_draw"),
        ]
        return [*own, *super().get_urls()]

    # ---------------------------------------------------------------- the list

    @admin.display(description=_("camera"), ordering="thing__code")
    def name(self, camera: Camera) -> str:
        return str(camera.thing)

    @display(description=_("health"), label=HEALTH_COLOURS, ordering="state__health")
    def health(self, camera: Camera) -> tuple[str, str]:
        return camera.state.health, self.condition(camera)

    @admin.display(description=_("health"))
    def condition(self, camera: Camera) -> str:
        told = capfirst(camera.state.get_health_display())
        return f"{told}: {camera.state.reason}" if camera.state.reason else told

    @admin.display(description=_("for"))
    def since(self, camera: Camera) -> str:
        return timesince(camera.state.since, clock.now(), depth=1) if camera.state.since else "–"

    @admin.display(description=_("last picture"), ordering="state__seen_at")
    def seen_at(self, camera: Camera) -> Any:
        return camera.state.seen_at

    @admin.display(description=_("read / analysed a second"))
    def rates(self, camera: Camera) -> str:
        return f"{camera.state.read_fps:.1f} / {camera.state.analysed_fps:.1f}"

    @admin.display(description=_("load of a core"), ordering="state__load")
    def load(self, camera: Camera) -> str:
        return f"{100 * camera.state.load:.0f} %"

    @admin.display(description=_("zones"), ordering="zones_drawn")
    def zone_count(self, camera: Camera) -> int:
        return int(getattr(camera, "zones_drawn", 0))

    @admin.display(description=_("events to judge"), ordering="events_waiting")
    def waiting(self, camera: Camera) -> SafeString:
        url = reverse("admin:devices_cameraevent_changelist", query={"camera__id": camera.pk})
        return format_html(
            '<a class="underline" href="{}">{}</a>', url, getattr(camera, "events_waiting", 0)
        )

    @admin.display(description=_("picture"))
    def picture(self, camera: Camera) -> SafeString | str:
        if not camera.pk:
            return "–"
        url = reverse("admin:devices_camera_view", args=[camera.pk])
        return format_html(
            '<a class="underline font-semibold" href="{}">{}</a>', url,
            _("Look now, and draw zones"),
        )  # fmt: skip

    # ---------------------------------------------------------------- the form

    def save_model(self, request: HttpRequest, obj: Camera, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if not change:
            facts = {name: data[name] for name in SETTINGS if data.get(name) is not None}
            made = connect_camera(
                thing=data["thing"], kind=data["kind"], url=data["url"],
                onvif_url=data["onvif_url"] or "", actor=str(request.user), **facts,
            )  # fmt: skip
            obj.pk, obj.created_at = made.pk, made.created_at
            return
        if data["url"]:
            columns = address_columns(
                kind=data["kind"], url=data["url"], onvif_url=data["onvif_url"] or ""
            )
            for name, value in columns.items():
                setattr(obj, name, value)
        super().save_model(request, obj, form, change)
        camera_changed(obj)

    # ---------------------------------------------------------------- the view

    def view_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        camera = self._shown(request, pk)
        drawn = [
            {"code": zone.code, "kind": zone.kind, "points": zone.points, "names": zone.names,
             "rules": zone.rules}
            for zone in camera.zones.all()
        ]  # fmt: skip
        place = camera.thing.geom or the_city().centre
        context = {
            **self.admin_site.each_context(request),
            "title": str(camera), "opts": self.opts, "camera": camera, "state": camera.state,
            "may_draw": self.has_change_permission(request, camera),
            "drawing": {
                "zones": drawn, "marks": camera.marks, "aspect": camera.aspect,
                "place": [place.x, place.y], "watched_for": WATCHED_FOR,
                "labels": {kind: str(label) for kind, label in CameraEvent.Kind.choices},
                "urls": {
                    part: reverse(f"admin:devices_camera_{part}", args=[camera.pk])
                    for part in ("want", "still", "draw")
                },
            },
            "media": forms.Media(css={"all": MapWidget.Media.css["all"]}),
        }  # fmt: skip
        return render(request, "devices/camera_view.html", context)

    def want_still(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the process that watches it; whoever asks is noted."""
        camera = self._shown(request, pk)
        if request.method != "POST":
            return HttpResponse(status=405)
        record_look(
            subject=f"camera:{camera.thing.code}", actor=str(request.user), what="still on demand"
        )
        stills.want(camera.pk)
        return HttpResponse(status=202)

    def still(self, request: HttpRequest, pk: int) -> HttpResponse:
        camera = self._shown(request, pk)
        found = stills.still_of(camera.pk)
        answer = HttpResponse(found or b"", content_type="image/jpeg", status=200 if found else 204)
        add_never_cache_headers(answer)
        return answer

    def take_drawing(self, request: HttpRequest, pk: int) -> HttpResponse:
        camera = self._shown(request, pk)
        if request.method != "POST" or not self.has_change_permission(request, camera):
            raise PermissionDenied
        try:
            drawing = msgspec.json.decode(request.body, type=_Drawing)
            draw(
                camera=camera, zones=[zone.plan() for zone in drawing.zones],
                marks=drawing.marks, aspect=drawing.aspect, actor=str(request.user),
            )  # fmt: skip
        except msgspec.DecodeError as error:
            return JsonResponse({"errors": {"": str(error)}}, status=400)
        except Problem as problem:
            errors = {name: str(text) for name, text in problem.errors.items()}
            return JsonResponse({"errors": errors}, status=problem.status)
        return JsonResponse({"zones": len(drawing.zones)})

    def _shown(self, request: HttpRequest, pk: int) -> Camera:
        rows = Camera.objects.select_related("thing__gateway", "state").prefetch_related("zones")
        camera = get_object_or_404(rows, pk=pk)
        if not self.has_view_permission(request, camera):
            raise PermissionDenied
        return camera


class _DrawnZone(msgspec.Struct):
    code: str
    kind: str
    points: list[tuple[float, float]]
    names: dict[str, str] = {}
    rules: list[dict[str, Any]] = []

    def plan(self) -> ZonePlan:
        return ZonePlan(
            code=self.code, kind=self.kind, points=self.points, names=self.names, rules=self.rules
        )


class _Drawing(msgspec.Struct):
    zones: list[_DrawnZone]
    marks: list[tuple[float, float, float, float]] = []
    aspect: float | None = None
