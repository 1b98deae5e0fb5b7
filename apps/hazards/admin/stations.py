"""Gauges: what they say, what they are worth, and the curve with its bands."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base import clock
from apps.base.admin import NamesMixin, ReadOnly
from apps.base.problems import Problem
from apps.city.admin.maps import MapAdmin, shown_map
from apps.hazards.models import (
    Catchment,
    Forecast,
    QualityNote,
    RainForecast,
    RatingRow,
    Station,
    StationState,
)
from apps.hazards.selectors.charts import hydrograph
from apps.hazards.services.places import wet_area
from apps.hazards.services.provisioning import in_metres
from apps.hazards.services.training import start_training

_ABOVE_M = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0)


class RatingInline(TabularInline):
    model = RatingRow
    extra = 0


@admin.register(Station)
class StationAdmin(NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "kind", "value", "level", "flag", "chance", "observed_at")
    list_filter = ("kind", "state__flag", "state__level", "catchment")
    list_select_related = ("state",)
    search_fields = ("code", "names")
    autocomplete_fields = ("datastream", "heartbeat")
    filter_horizontal = ("rain_stations",)
    inlines = (RatingInline,)
    actions = ("train", "retire")
    readonly_fields = ("chart", "notes")
    fieldsets = (
        (None, {"fields": ("chart", "notes")}),
        (_("Gauge"), {"fields": (
            "code", "names", "kind", "datastream", "heartbeat", "speaks_only_when_wet", "datum",
            "zero_m", "geom")}),
        (_("Levels"), {"fields": (
            ("attention", "warning", "alarm", "serious", "plan_flood"),
            ("low", "high", "step_per_10_min"))}),
        (_("Forecast and warning"), {"fields": (
            "catchment", "rain_stations", ("window_h", "cost_loss"), "area")}),
    )  # fmt: skip

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Its record stays; retire it instead.

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/hydrograph.svg", view(self.svg), name="hazards_station_hydrograph"),
            path("<int:pk>/what-if/", view(self.what_if), name="hazards_station_what_if"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: Station, form: Any, change: bool) -> None:
        obj.geom_m = in_metres(obj.geom)
        super().save_model(request, obj, form, change)
        StationState.objects.get_or_create(station=obj)

    # ---------------------------------------------------------------- columns

    @admin.display(description=_("value"), ordering="state__value")
    def value(self, station: Station) -> str:
        value = station.state.value
        return "–" if value is None else f"{value:.2f} {station.unit}"

    @admin.display(description=_("level"), ordering="state__level")
    def level(self, station: Station) -> str:
        return station.state.get_level_display() or "–"

    @admin.display(description=_("flag"), ordering="state__flag")
    def flag(self, station: Station) -> str:
        state = station.state
        cause = state.get_cause_display()
        return f"{state.get_flag_display()}: {cause}" if cause else state.get_flag_display()

    @admin.display(description=_("chance of the alarm level"), ordering="state__probability")
    def chance(self, station: Station) -> str:
        chance = station.state.probability
        return "–" if chance is None else f"{100 * chance:.0f} %"

    @admin.display(description=_("observed at"), ordering="state__observed_at")
    def observed_at(self, station: Station) -> Any:
        return station.state.observed_at

    @admin.display(description=_("hydrograph"))
    def chart(self, station: Station) -> SafeString | str:
        if station._state.adding:  # noqa: SLF001 - Django's documented API
            return "–"
        page, words = (
            f"/admin/hazards/station/{station.pk}/what-if/",
            _("What if the water stood higher?"),
        )
        link = f'<p><a class="underline" href="{page}">{words}</a></p>'
        # Every text in the drawing is escaped where it is drawn (core.charts).
        return mark_safe(hydrograph(station) + link)  # noqa: S308

    @admin.display(description=_("what is wrong with it"))
    def notes(self, station: Station) -> str:
        if station._state.adding:  # noqa: SLF001 - Django's documented API
            return "–"
        open_ = station.notes.open()
        return "; ".join(f"{n.get_cause_display()} ({n.detail})" for n in open_) or "–"

    # ---------------------------------------------------------------- pages

    def svg(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The hydrograph, or as it was at an earlier forecast (`?forecast=CODE`)."""
        station = self._shown(request, pk)
        return HttpResponse(
            hydrograph(station, forecast=_asked_forecast(request, station)),
            content_type="image/svg+xml",
        )

    def what_if(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What would be wet if the water stood at another stage."""
        station = self._shown(request, pk)
        stage_m = _asked_stage(request, station)
        area = wet_area(station, stage_m)
        now = station.state.value or 0.0
        context = {
            **self.admin_site.each_context(request),
            "title": _("What if? %s") % station,
            "opts": Station._meta,  # noqa: SLF001 - Django's documented API
            "station": station,
            "stage_m": stage_m,
            "choices": [(above, round(now + above, 2)) for above in _ABOVE_M],
            "map": shown_map(area),
            "media": self.media,
            "area_ha": round(in_metres(area).area / 10_000, 1) if area else None,
            "computed": station.reaches.exclude(built_at=None).exists(),
        }
        return render(request, "hazards/what_if.html", context)

    def _shown(self, request: HttpRequest, pk: int) -> Station:
        station = get_object_or_404(Station.objects.select_related("state"), pk=pk)
        if not self.has_view_permission(request, station):
            raise PermissionDenied
        return station

    # ---------------------------------------------------------------- actions

    @admin.action(description=_("Train a new model"), permissions=["change"])
    def train(self, request: HttpRequest, rows: QuerySet[Station]) -> None:
        for station in rows.select_related("catchment"):
            try:
                version = start_training(station=station, actor=str(request.user))
                messages.success(request, _("%s is waiting to be trained.") % version)
            except Problem as problem:
                messages.error(request, f"{station}: {problem.detail}")

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[Station]) -> None:
        for station in rows.filter(retired_at=None):
            Station.objects.filter(pk=station.pk).update(retired_at=clock.now())
            self.audit(request, station, "retired")


def _asked_forecast(request: HttpRequest, station: Station) -> Forecast | None:
    code = request.GET.get("forecast")
    if not code:
        return None
    try:
        return Forecast.objects.filter(station=station, code=UUID(code)).first()
    except ValueError as error:
        raise Http404 from error


def _asked_stage(request: HttpRequest, station: Station) -> float:
    """A stage (`?stage_m=`), a forecast's highest (`?forecast=`), or as it is now."""
    forecast = _asked_forecast(request, station)
    if forecast:
        return float(max(hour["p50"] for hour in forecast.hours))
    try:
        stage_m = float(request.GET.get("stage_m", station.state.value or 0.0))
    except ValueError:
        stage_m = station.state.value or 0.0
    return min(max(stage_m, -100.0), 100.0)


@admin.register(Catchment)
class CatchmentAdmin(NamesMixin, MapAdmin):
    list_display = ("code", "__str__", "area_km2")
    search_fields = ("code", "names")


@admin.register(QualityNote)
class QualityNoteAdmin(ReadOnly):
    list_display = ("station", "cause", "flag", "began_at", "ended_at", "detail")
    list_filter = ("cause", "flag")
    list_select_related = ("station",)


@admin.register(RainForecast)
class RainForecastAdmin(ReadOnly):
    list_display = ("catchment", "source", "issued_at", "from_at")
    list_filter = ("source", "catchment")
    list_select_related = ("catchment",)
