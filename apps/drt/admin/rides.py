"""Rides as staff see them: the dispatch log, and what may be done by hand."""

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import TabularInline

from apps.base import audit
from apps.base.admin import ReadOnly
from apps.base.problems import Problem
from apps.drt.admin import phone
from apps.drt.models import Booking, DispatchEvent, StopVisit
from apps.drt.services.giving_up import call_off_ride
from apps.drt.services.operating import fits_for, move_ride, pin_ride


class ShownInline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ShownInline):
    model = DispatchEvent
    fields = ("at", "kind", "shift", "plan_version", "actor", "detail")
    ordering = ("pk",)


class VisitInline(ShownInline):
    model = StopVisit
    fields = ("act", "place", "planned_at", "arrived_at", "done_at")


@admin.register(Booking)
class BookingAdmin(ReadOnly):
    list_display = (
        "__str__", "person", "state", "pickup_stop", "dropoff_stop", "promise", "vehicle", "late_s",
        "pinned", "by_hand",
    )  # fmt: skip
    list_filter = ("state", "channel", "service", "pinned")
    list_select_related = ("person", "pickup_stop", "dropoff_stop", "shift__vehicle")
    search_fields = ("code", "person__display_name")
    date_hierarchy = "pickup_earliest_at"
    inlines = (EventInline, VisitInline)
    exclude = ("origin_geom", "destination_geom", "offer")
    actions = ("pin", "unpin", "call_off")
    change_list_template = "drt/bookings.html"

    @admin.display(description=_("promised pick-up"), ordering="pickup_earliest_at")
    def promise(self, row: Booking) -> str:
        first, last = localtime(row.pickup_earliest_at), localtime(row.pickup_latest_at)
        return f"{first:%m-%d %H:%M}–{last:%H:%M}"

    @admin.display(description=_("vehicle"), ordering="shift__vehicle__code")
    def vehicle(self, row: Booking) -> str:
        return str(row.shift.vehicle) if row.shift else "–"

    @admin.display(description=_("by hand"))
    def by_hand(self, row: Booking) -> str:
        if not row.is_open:
            return "–"
        url = reverse("admin:drt_booking_move", args=[row.pk])
        return format_html('<a href="{}" class="underline">{}</a>', url, _("Move"))

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("drt.change_booking"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("phone/", view(self.by_phone), name="drt_booking_phone"),
            path("<int:pk>/move/", view(self.move), name="drt_booking_move"),
        ]
        return [*own, *super().get_urls()]

    def by_phone(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("drt.add_booking"):
            raise PermissionDenied
        return phone.page(request, context=self.admin_site.each_context(request))

    def move(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every vehicle with whether the ride fits it; a click moves and pins."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        booking = get_object_or_404(Booking, pk=pk)
        if request.method == "POST" and self._moved(request, booking):
            return HttpResponseRedirect(reverse("admin:drt_booking_change", args=[pk]))
        try:
            fits = fits_for(code=booking.code)
        except Problem as problem:
            messages.error(request, f"{problem.detail or problem.title}")
            return HttpResponseRedirect(reverse("admin:drt_booking_change", args=[pk]))
        context = self.admin_site.each_context(request)
        more = {"title": _("Move a ride"), "booking": booking, "fits": fits}
        return render(request, "drt/move.html", context | more)

    def _moved(self, request: HttpRequest, booking: Booking) -> bool:
        shift = request.POST.get("shift", "")
        try:
            move_ride(code=booking.code, shift_code=uuid.UUID(shift), actor=str(request.user))
        except (Problem, ValueError) as error:
            said = getattr(error, "detail", "") or getattr(error, "title", str(error))
            messages.error(request, f"{said}")
            return False
        note_action(request, "moved", booking)
        messages.success(request, _("The ride has another vehicle now, and stays on it."))
        return True

    @admin.action(description=_("Keep on its vehicle"), permissions=["act"])
    def pin(self, request: HttpRequest, rows: QuerySet[Booking]) -> None:
        self._each(
            request,
            rows,
            "pinned",
            lambda row, who: pin_ride(code=row.code, pinned=True, actor=who),
        )

    @admin.action(description=_("Let the optimiser move it"), permissions=["act"])
    def unpin(self, request: HttpRequest, rows: QuerySet[Booking]) -> None:
        self._each(
            request,
            rows,
            "unpinned",
            lambda row, who: pin_ride(code=row.code, pinned=False, actor=who),
        )

    @admin.action(description=_("Call off and tell the rider"), permissions=["act"])
    def call_off(self, request: HttpRequest, rows: QuerySet[Booking]) -> None:
        self._each(
            request, rows, "called_off", lambda row, who: call_off_ride(code=row.code, actor=who)
        )

    def _each(self, request: HttpRequest, rows: QuerySet[Booking], what: str, do: Any) -> None:
        done = 0
        for row in rows:
            try:
                do(row, str(request.user))
            except Problem as problem:
                messages.error(request, f"{row}: {problem.detail or problem.title}")
                continue
            note_action(request, what, row)
            done += 1
        messages.success(request, ngettext("%d ride.", "%d rides.", done) % done)


def note_action(request: HttpRequest, what: str, booking: Booking) -> None:
    audit.record(
        actor=str(request.user),
        action=f"drt.booking.{what}",
        subject=f"drt.booking:{booking.code}",
    )


@admin.register(DispatchEvent)
class DispatchEventAdmin(ReadOnly):
    list_display = ("at", "kind", "service", "shift", "booking", "plan_version", "actor")
    list_filter = ("kind", "service")
    list_select_related = ("service", "shift__vehicle", "booking")
    search_fields = ("booking__code", "actor")
    date_hierarchy = "at"
