"""Tariffs: their rules as data, checked as they are typed in, with what stays would cost."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.parking.models import DiscountRight, Tariff, TariffAssignment
from apps.parking.services.explanations import money
from apps.parking.services.tariffs import examples


class PrettyJson(forms.JSONField):
    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2)


class AssignmentInline(TabularInline):
    model = TariffAssignment
    extra = 0
    autocomplete_fields = ("site",)


@admin.register(Tariff)
class TariffAdmin(NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "created_at")
    search_fields = ("code", "names")
    fields = ("code", "names", "rules", "costs")
    inlines = (AssignmentInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A tariff that bookings were made under stands still: add a new one instead."""
        if obj is not None and (obj.assignments.exists() or obj.reservations.exists()):
            return ("code", "rules", "costs")
        return ("costs",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "rules":
            return PrettyJson(
                label=db_field.verbose_name,
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 24, "spellcheck": "false"}),
                initial={"bands": [{"code": "day", "price": 500, "step_min": 10}]},
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Tariff, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = clock.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("what stays cost from now on"))
    def costs(self, tariff: Tariff) -> Any:
        if not tariff.rules:
            return "–"
        currency = tariff.read().currency
        rows = [
            (one["minutes"], money(one["price"], currency)) for one in examples(tariff, clock.now())
        ]
        return format_html_join("", "<div>{} min: {}</div>", rows)


@admin.register(DiscountRight)
class DiscountRightAdmin(AuditedModelAdmin):
    """Staff have seen the proof."""

    list_display = ("person", "discount", "valid_to_on", "created_at")
    list_filter = ("discount",)
    autocomplete_fields = ("person",)
    fields = ("person", "discount", "valid_to_on")

    def save_model(self, request: HttpRequest, obj: DiscountRight, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = clock.now()
        super().save_model(request, obj, form, change)
