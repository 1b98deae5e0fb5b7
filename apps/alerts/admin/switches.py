"""Policies agreed on beforehand, and the kill switch."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.alerts.models import Halt, Policy
from apps.alerts.services.halting import halt_alerts, release_alerts
from apps.base.admin import AuditedModelAdmin
from apps.base.problems import Problem
from apps.city.admin.maps import MapWidget


@admin.register(Policy)
class PolicyAdmin(AuditedModelAdmin):
    list_display = ("name", "kind", "severity_from", "certainty_from", "max_km2", "is_active")
    list_filter = ("kind", "is_active")
    exclude = ()

    class Media:
        css = MapWidget.Media.css
        js = MapWidget.Media.js

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "within":
            widget = MapWidget({"geom_type": "MULTIPOLYGON"})
            return db_field.formfield(widget=widget, required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Halt)
class HaltAdmin(AuditedModelAdmin):
    """Adding a row pulls the switch."""

    list_display = ("reason", "pulled_by", "pulled_at", "released_by", "released_at")
    fields = ("reason", "pulled_by", "pulled_at", "released_by", "released_at")
    readonly_fields = ("pulled_by", "pulled_at", "released_by", "released_at")
    actions = ("release",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Halt, form: Any, change: bool) -> None:
        made = halt_alerts(actor=str(request.user), reason=obj.reason)
        obj.pk = made.pk
        obj.refresh_from_db()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        try:
            return super().add_view(request, form_url, extra_context)
        except Problem as problem:
            messages.error(request, str(problem.detail))
            return self.changelist_view(request)

    @admin.action(description=_("Let alerts go out again"), permissions=["change"])
    def release(self, request: HttpRequest, _rows: QuerySet[Halt]) -> None:
        release_alerts(actor=str(request.user))
        messages.success(request, _("Alerts can go out again."))
