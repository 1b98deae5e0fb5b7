"""The backtest page: how each training did on days it had not seen."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.base.admin import ReadOnly
from apps.parking.admin.scorecards import table
from apps.parking.models import CapacityPool, ForecastModel
from apps.parking.services.forecasting import make_outlooks, train_forecasts

WORST = 20


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


@admin.register(ForecastModel)
class ForecastModelAdmin(ReadOnly):
    list_display = ("trained_at", "in_use", "pools", "error_60", "persistence_60", "held_60")
    fields = ("trained_at", "in_use", "learned_from", "learned_to", "pools", "scores", "by_pool")
    actions = ("train",)

    @admin.display(description=_("error at 60 min"))
    def error_60(self, row: ForecastModel) -> str:
        return self._at_60(row, "mae")

    @admin.display(description=_("as it is now, at 60 min"))
    def persistence_60(self, row: ForecastModel) -> str:
        return self._at_60(row, "persistence")

    @admin.display(description=_("within the bounds"))
    def held_60(self, row: ForecastModel) -> str:
        return self._at_60(row, "held")

    def _at_60(self, row: ForecastModel, what: str) -> str:
        found = [one for one in row.backtest.get("horizons", []) if one["minutes"] == 60]
        return percent(found[0][what]) if found else "–"

    @admin.display(description=_("on the last days, unseen"))
    def scores(self, row: ForecastModel) -> SafeString:
        heads = (
            gettext("minutes ahead"),
            gettext("cases"),
            gettext("error"),
            gettext("as it is now"),
            gettext("better by"),
            gettext("within the 90 % bounds"),
        )
        return table(heads, (self._score(one) for one in row.backtest.get("horizons", [])))

    def _score(self, one: dict[str, Any]) -> tuple[Any, ...]:
        better = 1 - one["mae"] / one["persistence"] if one["persistence"] else 0.0
        return (
            one["minutes"], f"{one['cases']:,}", percent(one["mae"]), percent(one["persistence"]),
            percent(better), self._held(one["held"]),
        )  # fmt: skip

    def _held(self, held: float) -> SafeString:
        colour = "#15803d" if 0.85 <= held <= 0.95 else "#b91c1c"
        return format_html('<span style="color:{}">{}</span>', colour, percent(held))

    @admin.display(description=_("pools that are hardest to foresee, at 60 min"))
    def by_pool(self, row: ForecastModel) -> SafeString:
        horizons: list[dict[str, Any]] = row.backtest.get("horizons", [])
        hour: dict[str, Any] = next(
            (one for one in horizons if one["minutes"] == 60), {"by_pool": {}}
        )
        worst = sorted(hour["by_pool"].items(), key=lambda one: -one[1])[:WORST]
        pools = CapacityPool.objects.select_related("site").in_bulk([int(pk) for pk, _e in worst])
        return table(
            (gettext("pool"), gettext("error")),
            ((str(pools.get(int(pk), pk)), percent(error)) for pk, error in worst),
        )

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("parking.change_parkingsite"))

    @admin.action(description=_("Train anew, now"), permissions=["act"])
    def train(self, request: HttpRequest, _rows: Any) -> None:
        if train_forecasts() is None:
            messages.error(request, gettext("Too little is known of the past."))
            return
        messages.success(request, gettext("%d outlooks were made.") % make_outlooks())
