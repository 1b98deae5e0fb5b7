"""Detectors of fire, smoke and gas."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.base.admin import NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.hazards.admin.water import InMetres
from apps.hazards.models import Detector


@admin.register(Detector)
class DetectorAdmin(InMetres, NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "kind", "place", "threshold", "sounding_since")
    list_filter = ("kind", ("sounding_since", admin.EmptyFieldListFilter))
    search_fields = ("code", "names", "place")
    autocomplete_fields = ("datastream",)
    readonly_fields = ("sounding_since",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
