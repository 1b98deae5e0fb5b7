"""What is in the way: staff enter, confirm, close and refuse it through the services."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin
from apps.city.models import Obstruction
from apps.city.services.obstructions import (
    Facts,
    close_obstruction,
    confirm_obstruction,
    open_obstruction,
    refuse_obstruction,
)

OWN_SOURCE = "staff"


@admin.register(Obstruction)
class ObstructionAdmin(MapAdmin):
    list_display = ("kind", "state", "certainty", "valid_from", "valid_to", "source", "reference")
    list_filter = ("state", "kind", "source")
    search_fields = ("reference", "description")
    date_hierarchy = "valid_from"
    actions = ("confirm", "close", "refuse")
    fields = (
        "kind", "description", "geom", "depth_m", "width_left_m", "stops", "certainty",
        "valid_from", "valid_to",
    )  # fmt: skip

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "stops":
            return forms.MultipleChoiceField(
                choices=Obstruction.Stops.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
                label=db_field.verbose_name,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was in the way is closed, not wiped out."""
        return False

    def save_model(self, request: HttpRequest, obj: Obstruction, form: Any, change: bool) -> None:
        """Staff saw it: it is confirmed."""
        kept = open_obstruction(
            source=obj.source if change else OWN_SOURCE,
            reference=obj.reference if change else uuid.uuid4().hex,
            facts=Facts(
                kind=obj.kind,
                geom=obj.geom,
                depth_m=obj.depth_m,
                width_left_m=obj.width_left_m,
                stops=obj.stops,
                certainty=obj.certainty,
                valid_from=obj.valid_from,
                valid_to=obj.valid_to,
                description=obj.description,
                photo=obj.photo,
            ),
            actor=str(request.user),
            confirmed=True,
        )
        obj.pk = kept.pk
        obj.refresh_from_db()

    @admin.action(description=_("Confirm"), permissions=["change"])
    def confirm(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, confirm_obstruction)

    @admin.action(description=_("Over: close"), permissions=["change"])
    def close(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, close_obstruction)

    @admin.action(description=_("Not true: refuse"), permissions=["change"])
    def refuse(self, request: HttpRequest, rows: QuerySet[Obstruction]) -> None:
        self._each(request, rows, refuse_obstruction)

    def _each(
        self, request: HttpRequest, rows: QuerySet[Obstruction], move: Callable[..., Obstruction]
    ) -> None:
        done = 0
        for obstruction in rows:
            try:
                move(code=obstruction.code, actor=str(request.user))
                done += 1
            except Problem as problem:
                messages.error(request, f"{obstruction}: {problem.detail}")
        messages.success(request, ngettext("%d obstruction.", "%d obstructions.", done) % done)
