"""The city row and its special days."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.models import CalendarDay, City
from apps.city.services.founding import change_map, measure_again


@admin.register(City)
class CityAdmin(NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "srid", "time_zone")
    fields = (
        "code", "names", "country", "languages", "time_zone", "srid", "centre", "bounds",
        "attribution",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: City, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "srid" in form.changed_data:
            measure_again()
        change_map()


@admin.register(CalendarDay)
class CalendarDayAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("day_on", "kind", "__str__")
    list_filter = ("kind",)
    date_hierarchy = "day_on"
