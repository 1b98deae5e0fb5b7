"""Devices that excluded themselves, what citizens said, and what staff decide for a while."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.base import clock
from apps.base.admin import ReadOnly
from apps.base.problems import Problem
from apps.parking.models import CitizenReport, Exclusion, Override
from apps.parking.services.overrides import (
    end_override,
    override_count,
    override_feed,
)

BELIEVED_FOR = timedelta(days=1)


class Present(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "present"

    def lookups(self, *_arguments: Any) -> list[tuple[str, Any]]:
        return [("yes", _("excluded at present")), ("no", _("back"))]

    def queryset(self, _request: HttpRequest, rows: Any) -> Any:
        if self.value() == "yes":
            return rows.open()
        return rows.exclude(back_at=None) if self.value() == "no" else rows


@admin.register(Exclusion)
class ExclusionAdmin(ReadOnly):
    list_display = ("device", "site", "reason", "excluded_at", "back_at", "good_rounds")
    list_filter = (Present, "reason")
    list_select_related = ("feed__datastream__gateway", "feed__pool__site")
    search_fields = ("feed__datastream__code", "feed__pool__site__code")
    actions = ("believe",)

    @admin.display(description=_("device"), ordering="feed__datastream__code")
    def device(self, row: Exclusion) -> str:
        return str(row.feed.datastream)

    @admin.display(description=_("site"), ordering="feed__pool__site__code")
    def site(self, row: Exclusion) -> str:
        return str(row.feed.pool.site)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("parking.add_override"))

    @admin.action(description=_("Believe it for a day"), permissions=["act"])
    def believe(self, request: HttpRequest, rows: QuerySet[Exclusion]) -> None:
        for row in rows:
            override_feed(
                feed=row.feed, believe=True, reason=str(_("Believed by staff")),
                actor=str(request.user), expires_at=clock.now() + BELIEVED_FOR,
            )  # fmt: skip
        done = rows.count()
        messages.success(request, ngettext("%d device.", "%d devices.", done) % done)


@admin.register(CitizenReport)
class CitizenReportAdmin(ReadOnly):
    list_display = ("pool", "says", "reported_at")
    list_filter = ("says",)
    list_select_related = ("pool__site",)
    exclude = ("reporter",)


class OverrideForm(forms.ModelForm[Override]):
    hours = forms.IntegerField(
        label=_("for how many hours"),
        min_value=1,
        max_value=30 * 24,
        initial=2,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    class Meta:
        model = Override
        fields = ("kind", "pool", "feed", "occupied", "reason")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        counts = data.get("kind") == Override.Kind.COUNT
        for name, wanted in (("pool", counts), ("occupied", counts), ("feed", not counts)):
            if wanted and data.get(name) is None:
                self.add_error(name, _("This is needed."))
            if not wanted:
                data[name] = None
        pool, occupied = data.get("pool"), data.get("occupied")
        if pool is not None and occupied is not None and occupied > pool.total:
            self.add_error("occupied", _("Between 0 and the number of spaces."))
        return data

    def _post_clean(self) -> None:
        """The service writes the row; there is nothing of it to check yet."""


@admin.register(Override)
class OverrideAdmin(ModelAdmin):
    """Everything goes through the services, which write the audit chain."""

    form = OverrideForm
    list_display = (
        "kind", "target", "occupied", "reason", "set_by", "starts_at", "expires_at", "ended_at",
    )  # fmt: skip
    list_filter = ("kind",)
    list_select_related = ("pool__site", "feed__datastream__gateway")
    autocomplete_fields = ("feed",)
    actions = ("end",)

    @admin.display(description=_("what"))
    def target(self, row: Override) -> str:
        return str(row.feed.datastream if row.feed else row.pool)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("parking.add_override"))

    def save_model(self, request: HttpRequest, obj: Override, form: Any, change: bool) -> None:
        data = form.cleaned_data
        until = clock.now() + timedelta(hours=data["hours"])
        who: dict[str, Any] = {
            "reason": data["reason"], "actor": str(request.user), "expires_at": until,
        }  # fmt: skip
        if data["kind"] == Override.Kind.COUNT:
            made = override_count(pool=data["pool"], occupied=data["occupied"], **who)
        else:
            believe = data["kind"] == Override.Kind.INCLUDE
            made = override_feed(feed=data["feed"], believe=believe, **who)
        obj.pk = made.pk

    @admin.action(description=_("End now"), permissions=["act"])
    def end(self, request: HttpRequest, rows: QuerySet[Override]) -> None:
        for row in rows:
            try:
                end_override(override=row, actor=str(request.user))
            except Problem as problem:
                messages.error(request, str(problem.detail or problem.title))
