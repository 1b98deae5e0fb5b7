"""Staff's view of the foundation: work that failed, and the chain of staff actions."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from apps.base import work
from apps.base.models import AuditEntry, Media, Work, WorkQuerySet


class ReadOnly(ModelAdmin):
    """Rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Work)
class WorkAdmin(ReadOnly):
    list_display = ("kind", "key", "state", "attempts", "due_at", "last_error")
    list_filter = ("state", "kind")
    search_fields = ("key", "kind")
    actions = ("retry",)

    @admin.action(description=_("Try again"), permissions=["view"])
    def retry(self, request: HttpRequest, rows: WorkQuerySet) -> None:
        count = work.retry(rows)
        messages.success(
            request,
            ngettext("%d row will be tried again.", "%d rows will be tried again.", count) % count,
        )


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("number", "at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("actor", "subject")


@admin.register(Media)
class MediaAdmin(ReadOnly):
    list_display = ("code", "content_type", "size_bytes", "taken_at", "created_at")
