"""Staff's view of the foundation: work that failed, and the chain of staff actions."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.base import audit, work
from apps.base.models import AuditEntry, Media, Work, WorkQuerySet
from apps.base.problems import Problem


def say_problem(request: HttpRequest, problem: Problem) -> None:
    """On the next page: what is wrong, and with which fields."""
    said = [str(problem.detail or problem.title), *map(str, problem.errors.values())]
    messages.error(request, " ".join(said))


class ReadOnly(ModelAdmin):
    """Rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NamesWidget(forms.MultiWidget):
    """One line per language; the first is the name on the spot, without a language."""

    def __init__(self) -> None:
        self.languages = ["", *(code for code, _label in settings.LANGUAGES)]
        labels = {"": _("local"), **dict(settings.LANGUAGES)}
        super().__init__(
            {
                code or "local": UnfoldAdminTextInputWidget(attrs={"placeholder": labels[code]})
                for code in self.languages
            }
        )

    def decompress(self, value: Any) -> list[str]:
        names = json.loads(value) if isinstance(value, str) else value or {}
        return [names.get(language, "") for language in self.languages]


class NamesField(forms.MultiValueField):
    """Edits `names`, the JSON object of language → text (`apps.base.names`)."""

    widget = NamesWidget

    def __init__(self, **kwargs: Any) -> None:
        lines = [forms.CharField(required=False, max_length=200) for _l in NamesWidget().languages]
        super().__init__(lines, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return {
            language: text
            for language, text in zip(NamesWidget().languages, data_list, strict=False)
            if text
        }

    def has_changed(self, initial: Any, data: Any) -> bool:
        return dict(initial or {}) != self.compress(list(data or []))


class NamesMixin:
    """For a ModelAdmin whose rows have `names`."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "names":
            return NamesField(label=db_field.verbose_name, required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class AuditedModelAdmin(ModelAdmin):
    """What staff add, change or delete goes into the audit chain, in the same transaction.

    The chain is for ever: it names the fields that changed, never what they held.
    """

    def audit(self, request: HttpRequest, obj: Model, action: str, **detail: Any) -> None:
        """Record one staff action on `obj`; admin actions of one's own call it too."""
        label = obj._meta.label_lower  # noqa: SLF001 - Django's documented API
        audit.record(
            actor=str(request.user),
            action=f"{label}.{action}",
            subject=f"{label}:{getattr(obj, 'code', obj.pk)}",
            detail=detail,
        )

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.audit(request, obj, "added", what=message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self.audit(request, obj, "changed", what=message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self.audit(request, obj, "deleted")
        return super().log_deletions(request, queryset)


class ScopedModelAdmin(AuditedModelAdmin):
    """Rows by department or area: the model's QuerySet answers `visible_to(user)` and
    `permitted_to(user, action)` (`apps.accounts.models.ScopedQuerySet` does)."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).visible_to(request.user)
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._reaches(request, obj, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._reaches(request, obj, "delete")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nobody puts a row where their role doesn't reach: the transaction rolls back."""
        super().save_model(request, obj, form, change)
        if not self._reaches(request, obj, "change"):
            raise PermissionDenied

    def _reaches(self, request: HttpRequest, obj: Any, action: str) -> bool:
        if obj is None or obj.pk is None:
            return True
        rows = super().get_queryset(request).permitted_to(request.user, action)
        return bool(rows.filter(pk=obj.pk).exists())


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
