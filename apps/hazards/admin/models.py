"""What was learned, how good it is on years it had not seen, and what it foretold."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.base.admin import ReadOnly
from apps.base.problems import Problem
from apps.hazards.models import Forecast, ModelVersion
from apps.hazards.services.training import activate_version


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnly):
    list_display = ("station", "number", "state", "done", "nse", "trained_at")
    list_filter = ("state", "station")
    list_select_related = ("station",)
    actions = ("activate",)
    fields = (
        "station", "number", "state", "done", "error", "from_at", "to_at", "created_at",
        "trained_at", "backtest", "shown_parameters",
    )  # fmt: skip

    @admin.display(description=_("progress"))
    def done(self, version: ModelVersion) -> SafeString:
        return format_html(
            '<progress max="1" value="{}" aria-label="{}"></progress> {} %',
            version.progress, _("progress"), round(100 * version.progress),
        )  # fmt: skip

    @admin.display(description=_("efficiency at 6 h"))
    def nse(self, version: ModelVersion) -> str:
        told = version.scores.get("foreseen", {}).get("6 h", {})
        return f"{told['nse']:.3f}" if "nse" in told else "–"

    @admin.display(description=_("backtest"))
    def backtest(self, version: ModelVersion) -> SafeString | str:
        """One line for each variant and lead."""
        rows = [
            (variant, lead, ", ".join(f"{name} {value}" for name, value in told.items()))
            for variant, leads in version.scores.items()
            for lead, told in leads.items()
        ]
        if not rows:
            return "–"
        lines = format_html_join(
            "", '<tr><td class="pr-4">{}</td><td class="pr-4">{}</td><td>{}</td></tr>', rows
        )
        return format_html('<table class="text-left">{}</table>', lines)

    @admin.display(description=_("parameters"))
    def shown_parameters(self, version: ModelVersion) -> SafeString | str:
        told = {k: v for k, v in version.parameters.items() if k != "events"}
        return format_html("<pre>{}</pre>", "\n".join(f"{k}: {v}" for k, v in told.items())) or "–"

    @admin.action(description=_("Forecast with this version"), permissions=["activate"])
    def activate(self, request: HttpRequest, rows: QuerySet[ModelVersion]) -> None:
        for version in rows:
            try:
                activate_version(version=version, actor=str(request.user))
                messages.success(request, _("%s is in use.") % version)
            except Problem as problem:
                messages.error(request, f"{version}: {problem.detail}")

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("hazards.change_modelversion"))


@admin.register(Forecast)
class ForecastAdmin(ReadOnly):
    list_display = ("station", "issued_at", "rain", "level", "chance", "version")
    list_filter = ("station", "rain")
    list_select_related = ("station", "version__station")
    date_hierarchy = "issued_at"
    exclude = ("hours",)

    @admin.display(description=_("chance"), ordering="probability")
    def chance(self, forecast: Forecast) -> Any:
        return "–" if forecast.probability is None else f"{100 * forecast.probability:.0f} %"
