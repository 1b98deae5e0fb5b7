"""Junctions: where they stand, what they show, why they were told what."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.base import clock
from apps.base.admin import NamesMixin
from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin
from apps.city.models import metres_of, the_city
from apps.traffic.models import (
    Junction,
    JunctionState,
    PatternOrder,
    PriorityRequest,
    SignalCommand,
    SignalGroup,
)
from apps.traffic.selectors.control import strategy_report
from apps.traffic.services.control import switch_mode

DOTS = {"green": "●", "clearing": "◐", "red": "○"}  # full is go; told by shape, not by colour


class GroupInline(NamesMixin, TabularInline):
    model = SignalGroup
    extra = 0
    fields = (
        "number", "names", "stream", "phase", "min_green_s", "clearance_s", "red_clear_s",
        "max_wait_s", "detector", "detector_m", "approach",
    )  # fmt: skip
    raw_id_fields = ("approach",)


@admin.register(Junction)
class JunctionAdmin(NamesMixin, MapAdmin):
    list_display = (
        "code",
        "__str__",
        "mode",
        "shows",
        "health",
        "preempted",
        "heard_at",
        "trouble",
    )
    list_filter = ("mode", "state__health")
    list_select_related = ("state",)
    search_fields = ("code", "names")
    inlines = (GroupInline,)
    readonly_fields = (
        "mode", "shows", "health", "preempted", "heard_at", "trouble", "ordered", "coming",
        "latest", "detectors", "report", "stages_shown", "conflicts_shown",
    )  # fmt: skip
    actions = ("leave_alone", "watch_in_shadow", "command")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What it does comes first, then what it is. That is changed only while nobody commands
        it."""
        is_open = obj is None or obj.mode == Junction.Mode.LOCAL
        layout = ("stages", "conflicts") if is_open else ("stages_shown", "conflicts_shown")
        what_it_is = (_("What it is"), {"fields": (
            "code", "names", "controller", "told_by", "spat_id", *layout, "patterns", "geom",
        )})  # fmt: skip
        if obj is None:
            return (what_it_is,)
        return (
            (_("Now"), {"fields": (
                "mode", "shows", "health", "trouble", "preempted", "heard_at", "ordered", "coming",
            )}),
            (_("What it decided, and why"), {"fields": ("latest",)}),
            (_("What it sees and what the strategy has brought"), {
                "fields": ("detectors", "report"),
            }),
            what_it_is,
        )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        is_open = obj is None or obj.mode == Junction.Mode.LOCAL
        return fixed if is_open else (*fixed, "controller")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("stages", "conflicts", "patterns"):
            kwargs["widget"] = UnfoldAdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("stages"))
    def stages_shown(self, junction: Junction) -> str:
        return " · ".join(f"{n}: {_numbers(stage)}" for n, stage in enumerate(junction.stages))

    @admin.display(description=_("conflicts"))
    def conflicts_shown(self, junction: Junction) -> str:
        return ", ".join(f"{first}–{second}" for first, second in junction.conflicts)

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

    @admin.display(description=_("preemption"))
    def preempted(self, junction: Junction) -> str:
        """While one runs the strategy stands aside. SPaT from elsewhere does not number them."""
        state = _state(junction)
        if state is None or not state.preempted:
            return "–"
        numbers = ", ".join(str(number) for number in state.preempted if number)
        return gettext("runs: %s") % numbers if numbers else gettext("runs")

    @admin.display(description=_("heard at"))
    def heard_at(self, junction: Junction) -> Any:
        state = _state(junction)
        if state is None or state.heard_at is None:
            return None
        return date_format(localtime(state.heard_at), "DATETIME_FORMAT")

    @admin.display(description=_("trouble"))
    def trouble(self, junction: Junction) -> str:
        state = _state(junction)
        return state.trouble or "–" if state else "–"

    @admin.display(description=_("ordered pattern"))
    def ordered(self, junction: Junction) -> str:
        order = PatternOrder.objects.filter(junction=junction, until__gt=clock.now()).first()
        if order is None:
            return "–"
        until = date_format(localtime(order.until), "H:i")
        return gettext("pattern %(number)d until %(until)s") % {
            "number": order.pattern, "until": until,
        }  # fmt: skip

    @admin.display(description=_("vehicles that ask for green"))
    def coming(self, junction: Junction) -> str:
        rows = PriorityRequest.objects.filter(junction=junction, ended_at=None)
        shown = (
            (row.get_kind_display(), row.reference, row.number,
             date_format(localtime(row.arrives_at), "H:i:s"))
            for row in rows.order_by("arrives_at")[:10]
        )  # fmt: skip
        return format_html_join("", "<div>{} {} → {} · {}</div>", shown) or "–"

    @admin.display(description=_("latest decisions, and why"))
    def latest(self, junction: Junction) -> str:
        rows = [
            (
                date_format(localtime(command.at), "H:i:s"),
                f"{command.stage} → {command.wanted}",
                _in_words(command.why),
                _vehicle_seconds(command.cost),
                _vehicle_seconds(command.cost_of_staying),
                command.get_outcome_display(),
            )
            for command in SignalCommand.objects.of(junction)[:12]
        ]
        heads = (_("at"), _("stage"), _("why"), _("waiting if so"), _("waiting if it stayed"),
                 _("outcome"))  # fmt: skip
        return _table(heads, rows)

    @admin.display(description=_("detectors"))
    def detectors(self, junction: Junction) -> str:
        rows = [
            (
                watch.detector,
                round(watch.count),
                "–" if watch.occupancy is None else f"{100 * watch.occupancy:.0f} %",
                watch.get_alarm_display() or gettext("as usual"),
                date_format(localtime(watch.alarm_since), "H:i") if watch.alarm_since else "",
            )
            for watch in junction.watches.order_by("detector")
        ]
        heads = (_("detector"), _("vehicles this quarter of an hour"), _("occupancy"), _("state"),
                 _("since"))  # fmt: skip
        return _table(heads, rows)

    @admin.display(description=_("what the strategy has brought"))
    def report(self, junction: Junction) -> str:
        """Before and after, hour by hour of the same kind of day, with a 95 % interval."""
        found = strategy_report(junction)
        if found is None:
            return gettext("Not enough days under both to compare yet.")
        sure = (
            gettext("sure") if found.is_sure else gettext("not sure: the interval has zero in it")
        )
        between = f"{_share(found.low)} – {_share(found.high)}"
        rows = [
            (gettext("delay of a vehicle"), f"{found.before_s:.1f} s", f"{found.after_s:.1f} s"),
            (gettext("saved"), "", f"{_share(found.cut)} ({between}), {sure}"),
            (gettext("longest wait of a walker"), f"{found.walker_longest_before_s:.0f} s",
             f"{found.walker_longest_after_s:.0f} s"),
            (gettext("days"), found.days_before_n, found.days_after_n),
        ]  # fmt: skip
        return _table(("", _("before"), _("under command")), rows)

    @admin.action(description=_("Leave to the controller's own programme"), permissions=["change"])
    def leave_alone(self, request: HttpRequest, rows: QuerySet[Junction]) -> None:
        self._switch(request, rows, Junction.Mode.LOCAL)

    @admin.action(description=_("Watch in shadow"), permissions=["change"])
    def watch_in_shadow(self, request: HttpRequest, rows: QuerySet[Junction]) -> None:
        self._switch(request, rows, Junction.Mode.SHADOW)

    @admin.action(description=_("Command (adaptive)"), permissions=["change"])
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


# What the core says in English, for the catalogue.
_WHYS = (
    gettext_noop("wished for"),
    gettext_noop("a vehicle on an emergency comes"),
    gettext_noop("has waited long enough"),
    gettext_noop("with a bus or tram coming"),
    gettext_noop("preemption is over"),
    gettext_noop("the strategy stands aside"),
    gettext_noop("preemption"),
)


def _in_words(why: str) -> str:
    """The core's reason in the reader's language; a group's name in it stays as it is."""
    for text in _WHYS:
        why = why.replace(text, gettext(text))
    return why


def _numbers(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _vehicle_seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _share(value: float) -> str:
    return f"{100 * value:+.0f} %"


def _table(heads: Iterable[Any], rows: Iterable[Sequence[Any]]) -> str:
    head = format_html_join(
        "", '<th scope="col" class="p-2 text-left">{}</th>', ((h,) for h in heads)
    )
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", '<td class="p-2 tabular-nums">{}</td>', ((c,) for c in row)),)
         for row in rows),
    )  # fmt: skip
    if not body:
        return "–"
    return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)


def _state(junction: Junction) -> JunctionState | None:
    return getattr(junction, "state", None)
