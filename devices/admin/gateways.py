"""Gateways and their keys. A key is on one page, once; afterwards nobody can read it again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base.admin import AuditedModelAdmin, NamesMixin
from devices.models import Gateway, GatewayKey
from devices.services import gateways


class KeyInline(TabularInline):
    model = GatewayKey
    extra = 0
    fields = readonly_fields = ("hint", "created_at", "ended_at")
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Gateway)
class GatewayAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "active", "live_keys", "created_at")
    list_filter = ("active",)
    search_fields = ("code", "names")
    inlines = (KeyInline,)
    actions = ("give_new_key", "end_all_keys", "stop", "start")
    fields = ("code", "names", "active", "created_at")
    readonly_fields = ("active", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "code") if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Its observations stay; stop it instead.

    @admin.display(description=_("live keys"))
    def live_keys(self, gateway: Gateway) -> int:
        return gateway.keys.live().count()

    def save_model(self, request: HttpRequest, obj: Gateway, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, key = gateways.create_gateway(code=obj.code, names=obj.names, actor=str(request.user))
        obj.pk, obj.created_at = made.pk, made.created_at
        request.META["devices.new_key"] = key  # for the page that follows, and nowhere else

    def response_add(
        self, request: HttpRequest, obj: Gateway, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._show_key(request, obj, request.META.pop("devices.new_key"))

    @admin.action(description=_("Give a new key"), permissions=["change"])
    def give_new_key(self, request: HttpRequest, rows: QuerySet[Gateway]) -> HttpResponse | None:
        if rows.count() != 1:
            messages.error(request, _("Choose one gateway: its key is shown once."))
            return None
        gateway = rows.get()
        return self._show_key(
            request, gateway, gateways.rotate_key(gateway=gateway, actor=str(request.user))
        )

    @admin.action(description=_("End all keys now"), permissions=["change"])
    def end_all_keys(self, request: HttpRequest, rows: QuerySet[Gateway]) -> None:
        for key in GatewayKey.objects.live().filter(gateway__in=rows).select_related("gateway"):
            gateways.end_key(key=key, actor=str(request.user))

    @admin.action(description=_("Stop listening"), permissions=["change"])
    def stop(self, request: HttpRequest, rows: QuerySet[Gateway]) -> None:
        for gateway in rows:
            gateways.set_active(gateway=gateway, active=False, actor=str(request.user))

    @admin.action(description=_("Listen again"), permissions=["change"])
    def start(self, request: HttpRequest, rows: QuerySet[Gateway]) -> None:
        for gateway in rows:
            gateways.set_active(gateway=gateway, active=True, actor=str(request.user))

    def _show_key(self, request: HttpRequest, gateway: Gateway, key: str) -> HttpResponse:
        page = TemplateResponse(
            request,
            "devices/new_key.html",
            {
                **self.admin_site.each_context(request),
                "title": _("A new key"),
                "gateway": gateway,
                "key": key,
                "opts": self.opts,
            },
        )
        add_never_cache_headers(page)
        return page
