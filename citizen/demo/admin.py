"""Buttons that make something happen in the demo town; they are there in the demo only."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from apps.base.admin import ReadOnly
from citizen.demo import happenings
from citizen.demo.models import Happening


class HappeningAdmin(ReadOnly):
    list_display = ("kind", "starts_at", "ends_at", "hours", "mm")
    list_filter = ("kind",)
    actions_list = ("flood", "weaken", "burn", "turn", "fall", "end")

    @action(description=_("Let the river flood"), permissions=["happen"])
    def flood(self, request: HttpRequest) -> HttpResponse:
        return self._begin(request, Happening.Kind.STORM)

    @action(description=_("Let the old school weaken"), permissions=["happen"])
    def weaken(self, request: HttpRequest) -> HttpResponse:
        return self._begin(request, Happening.Kind.WEAK_WALL)

    @action(description=_("Let the market burn"), permissions=["happen"])
    def burn(self, request: HttpRequest) -> HttpResponse:
        return self._begin(request, Happening.Kind.FIRE)

    @action(description=_("Turn the car park's camera"), permissions=["happen"])
    def turn(self, request: HttpRequest) -> HttpResponse:
        return self._begin(request, Happening.Kind.CAMERA_TURNED)

    @action(description=_("Let somebody fall on the crossing"), permissions=["happen"])
    def fall(self, request: HttpRequest) -> HttpResponse:
        return self._begin(request, Happening.Kind.PERSON_DOWN)

    @action(description=_("End it all"), permissions=["happen"])
    def end(self, request: HttpRequest) -> HttpResponse:
        happenings.end_all()
        return redirect("admin:demo_happening_changelist")

    def has_happen_permission(self, request: HttpRequest, *_more: Any) -> bool:
        return bool(request.user.has_perm("demo.change_happening"))

    def _begin(self, request: HttpRequest, kind: str) -> HttpResponse:
        messages.success(request, str(happenings.start(kind)))
        return redirect("admin:demo_happening_changelist")


if settings.DEMO:
    admin.site.register(Happening, HappeningAdmin)
