"""Links and how they flow, on a map; incidents; forecasts and how good they are."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin, ShownMapAdmin
from apps.city.models import founded
from apps.traffic.core.fusion import Source
from apps.traffic.models import Incident, Link, LinkSensor, LinkState, SpeedModel
from apps.traffic.selectors.incidents import as_row, open_incidents
from apps.traffic.services.incidents import Facts, clear_incident, report_incident
from apps.traffic.services.sensing import attach_sensor

LEVELS = {"free": "success", "slow": "warning", "congested": "danger", "jammed": "danger",
          "unknown": "info"}  # fmt: skip


@admin.register(LinkState)
class LinkStateAdmin(ReadOnly):
    """The traffic map, and beneath it every link."""

    list_before_template = "traffic/map.html"
    list_display = ("link", "flow", "speed", "usual", "ahead", "sources", "seen_at")
    list_filter = ("level",)
    list_select_related = ("link",)
    search_fields = ("link__code", "link__names")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "centre": founded().values_list("centre", flat=True).first(),
            "incidents": [_shown(row) for row in open_incidents()],
        }
        page: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **context})
        return page

    @display(description=_("level"), ordering="level", label=LEVELS)
    def flow(self, state: LinkState) -> tuple[str, str]:
        return state.level, state.get_level_display()

    @admin.display(description=_("speed"), ordering="speed_mps")
    def speed(self, state: LinkState) -> str:
        if state.speed_mps is None or state.sd_mps is None:
            return "–"
        return f"{state.speed_mps * 3.6:.0f} ± {state.sd_mps * 3.6:.0f} km/h"

    @admin.display(description=_("free speed"))
    def usual(self, state: LinkState) -> str:
        return f"{state.link.free_mps * 3.6:.0f} km/h"

    @admin.display(description=_("in 15, 30, 60 min"))
    def ahead(self, state: LinkState) -> str:
        return " · ".join(f"{speed * 3.6:.0f}" for speed in state.ahead_mps) or "–"


def _shown(incident: Incident) -> dict[str, Any]:
    row = as_row(incident)
    return {
        "lon": row["lon"],
        "lat": row["lat"],
        "severity": incident.severity,
        "title": incident.get_kind_display(),
        "url": reverse("admin:traffic_incident_change", args=[incident.pk]),
    }


@admin.register(LinkSensor)
class LinkSensorAdmin(AuditedModelAdmin):
    """Which datastream speaks of which link."""

    list_display = ("datastream", "link", "role", "source", "period_s")
    list_filter = ("source", "role")
    list_select_related = ("datastream__gateway", "link")
    raw_id_fields = ("datastream", "link")
    fields = ("datastream", "link", "source", "period_s")

    def save_model(self, request: HttpRequest, obj: LinkSensor, form: Any, change: bool) -> None:
        try:
            row = attach_sensor(
                datastream=obj.datastream, link=obj.link, source=Source(obj.source),
                period_s=obj.period_s,
            )  # fmt: skip
        except Problem as problem:
            self.message_user(request, " ".join(map(str, problem.errors.values())), messages.ERROR)
        else:
            obj.role = row.role


@admin.register(Link)
class LinkAdmin(ShownMapAdmin):
    """Cut from the map; only what speaks for a link is staff's to say."""

    list_display = ("code", "__str__", "highway", "start", "end", "length_m", "in_use")
    list_filter = ("highway", "in_use")
    list_select_related = ("start", "end")
    search_fields = ("code", "names")
    fields = ("code", "names", "highway", "start", "end", "free_mps", "length_m", "in_use", "where")


class IncidentForm(forms.ModelForm[Incident]):
    class Meta:
        model = Incident
        fields = ("kind", "severity", "description", "geom", "expected_until")


@admin.register(Incident)
class IncidentAdmin(MapAdmin):
    """Staff tell of incidents and clear them; those taken over from elsewhere end there."""

    form = IncidentForm
    list_display = ("kind", "grade", "link", "description", "source", "started_at", "cleared_at")
    list_filter = ("kind", "severity", "source", ("cleared_at", admin.EmptyFieldListFilter))
    list_select_related = ("link",)
    actions = ("clear",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # it is cleared, and stays

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_ours = obj is None or (obj.source == STAFF and obj.cleared_at is None)
        return is_ours and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Incident, form: Any, change: bool) -> None:
        facts = Facts(
            kind=obj.kind, severity=obj.severity, geom=obj.geom, description=obj.description,
            expected_until=obj.expected_until,
        )  # fmt: skip
        row = report_incident(
            source=STAFF, reference=obj.reference or str(obj.code), facts=facts,
            actor=f"staff:{request.user.pk}",
        )  # fmt: skip
        obj.pk = row.pk

    @display(
        description=_("severity"), ordering="severity",
        label={1: "info", 2: "warning", 3: "danger", 4: "danger"},
    )  # fmt: skip
    def grade(self, incident: Incident) -> tuple[int, str]:
        return incident.severity, incident.get_severity_display()

    @admin.action(description=_("Clear"), permissions=["change"])
    def clear(self, request: HttpRequest, rows: QuerySet[Incident]) -> None:
        for incident in rows:
            try:
                clear_incident(incident=incident, actor=f"staff:{request.user.pk}")
            except Problem as problem:
                self.message_user(request, f"{incident}: {problem.detail}", messages.ERROR)
            else:
                self.message_user(request, gettext("%s is cleared.") % incident, messages.SUCCESS)


STAFF = "staff"


@admin.register(SpeedModel)
class SpeedModelAdmin(ReadOnly):
    list_display = ("trained_at", "days_n", "links_n", "against_persistence")

    @admin.display(description=_("links"))
    def links_n(self, model: SpeedModel) -> int:
        return len(model.links)

    @admin.display(description=_("error saved against persistence"))
    def against_persistence(self, model: SpeedModel) -> str:
        return " · ".join(
            f"{minutes} min {100 * cut:.0f} %" for minutes, cut in model.skill.items()
        )
