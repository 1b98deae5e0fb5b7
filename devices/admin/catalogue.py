"""Things, sensors, properties and datastreams, with what was last heard of each."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.admin.uploads import ListForm, TakesLists
from apps.city.models import ImportRun, Metres
from devices.admin.health import WithCourses, charts
from devices.models import (
    Alarm,
    Datastream,
    Gateway,
    LastObservation,
    ObservedProperty,
    Sensor,
    Thing,
)
from devices.services.onboarding import onboard
from devices.services.provisioning import retire_datastream


class DatastreamInline(TabularInline):
    model = Datastream
    fk_name = "thing"
    extra = 0
    fields = readonly_fields = ("code", "observed_property", "unit", "expected_interval_s")
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class DeviceListForm(ListForm):
    gateway = forms.ModelChoiceField(
        Gateway.objects.filter(active=True),
        label=_("Gateway that speaks for them"),
        widget=UnfoldAdminSelectWidget(),
    )


@admin.register(Thing)
class ThingAdmin(TakesLists, NamesMixin, MapAdmin):
    list_form = DeviceListForm
    list_help = _(
        "One row a datastream. Columns: thing, name, name:en …, lat, lon, height_m, description,"
        " datastream, observed_property, unit, expected_interval_s, low, high, stuck_after_s."
        " Further columns are kept as properties of the thing. Good rows enter, the others are"
        " reported; a list may come again."
    )
    list_display = ("code", "__str__", "gateway")
    list_filter = ("gateway",)
    list_select_related = ("gateway",)
    search_fields = ("code", "names")
    inlines = (DatastreamInline,)
    fields = ("code", "names", "gateway", "description", "height_m", "properties", "geom")
    readonly_fields = ("code", "gateway")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # Things come by provisioning, with their datastreams.

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def take_list(self, path: Path, asked: dict[str, Any], actor: str) -> ImportRun:
        return onboard(path=path, actor=actor, **asked)

    def save_model(self, request: HttpRequest, obj: Thing, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        Thing.objects.filter(pk=obj.pk).update(geom_m=Metres("geom"))


@admin.register(Datastream)
class DatastreamAdmin(WithCourses, NamesMixin, AuditedModelAdmin):
    list_display = (
        "code", "gateway", "observed_property", "last_result", "last_heard", "course_of_week",
        "health",
    )  # fmt: skip
    list_filter = ("gateway", "observed_property")
    list_select_related = ("gateway", "observed_property", "last")
    search_fields = ("code", "thing__code")
    fields = (
        "code", "gateway", "thing", "sensor", "observed_property", "unit", "names",
        "expected_interval_s", "stuck_after_s", "low", "high", "retired_at", "course",
    )  # fmt: skip
    readonly_fields = (
        "code", "gateway", "thing", "observed_property", "unit", "retired_at", "course",
    )  # fmt: skip
    actions = ("retire",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("last result"))
    def last_result(self, stream: Datastream) -> str:
        last = _last_of(stream)
        return f"{last.result:g} {stream.unit}" if last else "–"

    @admin.display(description=_("last heard"), ordering="last__received_at")
    def last_heard(self, stream: Datastream) -> Any:
        last = _last_of(stream)
        return last.received_at if last else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Datastream]:
        rows: QuerySet[Datastream] = super().get_queryset(request)
        return rows.prefetch_related(
            Prefetch("alarms", Alarm.objects.open(), to_attr="present_alarms")
        )

    @display(
        description=_("health"),
        label={_("silent"): "danger", _("stuck"): "danger", _("flapping"): "danger",
               _("well"): "success", _("never heard"): "warning"},
    )  # fmt: skip
    def health(self, stream: Any) -> Any:
        if stream.retired_at:
            return _("retired")
        if _last_of(stream) is None:
            return _("never heard")
        alarms: list[Alarm] = stream.present_alarms
        return alarms[0].get_kind_display() if alarms else _("well")

    def stream_id(self, row: Datastream) -> int | None:
        return row.pk

    @admin.display(description=_("course"))
    def course(self, stream: Datastream) -> SafeString:
        return charts(stream)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[Datastream]) -> None:
        for stream in rows:
            retire_datastream(datastream=stream)
            self.audit(request, stream, "retired")


def _last_of(stream: Datastream) -> LastObservation | None:
    return getattr(stream, "last", None)


@admin.register(ObservedProperty)
class ObservedPropertyAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "kind", "unit", "low", "high")
    list_filter = ("kind",)
    search_fields = ("code", "names")


@admin.register(Sensor)
class SensorAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__")
    search_fields = ("code", "names")
