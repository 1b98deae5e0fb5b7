"""Vehicles, drivers and their shifts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base import clock
from apps.base.admin import AuditedModelAdmin
from apps.drt.admin.supply import Kept, clock_of
from apps.drt.models import Driver, Shift, ShiftBreak, ShiftPattern, Vehicle, VehiclePlan
from apps.drt.services.provisioning import touch_service

POSITION = ("seen_at", "bearing_deg", "speed_mps")


@admin.register(Vehicle)
class VehicleAdmin(Kept, AuditedModelAdmin):
    list_display = ("code", "label", "plate", "type", "depot", "broken_since", "seen_at")
    list_filter = ("service", "type")
    list_select_related = ("type", "depot", "service")
    search_fields = ("code", "label", "plate")
    exclude = ("seen_geom",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (
            (*POSITION, "broken_since", "code", "service") if obj else (*POSITION, "broken_since")
        )

    def save_model(self, request: HttpRequest, obj: Vehicle, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        touch_service(obj.service)


@admin.register(Driver)
class DriverAdmin(Kept, AuditedModelAdmin):
    list_display = ("number", "person", "service", "weekly_min", "retired_at")
    list_filter = ("service",)
    list_select_related = ("person", "service")
    search_fields = ("number", "person__display_name")
    autocomplete_fields = ("person",)


@admin.register(ShiftPattern)
class ShiftPatternAdmin(AuditedModelAdmin):
    list_display = ("code", "vehicle", "driver", "calendar", "hours", "break_lasts_min")
    list_filter = ("vehicle__service", "calendar")
    list_select_related = ("vehicle", "driver__person", "calendar")

    @admin.display(description=_("hours"), ordering="starts_min")
    def hours(self, row: ShiftPattern) -> str:
        return f"{clock_of(row.starts_min)}–{clock_of(row.ends_min)}"


class BreakInline(TabularInline):
    model = ShiftBreak
    extra = 0
    readonly_fields = ("begun_at",)


@admin.register(Shift)
class ShiftAdmin(Kept, AuditedModelAdmin):
    """A change of hours or driver reaches the dispatcher at once."""

    list_display = ("vehicle", "driver", "starts_at", "ends_at", "duty")
    list_filter = ("vehicle__service", "duty", "vehicle")
    list_select_related = ("vehicle", "driver__person")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    inlines = (BreakInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        always = ("duty", "started_at", "ended_at", "pattern")
        return (*always, "vehicle", "start_depot", "end_depot") if obj else always

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        shift: Shift = form.instance
        if not change:
            VehiclePlan.objects.get_or_create(shift=shift, defaults={"revised_at": clock.now()})
        touch_service(shift.vehicle.service)
