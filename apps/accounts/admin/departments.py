"""Departments and roles."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
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


@admin.register(Role)
class RoleAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "reach")
    list_filter = ("reach",)
    search_fields = ("code", "names")
    fields = ("code", "names", "reach", "permissions")
    filter_horizontal = ("permissions",)
