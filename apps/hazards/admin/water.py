"""Reaches and underpasses; where they are wet at which stage."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.base.admin import NamesMixin
from apps.city.admin.maps import MapAdmin, ShownMapAdmin
from apps.hazards.models import InundationStep, Reach, Underpass
from apps.hazards.services.provisioning import in_metres


class InMetres:
    """Keeps the projected twin beside what staff drew."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.geom_m = in_metres(obj.geom)
        super().save_model(request, obj, form, change)  # type: ignore[misc]


@admin.register(Reach)
class ReachAdmin(InMetres, NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "station", "steps_computed", "built_at", "terrain", "holes")
    list_select_related = ("station",)
    readonly_fields = ("built_at", "terrain", "holes")

    @admin.display(description=_("steps"))
    def steps_computed(self, reach: Reach) -> int:
        return reach.steps.count()


@admin.register(InundationStep)
class InundationStepAdmin(ShownMapAdmin):
    list_display = ("reach", "depth_m", "discharge_m3_s", "area_m2")
    list_filter = ("reach",)
    list_select_related = ("reach",)
    fields = ("reach", "depth_m", "discharge_m3_s", "area_m2", "where")
    readonly_fields = ("where",)

    def get_queryset(self, request: Any) -> Any:
        return super(ShownMapAdmin, self).get_queryset(request)


@admin.register(Underpass)
class UnderpassAdmin(InMetres, NamesMixin, MapAdmin):
    list_display = (
        "code", "__str__", "station", "closed_from_m", "drains_km2", "pumps_m3_s", "computed_m",
        "foreseen_m",
    )  # fmt: skip
    list_select_related = ("station",)
    readonly_fields = ("computed_m", "foreseen_m", "computed_at")
