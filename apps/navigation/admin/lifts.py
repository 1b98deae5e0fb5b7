"""Lifts and escalators on a map; staff may say how one is."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.admin import NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.navigation.models import Lift
from apps.navigation.services.lifts import set_lift_state


@admin.register(Lift)
class LiftAdmin(NamesMixin, MapAdmin):
    list_display = ("__str__", "code", "kind", "state", "state_since", "state_from", "datastream")
    list_filter = ("state", "kind")
    search_fields = ("code",)
    autocomplete_fields = ("datastream",)
    fields = (
        "code", "names", "kind", "geom", "osm_type", "osm_id", "datastream", "state",
        "state_since", "state_from",
    )  # fmt: skip
    readonly_fields = ("state", "state_since", "state_from")
    actions = ("say_working", "say_out")

    @admin.action(description=_("It works"), permissions=["change"])
    def say_working(self, request: HttpRequest, rows: QuerySet[Lift]) -> None:
        self._say(request, rows, Lift.State.WORKING)

    @admin.action(description=_("It is out of order"), permissions=["change"])
    def say_out(self, request: HttpRequest, rows: QuerySet[Lift]) -> None:
        self._say(request, rows, Lift.State.OUT)

    def _say(self, request: HttpRequest, rows: QuerySet[Lift], state: str) -> None:
        count = 0
        for lift in rows:
            set_lift_state(code=lift.code, state=state, said_by="staff", actor=str(request.user))
            count += 1
        text: Any = ngettext("%d lift.", "%d lifts.", count)
        messages.success(request, text % count)
