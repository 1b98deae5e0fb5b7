"""Buildings under watch, what was heard of them, and the orders to go and look."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesMixin, ReadOnly
from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin
from apps.hazards.models import InspectionOrder, Structure, StructureSensor, StructureWindow
from apps.hazards.selectors.charts import peaks
from apps.hazards.services.inspections import close_order
from apps.hazards.services.provisioning import in_metres
from apps.hazards.services.structure_baselines import learn_baseline

HEALTHY = timedelta(days=365)


class SensorInline(TabularInline):
    model = StructureSensor
    extra = 0
    autocomplete_fields = ("datastream",)


@admin.register(Structure)
class StructureAdmin(NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "line", "concern", "height_m", "learned_at", "analysed_to")
    list_filter = ("concern", "line")
    search_fields = ("code", "names")
    inlines = (SensorInline,)
    actions = ("learn",)
    fields = (
        "chart", "concern", "code", "names", "line", "built_year", "height_m", "footprint",
        "rate_hz", "window_s", "tilt_limit_deg", "known_hz", "learned_at", "analysed_to",
    )  # fmt: skip
    readonly_fields = ("chart", "concern", "learned_at", "analysed_to")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Structure, form: Any, change: bool) -> None:
        obj.geom_m = in_metres(obj.footprint)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("peaks beside their guide value"))
    def chart(self, structure: Structure) -> SafeString | str:
        if structure._state.adding:  # noqa: SLF001 - Django's documented API
            return "–"
        return mark_safe(peaks(structure))  # noqa: S308 - escaped where it is drawn

    @admin.action(
        description=_("Learn what is usual from the last year, held to be healthy"),
        permissions=["change"],
    )
    def learn(self, request: HttpRequest, rows: QuerySet[Structure]) -> None:
        now = clock.now()
        for structure in rows:
            try:
                learn_baseline(
                    structure=structure, since=now - HEALTHY, to=now, actor=str(request.user)
                )
                messages.success(request, _("%s: learned.") % structure)
            except Problem as problem:
                reasons = ", ".join(map(str, problem.errors.values())) or problem.detail
                messages.error(request, f"{structure}: {reasons}")


@admin.register(StructureWindow)
class StructureWindowAdmin(ReadOnly):
    list_display = (
        "structure", "at", "velocity_mm_s", "guide_mm_s", "frequencies_hz", "temperature_c",
        "distance", "novel", "flaw",
    )  # fmt: skip
    list_filter = ("structure", "novel")
    list_select_related = ("structure",)
    date_hierarchy = "at"


class OrderForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean_found(self) -> str:
        found = str(self.cleaned_data["found"]).strip()
        if not found:
            raise forms.ValidationError(_("Say what was found."))
        return found


@admin.register(InspectionOrder)
class InspectionOrderAdmin(AuditedModelAdmin):
    """Saving what was found closes the order."""

    form = OrderForm
    list_display = ("structure", "reason", "opened_at", "closed_at", "closed_by")
    list_filter = ("structure", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("structure", "closed_by")
    fields = (
        "structure",
        "reason",
        "shown_evidence",
        "opened_at",
        "found",
        "closed_at",
        "closed_by",
    )
    readonly_fields = (
        "structure",
        "reason",
        "shown_evidence",
        "opened_at",
        "closed_at",
        "closed_by",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        closed = obj is not None and obj.closed_at is not None
        return not closed and super().has_change_permission(request, obj)

    @admin.display(description=_("evidence"))
    def shown_evidence(self, order: InspectionOrder) -> str:
        return "; ".join(
            f"{fact['title']}: {fact['value']} {fact.get('unit', '')}".strip()
            for fact in order.evidence
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        close_order(
            order=obj, found=obj.found, person=getattr(user, "person", None), actor=str(user)
        )
        obj.refresh_from_db()
