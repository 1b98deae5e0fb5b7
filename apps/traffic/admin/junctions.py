"""Junctions: where they stand, what they show, why they were told what."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base.admin import NamesMixin, ReadOnly
from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin
from apps.city.models import metres_of, the_city
from apps.traffic.models import Junction, JunctionState, SignalCommand, SignalGroup
from apps.traffic.services.control import switch_mode

DOTS = {"green": "●", "clearing": "◐", "red": "○"}  # full is go; told by shape, not by colour


class GroupInline(TabularInline):
    model = SignalGroup
    extra = 0
    fields = (
        "number", "names", "stream", "phase", "min_green_s", "clearance_s", "red_clear_s",
        "max_wait_s", "detector", "detector_m",
    )  # fmt: skip


@admin.register(Junction)
class JunctionAdmin(NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "mode", "shows", "health", "heard_at", "trouble")
    list_filter = ("mode", "state__health")
    list_select_related = ("state",)
    search_fields = ("code", "names")
    inlines = (GroupInline,)
    fields = (
        "code", "names", "mode", "controller", "spat_id", "stages", "conflicts", "shows", "health",
        "trouble", "latest", "geom",
    )  # fmt: skip
    readonly_fields = ("mode", "shows", "health", "heard_at", "trouble", "latest")
    layout_fields = ("controller", "stages", "conflicts")
    actions = ("leave_alone", "watch_in_shadow", "command")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a junction looks like is changed only while nobody commands it."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        if obj is not None and obj.mode != Junction.Mode.LOCAL:
            return (*fixed, *self.layout_fields)
        return fixed

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        obj.geom_m = metres_of(obj.geom, srid=the_city().srid)
        super().save_model(request, obj, form, change)

    @admin.display(description=_("shows"))
    def shows(self, junction: Junction) -> str:
        state = _state(junction)
        if state is None or state.health != JunctionState.Health.WELL:
            return "–"
        return " ".join(f"{group['group']}{DOTS[group['aspect']]}" for group in state.groups)

    @admin.display(description=_("health"))
    def health(self, junction: Junction) -> str:
        state = _state(junction)
        return str(state.get_health_display()) if state else "–"

    @admin.display(description=_("heard at"))
    def heard_at(self, junction: Junction) -> Any:
        state = _state(junction)
        return state.heard_at if state else None

    @admin.display(description=_("trouble"))
    def trouble(self, junction: Junction) -> str:
        state = _state(junction)
        return state.trouble or "–" if state else "–"

    @admin.display(description=_("latest decisions"))
    def latest(self, junction: Junction) -> str:
        rows = (
            (
                date_format(localtime(command.at), "H:i:s"),
                f"{command.stage}→{command.wanted}",
                command.why,
                command.get_outcome_display(),
            )
            for command in SignalCommand.objects.of(junction)[:10]
        )
        return format_html_join("", "<div>{} · {} · {} · {}</div>", rows) or "–"

    @admin.action(description=_("Leave to the controller's own programme"))
    def leave_alone(self, request: HttpRequest, rows: QuerySet[Junction]) -> None:
        self._switch(request, rows, Junction.Mode.LOCAL)

    @admin.action(description=_("Watch in shadow"))
    def watch_in_shadow(self, request: HttpRequest, rows: QuerySet[Junction]) -> None:
        self._switch(request, rows, Junction.Mode.SHADOW)

    @admin.action(description=_("Command (adaptive)"))
    def command(self, request: HttpRequest, rows: QuerySet[Junction]) -> None:
        self._switch(request, rows, Junction.Mode.ADAPTIVE)

    def _switch(self, request: HttpRequest, rows: QuerySet[Junction], mode: str) -> None:
        for junction in rows:
            try:
                switch_mode(junction=junction, mode=mode, actor=f"staff:{request.user.pk}")
            except Problem as problem:
                reasons = " ".join(str(text) for text in problem.errors.values())
                self.message_user(request, f"{junction}: {reasons}", messages.ERROR)
            else:
                self.message_user(request, gettext("%s is switched.") % junction, messages.SUCCESS)


def _state(junction: Junction) -> JunctionState | None:
    return getattr(junction, "state", None)


@admin.register(SignalCommand)
class SignalCommandAdmin(ReadOnly):
    """Read only: commands are appended by the process."""

    list_display = (
        "at",
        "junction",
        "stage",
        "wanted",
        "why",
        "cost",
        "cost_of_staying",
        "outcome",
    )
    list_filter = ("outcome", "junction")
    list_select_related = ("junction",)
    date_hierarchy = "at"
