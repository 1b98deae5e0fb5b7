"""What may be asked of junctions: patterns by staff, green by gateways that were granted it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.traffic.models import PatternOrder, PriorityGrant, PriorityRequest, VehicleKind
from apps.traffic.services.control import LONGEST_ORDER, end_pattern, order_pattern


class PatternOrderForm(forms.ModelForm[PatternOrder]):
    class Meta:
        model = PatternOrder
        fields = ("junction", "pattern", "until")

    def clean(self) -> dict[str, Any]:
        """The same rules as the service's, told at their fields."""
        cleaned: dict[str, Any] = super().clean() or {}
        junction, until, now = cleaned.get("junction"), cleaned.get("until"), clock.now()
        if junction is not None and cleaned.get("pattern") not in junction.patterns:
            self.add_error("pattern", _("This pattern may not be ordered here."))
        if until is not None and not now < until <= now + LONGEST_ORDER:
            self.add_error("until", _("Within twelve hours from now."))
        return cleaned


@admin.register(PatternOrder)
class PatternOrderAdmin(ModelAdmin):
    form = PatternOrderForm
    list_display = ("junction", "pattern", "until", "ordered_by")
    list_select_related = ("junction",)

    def save_model(self, request: HttpRequest, obj: PatternOrder, form: Any, change: bool) -> None:
        order_pattern(
            junction=obj.junction, pattern=obj.pattern, until=obj.until,
            actor=f"staff:{request.user.pk}",
        )  # fmt: skip

    def delete_model(self, request: HttpRequest, obj: PatternOrder) -> None:
        end_pattern(junction=obj.junction, actor=f"staff:{request.user.pk}")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[PatternOrder]) -> None:
        for order in queryset.select_related("junction"):
            self.delete_model(request, order)


class PriorityGrantForm(forms.ModelForm[PriorityGrant]):
    kinds = forms.MultipleChoiceField(
        label=_("kinds"),
        choices=VehicleKind.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )

    class Meta:
        model = PriorityGrant
        fields = ("gateway", "kinds")


@admin.register(PriorityGrant)
class PriorityGrantAdmin(AuditedModelAdmin):
    form = PriorityGrantForm
    list_display = ("gateway", "kinds")
    list_select_related = ("gateway",)


@admin.register(PriorityRequest)
class PriorityRequestAdmin(ReadOnly):
    list_display = ("asked_at", "junction", "number", "kind", "reference", "arrives_at", "ended_at")
    list_filter = ("kind", "junction")
    list_select_related = ("junction",)
    date_hierarchy = "asked_at"
