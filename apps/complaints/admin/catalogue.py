"""What can be reported, who exchanges with us, and what we hand out."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesField, NamesMixin, ReadOnly
from apps.city.admin.maps import MapAdmin
from apps.complaints.models import (
    ApiClient,
    Feedback,
    Jurisdiction,
    OpenDataFile,
    ResponseTemplate,
    Service,
    ServiceAttribute,
    ServiceGroup,
)
from apps.complaints.models.exchange import hash_of, new_key
from apps.complaints.services.provisioning import renew_key


class TextsMixin(NamesMixin):
    """For rows whose other fields are texts by language, too."""

    texts: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.texts:
            return NamesField(label=db_field.verbose_name, required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Jurisdiction)
class JurisdictionAdmin(MapAdmin):
    list_display = ("jurisdiction_id", "contact", "emergency_number")
    fields = ("jurisdiction_id", "contact", "key_service", "emergency_number", "area")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not Jurisdiction.objects.exists() and super().has_add_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ServiceGroup)
class ServiceGroupAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "rank")
    search_fields = ("code", "names")


class AttributeInline(TextsMixin, StackedInline):
    model = ServiceAttribute
    texts = ("hints",)
    extra = 0
    fields = ("code", "names", "hints", "datatype", "is_required", "is_variable", "order", "values")


@admin.register(Service)
class ServiceAdmin(TextsMixin, AuditedModelAdmin):
    texts = ("descriptions",)
    list_display = (
        "service_code", "__str__", "group", "department", "petition_class", "period_days",
        "is_public", "is_active",
    )  # fmt: skip
    list_filter = ("is_active", "group", "department", "petition_class")
    list_select_related = ("group", "department")
    search_fields = ("service_code", "names", "keywords")
    inlines = (AttributeInline,)
    fields = (
        "service_code", "names", "descriptions", "keywords", "group", "department",
        "petition_class", "period_days", "needs_place", "dedupe_radius_m", "is_public",
        "obstruction_kind", "type", "retention_days", "icon", "rank", "is_active",
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # What was reported under it stays; offer it no more instead.


@admin.register(ResponseTemplate)
class ResponseTemplateAdmin(TextsMixin, AuditedModelAdmin):
    texts = ("texts",)
    list_display = ("code", "state", "service")
    list_filter = ("state",)
    list_select_related = ("service",)
    fields = ("code", "names", "texts", "state", "service")


@admin.register(ApiClient)
class ApiClientAdmin(AuditedModelAdmin):
    list_display = ("code", "name", "contact", "may_update", "is_active")
    fields = ("code", "name", "contact", "may_update", "is_active")
    actions = ("renew",)

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        key = new_key()
        obj.key_hash, obj.created_at = hash_of(key), clock.now()
        super().save_model(request, obj, form, change)
        messages.warning(request, _("The key of %(code)s, shown this once: %(key)s")
                         % {"code": obj.code, "key": key})  # fmt: skip

    @admin.action(description=_("A new key; the old one ends"), permissions=["change"])
    def renew(self, request: HttpRequest, rows: QuerySet[ApiClient]) -> None:
        for client in rows:
            key = renew_key(client=client)
            self.audit(request, client, "key_renewed")
            messages.warning(request, _("The key of %(code)s, shown this once: %(key)s")
                             % {"code": client.code, "key": key})  # fmt: skip


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly):
    list_display = ("request", "score", "text", "reopened", "at")
    list_filter = ("score", "reopened")
    list_select_related = ("request",)
    date_hierarchy = "at"


@admin.register(OpenDataFile)
class OpenDataFileAdmin(ReadOnly):
    list_display = ("day_on", "format", "rows", "size_bytes")
    list_filter = ("format",)
