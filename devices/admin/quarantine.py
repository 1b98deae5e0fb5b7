"""Rows kept apart, the reason, and what staff can do about them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.admin import ReadOnly
from devices.ingest.speaker import UnknownGateway
from devices.models import Quarantine
from devices.services import quarantine


@admin.register(Quarantine)
class QuarantineAdmin(ReadOnly):
    list_display = ("received_at", "gateway", "datastream", "code", "detail", "state")
    list_filter = ("state", "code", "gateway")
    list_select_related = ("gateway", "datastream__gateway")
    fields = (
        "received_at", "gateway", "datastream", "code", "detail", "raw", "state", "decided_at",
    )  # fmt: skip
    actions = ("replay", "discard")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("devices.change_quarantine")

    @admin.action(description=_("Replay: judge them again"), permissions=["decide"])
    def replay(self, request: HttpRequest, rows: Any) -> None:
        asked = rows.waiting().count()
        try:
            taken = quarantine.replay(rows, actor=str(request.user))
        except UnknownGateway:
            messages.error(request, _("One of the gateways is stopped. Start it first."))
            return
        text = ngettext("%d row was taken.", "%d rows were taken.", taken) % taken
        if taken < asked:
            text += " " + str(_("The others still cannot be believed."))
        messages.success(request, text)

    @admin.action(description=_("Discard"), permissions=["decide"])
    def discard(self, request: HttpRequest, rows: Any) -> None:
        gone = quarantine.discard(rows, actor=str(request.user))
        messages.success(request, ngettext("%d row is let go.", "%d rows are let go.", gone) % gone)
