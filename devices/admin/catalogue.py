"""Things, sensors, properties and datastreams, with what was last heard of each."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.models import Metres
from devices.models import Datastream, LastObservation, ObservedProperty, Sensor, Thing
from devices.services.provisioning import retire_datastream

SILENT_INTERVALS = 3


class DatastreamInline(TabularInline):
    model = Datastream
    fk_name = "thing"
    extra = 0
    fields = readonly_fields = ("code", "observed_property", "unit", "expected_interval_s")
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Thing)
class ThingAdmin(NamesMixin, MapAdmin):
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

    def save_model(self, request: HttpRequest, obj: Thing, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        Thing.objects.filter(pk=obj.pk).update(geom_m=Metres("geom"))


@admin.register(Datastream)
class DatastreamAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "gateway", "observed_property", "last_result", "last_heard", "health")
    list_filter = ("gateway", "observed_property")
    list_select_related = ("gateway", "observed_property", "last")
    search_fields = ("code", "thing__code")
    fields = (
        "code", "gateway", "thing", "sensor", "observed_property", "unit", "names",
        "expected_interval_s", "low", "high", "retired_at",
    )  # fmt: skip
    readonly_fields = ("code", "gateway", "thing", "observed_property", "unit", "retired_at")
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

    @display(
        description=_("health"),
        label={_("silent"): "danger", _("well"): "success", _("never heard"): "warning"},
    )
    def health(self, stream: Datastream) -> Any:
        last = _last_of(stream)
        if stream.retired_at:
            return _("retired")
        if last is None:
            return _("never heard")
        return _("silent") if _is_silent(stream, last) else _("well")

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[Datastream]) -> None:
        for stream in rows:
            retire_datastream(datastream=stream)
            self.audit(request, stream, "retired")


def _last_of(stream: Datastream) -> LastObservation | None:
    return getattr(stream, "last", None)


def _is_silent(stream: Datastream, last: LastObservation) -> bool:
    interval_s = stream.expected_interval_s
    if interval_s is None:
        return False
    return clock.now() - last.received_at > timedelta(seconds=SILENT_INTERVALS * interval_s)


@admin.register(ObservedProperty)
class ObservedPropertyAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "kind", "unit", "low", "high")
    list_filter = ("kind",)
    search_fields = ("code", "names")


@admin.register(Sensor)
class SensorAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__")
    search_fields = ("code", "names")
