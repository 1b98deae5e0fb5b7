"""Graph builds with their reports, and the height models they read."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from apps.base import audit
from apps.base.admin import ReadOnly
from apps.base.problems import Problem
from apps.navigation.models import GraphBuild, HeightModel
from apps.navigation.selectors.wording import report_lines
from apps.navigation.services.builds import build_city_graph


@admin.register(GraphBuild)
class GraphBuildAdmin(ReadOnly):
    list_display = ("__str__", "state", "map_import", "started_at", "length", "kerbs", "islands")
    list_filter = ("state",)
    fields = (
        "state", "map_import", "heights", "dated_on", "started_at", "ended_at", "size_bytes",
        "error", "contents",
    )  # fmt: skip
    readonly_fields = ("contents",)
    actions_list = ("build_now",)

    @admin.display(description=gettext_lazy("length"))
    def length(self, build: GraphBuild) -> str:
        metres = build.report.get("length_m")
        return f"{metres / 1000:.1f} km" if metres else "–"

    @admin.display(description=gettext_lazy("crossings without kerb"))
    def kerbs(self, build: GraphBuild) -> str:
        crossings_n = build.report.get("crossings_n")
        return f"{build.report['crossings_without_kerb_n']} / {crossings_n}" if crossings_n else "–"

    @admin.display(description=gettext_lazy("islands"))
    def islands(self, build: GraphBuild) -> Any:
        return build.report.get("islands_n", "–")

    @admin.display(description=gettext_lazy("report"))
    def contents(self, build: GraphBuild) -> SafeString | str:
        """The report as a table staff can read."""
        if not build.report:
            return "–"
        rows = format_html_join(
            "", "<tr><td style='padding:2px 24px 2px 0'>{}</td><td>{}</td></tr>",
            report_lines(build.report),
        )  # fmt: skip
        return format_html("<table>{}</table>", rows)

    def has_build_now_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("navigation.add_graphbuild")

    @action(description=gettext_lazy("Build now"), permissions=["build_now"])
    def build_now(self, request: HttpRequest) -> HttpResponseRedirect:
        try:
            build = build_city_graph()
        except Problem as problem:
            messages.error(request, str(problem.detail or problem.title))
        else:
            audit.record(
                actor=str(request.user), action="navigation.graphbuild.added",
                subject=f"navigation.graphbuild:{build.code}", detail={},
            )  # fmt: skip
            messages.success(request, _("Build %s is ready and served.") % build)
        return HttpResponseRedirect(reverse("admin:navigation_graphbuild_changelist"))


@admin.register(HeightModel)
class HeightModelAdmin(ReadOnly):
    list_display = ("source", "noise_m", "west", "south", "east", "north", "created_at")
