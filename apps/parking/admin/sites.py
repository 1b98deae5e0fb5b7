"""Parking sites with their pools, and what they show at present."""

from pathlib import Path
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from apps.base import clock
from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.admin.uploads import TakesLists
from apps.city.models import ImportRun, the_city
from apps.parking.admin.commissioning import CommissionsCameras
from apps.parking.admin.scorecards import SiteScore, scorecard, site_scores
from apps.parking.models import AccessPoint, CapacityPool, ParkingSite, PoolFeed
from apps.parking.services.provisioning import in_metres, retire_site, site_edited
from apps.parking.services.standard_import import import_standard


class PoolInline(TabularInline):
    model = CapacityPool
    extra = 0
    fields = ("category", "total", "occupied", "quality", "flaw", "observed_at")
    readonly_fields = ("occupied", "quality", "flaw", "observed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CapacityPool]:
        rows: QuerySet[CapacityPool] = super().get_queryset(request).select_related("state")
        return rows

    @admin.display(description=_("occupied"))
    def occupied(self, pool: CapacityPool) -> Any:
        return pool.state.occupied

    @admin.display(description=_("quality"))
    def quality(self, pool: CapacityPool) -> str:
        return pool.state.get_quality_display()

    @admin.display(description=_("flaw"))
    def flaw(self, pool: CapacityPool) -> str:
        return pool.state.flaw or "–"

    @admin.display(description=_("observed at"))
    def observed_at(self, pool: CapacityPool) -> Any:
        return pool.state.observed_at


@admin.register(ParkingSite)
class ParkingSiteAdmin(CommissionsCameras, TakesLists, NamesMixin, MapAdmin):
    list_help = _(
        "A CSV of the Korean standard data set of car parks (전국주차장정보표준데이터), with its"
        " own column names, in UTF-8 or CP949. Good rows enter with their prices, the others are"
        " reported; a list may come again."
    )
    list_display = ("code", "__str__", "kind", "closed", "approximate", "retired_at")
    list_filter = ("kind", "closed", "approximate")
    search_fields = ("code", "names")
    inlines = (PoolInline,)
    fields = (
        "code", "names", "kind", "closed", "covered", "max_height_m", "opening_hours", "address",
        "operator", "siting", "price_grade", "plate_rule", "source", "approximate", "geom", "score",
        "cameras",
    )  # fmt: skip
    actions = ("retire",)
    list_before_template = "parking/quality_map.html"

    def take_list(self, path: Path, asked: dict[str, Any], actor: str) -> ImportRun:
        return import_standard(path=path, actor=actor, **asked)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "score", "cameras") if obj else ("score", "cameras")

    @admin.display(description=_("scorecard"))
    def score(self, site: ParkingSite) -> SafeString | str:
        return scorecard(site) if site.pk else "–"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The quality map and the scorecards above the list."""
        scores = site_scores()
        shown = {
            "scores": scores,
            "points": [_point(score) for score in scores],
            "centre": the_city().centre,
        }
        response: HttpResponse = super().changelist_view(request, (extra_context or {}) | shown)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Its history stays; retire it instead.

    def save_model(self, request: HttpRequest, obj: ParkingSite, form: Any, change: bool) -> None:
        obj.geom_m = in_metres(obj.geom.x, obj.geom.y)
        if not change:
            obj.created_at = clock.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        site_edited(form.instance)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[ParkingSite]) -> None:
        for site in rows:
            retire_site(site=site)
            self.audit(request, site, "retired")


def _point(score: SiteScore) -> dict[str, Any]:
    return {
        "lon": score.lon,
        "lat": score.lat,
        "grade": score.grade,
        "label": f"{score.name} {'–' if score.free is None else score.free}",
        "url": reverse("admin:parking_parkingsite_change", args=[score.pk]),
    }


@admin.register(AccessPoint)
class AccessPointAdmin(MapAdmin):
    list_display = ("code", "site", "kind", "max_height_m", "step_free")
    list_filter = ("kind", "step_free")
    list_select_related = ("site",)
    search_fields = ("code", "site__code")
    autocomplete_fields = ("site",)

    def save_model(self, request: HttpRequest, obj: AccessPoint, form: Any, change: bool) -> None:
        obj.geom_m = in_metres(obj.geom.x, obj.geom.y)
        super().save_model(request, obj, form, change)


@admin.register(PoolFeed)
class PoolFeedAdmin(AuditedModelAdmin):
    list_display = ("datastream", "role", "pool", "bay", "trust")
    list_filter = ("role",)
    list_select_related = ("datastream__gateway", "pool__site", "bay")
    search_fields = ("datastream__code", "pool__site__code")
    readonly_fields = ("datastream", "role", "pool", "bay", "trust", "anchor_count")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
