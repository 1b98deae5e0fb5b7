"""Things, sensors, properties and datastreams, with what was last heard of each."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.models import Metres
from devices.admin.health import chart
from devices.models import Alarm, Datastream, LastObservation, ObservedProperty, Sensor, Thing
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

    @admin.display(description=_("last 24 hours"))
    def course(self, stream: Datastream) -> SafeString | str:
        return chart(stream)

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
