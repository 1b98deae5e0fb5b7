"""Departments and roles."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Count, ManyToManyField, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Department, Role
from apps.base.admin import AuditedModelAdmin, NamesMixin


@admin.register(Department)
class DepartmentAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "parent", "staff_count", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("parent",)
    search_fields = ("code", "names")
    fields = ("code", "names", "parent", "is_active")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        rows: QuerySet[Department] = super().get_queryset(request)
        return rows.annotate(members=Count("memberships__user", distinct=True))

    @admin.display(description=_("staff"), ordering="members")
    def staff_count(self, department: Any) -> int:
        return int(department.members)


_MAY = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}


class PermissionsField(forms.ModelMultipleChoiceField[Permission]):
    """Permissions in the language of who reads them; the database has their names in English."""

    def label_from_instance(self, permission: Permission) -> str:
        what = permission.content_type
        verb, __, model = permission.codename.partition("_")
        named = _MAY.get(verb) if model == what.model else None
        return f"{what.app_labeled_name} | {named or gettext(permission.name)}"


@admin.register(Role)
class RoleAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "reach")
    list_filter = ("reach",)
    search_fields = ("code", "names")
    fields = ("code", "names", "reach", "permissions")
    filter_horizontal = ("permissions",)

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "permissions":
            kwargs["form_class"] = PermissionsField
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
