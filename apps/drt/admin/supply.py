"""What a service offers: areas, stops, days, rules, fares. Every change wakes the dispatcher."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base.admin import AuditedModelAdmin, NamesMixin
from apps.city.admin.maps import MapAdmin
from apps.city.models import metres_of, the_city
from apps.drt.admin import board
from apps.drt.models import (
    BookingRule,
    Calendar,
    Depot,
    Fare,
    OperatingRule,
    Service,
    VehicleType,
    VirtualStop,
    Zone,
)
from apps.drt.services.operating import resume_zone, suspend_zone
from apps.drt.services.provisioning import retire_stop, touch_service, touch_services
from apps.drt.services.travel import rebuild_travel_table


class Kept:
    """Rides refer to these rows for years: they are retired, not deleted."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PlacedAdmin(Kept, NamesMixin, MapAdmin):
    """Rows of a service with a place on the map; its twin in metres follows."""

    list_display: Any = ("code", "__str__", "service")
    list_filter: ClassVar[Any] = ("service",)
    list_select_related = ("service",)
    search_fields = ("code", "names")
    exclude: ClassVar[Any] = ("geom_m",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "service") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.geom_m = metres_of(obj.geom, srid=the_city().srid)
        super().save_model(request, obj, form, change)
        touch_service(obj.service)


class SharedAdmin(Kept, NamesMixin, AuditedModelAdmin):
    """Rows that several services may share."""

    list_display: Any = ("code", "__str__")
    search_fields = ("code", "names")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        touch_services()


@admin.register(Service)
class ServiceAdmin(Kept, NamesMixin, AuditedModelAdmin):
    list_display = ("code", "__str__", "phone", "show_board")
    search_fields = ("code", "names")
    actions = ("ask_for_ways",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    @admin.display(description=_("dispatch board"))
    def show_board(self, row: Service) -> str:
        return format_html('<a href="{}/board/" class="underline">{}</a>', row.pk, _("Open"))

    def get_urls(self) -> list[URLPattern]:
        """The board and what it asks for again and again."""
        own = [
            path("<int:pk>/board/", self.admin_site.admin_view(self.board), name="drt_board"),
            path(
                "<int:pk>/board.json",
                self.admin_site.admin_view(self.board_rows),
                name="drt_board_rows",
            ),
        ]
        return [*own, *super().get_urls()]

    def board(self, request: HttpRequest, pk: int) -> HttpResponse:
        return board.page(request, pk, context=self.admin_site.each_context(request))

    def board_rows(self, request: HttpRequest, pk: int) -> HttpResponse:
        return board.rows(request, pk)

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        touch_service(obj)

    @admin.action(description=_("Ask for all travel times anew"), permissions=["change"])
    def ask_for_ways(self, request: HttpRequest, rows: QuerySet[Service]) -> None:
        for service in rows:
            rebuild_travel_table(service=service)
            self.audit(request, service, "travel_times_rebuilt")
        messages.success(request, _("The travel times are new."))


@admin.register(Zone)
class ZoneAdmin(PlacedAdmin):
    list_display = ("code", "__str__", "service", "suspended_from", "suspended_because")
    fields = ("code", "names", "service", "geom", "retired_at", "suspended_because")
    actions = ("suspend", "resume")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "suspended_because")

    @admin.action(description=_("Suspend from now on"), permissions=["change"])
    def suspend(self, request: HttpRequest, rows: QuerySet[Zone]) -> None:
        for zone in rows:
            waiting = suspend_zone(zone=zone, because="", actor=str(request.user))
            self.audit(request, zone, "suspended")
            text = ngettext(
                "%(zone)s takes no new rides. %(count)d promised ride begins or ends there.",
                "%(zone)s takes no new rides. %(count)d promised rides begin or end there.",
                waiting,
            )
            messages.warning(request, text % {"zone": zone, "count": waiting})

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, rows: QuerySet[Zone]) -> None:
        for zone in rows:
            resume_zone(zone=zone, actor=str(request.user))
            self.audit(request, zone, "resumed")
            messages.success(request, _("%s takes rides again.") % zone)


@admin.register(VirtualStop)
class VirtualStopAdmin(PlacedAdmin):
    list_display = (
        "code", "__str__", "service", "kerb_side", "step_free", "boards_wheelchairs", "retired_at",
    )  # fmt: skip
    list_filter = ("service", "step_free", "boards_wheelchairs", "kerb_side")
    actions = ("retire",)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request: HttpRequest, rows: QuerySet[VirtualStop]) -> None:
        for stop in rows:
            retire_stop(stop=stop)
            self.audit(request, stop, "retired")


@admin.register(Depot)
class DepotAdmin(PlacedAdmin):
    pass


@admin.register(Calendar)
class CalendarAdmin(SharedAdmin):
    list_display = ("code", "__str__", "days", "first_on", "last_on", "on_holidays")


@admin.register(BookingRule)
class BookingRuleAdmin(SharedAdmin):
    list_display = ("code", "__str__", "kind", "notice_min", "last_day", "last_time")
    list_filter = ("kind",)


@admin.register(Fare)
class FareAdmin(SharedAdmin):
    list_display = ("code", "__str__", "currency")


@admin.register(VehicleType)
class VehicleTypeAdmin(SharedAdmin):
    list_display = ("code", "__str__", "wheelchair_boarding", "layouts")


@admin.register(OperatingRule)
class OperatingRuleAdmin(Kept, AuditedModelAdmin):
    list_display = (
        "code", "service", "from_zone", "to_zone", "calendar", "hours", "booking_rule", "fare",
    )  # fmt: skip
    list_filter = ("service", "calendar")
    list_select_related = ("service", "from_zone", "to_zone", "calendar", "booking_rule", "fare")
    filter_horizontal = ("vehicle_types",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "service") if obj else ()

    @admin.display(description=_("hours"), ordering="opens_min")
    def hours(self, row: OperatingRule) -> str:
        return f"{clock_of(row.opens_min)}–{clock_of(row.closes_min)}"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        touch_service(form.instance.service)


def clock_of(minutes: int) -> str:
    """Minutes after midnight as a clock shows them; after 24:00 it is the next morning."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
