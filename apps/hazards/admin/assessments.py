"""The inbox: what threatens, most urgent first. From here an officer takes it, or warns people."""

from collections.abc import Callable
from types import MethodType
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from apps.accounts.models import Person
from apps.base.admin import ScopedModelAdmin
from apps.base.problems import Problem
from apps.city.admin.maps import MapWidget
from apps.hazards.events import assessment_buttons
from apps.hazards.models import Assessment
from apps.hazards.services.assessments import (
    Finding,
    assess,
    dismiss_assessment,
    take_assessment,
)

OWN_SOURCE = "staff"
COLOURS = {"new": "danger", "taken": "warning", "alerted": "info"}
SEVERITY_COLOURS = {"Extreme": "danger", "Severe": "danger", "Moderate": "warning"}
ORDER = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
FACTS = (
    "kind", "summary", "severity", "certainty", "urgency", "probability", "depth_m", "onset_at",
    "expires_at", "geom",
)  # fmt: skip


@admin.register(Assessment)
class AssessmentAdmin(ScopedModelAdmin):
    list_display = (
        "summary", "shown_state", "shown_severity", "certainty", "urgency", "kind", "source",
        "updated_at", "taken_by",
    )  # fmt: skip
    list_filter = ("state", "kind", "severity", "source")
    search_fields = ("summary", "reference")
    actions = ("take", "dismiss")
    fields = (*FACTS, "shown_evidence", "source", "reference", "revision", "state", "taken_by")
    readonly_fields = (
        "shown_evidence", "source", "reference", "revision", "state", "taken_by",
    )  # fmt: skip

    class Media:
        css = MapWidget.Media.css
        js = MapWidget.Media.js

    @property
    def actions_detail(self) -> list[str]:
        """Buttons that other apps put on an assessment's page (`hazards.events`)."""
        return assessment_buttons.kinds()

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        return [
            action
            for name, action in zip(
                self.actions_detail, super().get_actions_detail(request, object_id), strict=True
            )
            if request.user.has_perm(assessment_buttons.load(name).permission)
        ]

    def _get_instance_method(self, name: str) -> Callable[..., Any]:
        """Where unfold looks for a button's function: ours stand in a registry."""
        button = assessment_buttons.load(name)

        @action(description=button.label)
        def press(inbox: AssessmentAdmin, request: HttpRequest, object_id: int) -> HttpResponse:
            if not request.user.has_perm(button.permission):
                raise PermissionDenied
            assessment = get_object_or_404(inbox.get_queryset(request), pk=object_id)
            return button.press(request, assessment)

        return MethodType(press, self)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Open ones first, the most severe on top."""
        rank = Case(
            *(When(severity=name, then=Value(n)) for n, name in enumerate(ORDER)),
            output_field=IntegerField(),
        )
        is_open = Case(When(state__in=Assessment.OPEN, then=Value(0)), default=Value(1))
        rows = super().get_queryset(request).defer("geom_m").select_related("taken_by")
        return rows.order_by(is_open, rank, "-updated_at")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "geom":
            return db_field.formfield(widget=MapWidget({"geom_type": "MULTIPOLYGON"}))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("state"), label=COLOURS)
    def shown_state(self, row: Assessment) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("severity"), label=SEVERITY_COLOURS)
    def shown_severity(self, row: Assessment) -> tuple[str, str]:
        return row.severity, row.get_severity_display()

    @admin.display(description=_("evidence"))
    def shown_evidence(self, row: Assessment) -> SafeString | str:
        if not row.evidence:
            return "–"
        return format_html("<ul>{}</ul>", format_html_join("", "{}", map(_fact, row.evidence)))

    def save_model(
        self, request: HttpRequest, obj: Assessment, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Entered by hand, or corrected: through the same door as the sensors' own."""
        kept = assess(
            source=obj.source if change else OWN_SOURCE,
            reference=obj.reference if change else obj.code.hex,
            finding=Finding(
                **{name: getattr(obj, name) for name in FACTS if name != "geom"},
                geom=obj.geom,
                evidence=obj.evidence,
            ),
            actor=str(request.user),
        )
        obj.pk = kept.pk
        obj.refresh_from_db()

    @admin.action(description=_("I am on it"), permissions=["change"])
    def take(self, request: HttpRequest, rows: QuerySet[Assessment]) -> None:
        person: Person | None = getattr(request.user, "person", None)
        self._each(request, rows, lambda **who: take_assessment(person=person, **who))

    @admin.action(description=_("No danger: dismiss"), permissions=["change"])
    def dismiss(self, request: HttpRequest, rows: QuerySet[Assessment]) -> None:
        self._each(request, rows, dismiss_assessment)

    def _each(
        self, request: HttpRequest, rows: QuerySet[Assessment], move: Callable[..., Any]
    ) -> None:
        for row in rows:
            try:
                move(code=str(row.code), actor=str(request.user))
                messages.success(request, str(row))
            except Problem as problem:
                messages.error(request, f"{row}: {problem.detail or problem.title}")


def _fact(one: dict[str, Any]) -> tuple[SafeString]:
    """One thing that speaks for it; a still is fetched by whoever looks, and the look noted."""
    line = format_html(
        "{}: <strong>{} {}</strong> {}",
        one.get("title", ""), one.get("value", ""), one.get("unit", ""), one.get("at", ""),
    )  # fmt: skip
    if one.get("link"):
        line = format_html('<a class="underline" href="{}">{}</a>', one["link"], line)
    if one.get("picture"):
        picture = format_html(
            '<img src="{}" alt="{}" loading="lazy" style="max-width:40rem;width:100%">',
            one["picture"], one.get("title", ""),
        )  # fmt: skip
        line = format_html("{}<br>{}", line, picture)
    return (format_html("<li>{}</li>", line),)
