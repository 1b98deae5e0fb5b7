"""Bookings as a timeline, and what staff may do about one. Everything goes through the services."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.base import audit
from apps.base.admin import AuditedModelAdmin, ReadOnly
from apps.base.problems import Problem
from apps.parking.admin.read_only import ReadOnlyInline
from apps.parking.models import BookingPolicy, Payment, Reservation, ReservationChange
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.explanations import money
from apps.parking.services.payments import refund_payment
from apps.parking.services.staying import end_stay, start_stay

TERMS = (
    "turnover_min", "min_stay_min", "max_stay_min", "max_ahead_days", "no_show_min",
    "cancel_free_min", "late_fee_percent", "no_show_percent", "overstay_grace_min",
)  # fmt: skip


class ChangeInline(ReadOnlyInline):
    model = ReservationChange
    fields = ("at", "what", "actor", "detail")


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ("purpose", "state", "amount", "captured", "refunded", "provider", "reason")


@admin.register(Reservation)
class ReservationAdmin(ReadOnly):
    list_display = (
        "code", "place", "starts_at", "ends_at", "state", "costs", "overstayed", "plate",
    )  # fmt: skip
    list_filter = ("state", "overstayed", "space__pool__site")
    search_fields = ("code", "plate")
    date_hierarchy = "starts_at"
    ordering = ("-starts_at",)
    list_select_related = ("space__pool__site",)
    inlines = (ChangeInline, PaymentInline)
    exclude = ("explanation",)
    actions = ("cancel", "came", "left")

    @admin.display(description=_("where"), ordering="space__pool__site__code")
    def place(self, row: Reservation) -> str:
        pool = row.space.pool
        return f"{pool.site} · {pool.get_category_display()} · {row.space.number}"

    @admin.display(description=_("price"), ordering="price")
    def costs(self, row: Reservation) -> str:
        return money(row.price, row.currency)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("parking.change_reservation"))

    @admin.action(description=_("Cancel without a fee"), permissions=["act"])
    def cancel(self, request: HttpRequest, rows: QuerySet[Reservation]) -> None:
        self._each(request, rows, "cancelled", lambda **who: cancel_reservation(free=True, **who))

    @admin.action(description=_("The car has come"), permissions=["act"])
    def came(self, request: HttpRequest, rows: QuerySet[Reservation]) -> None:
        self._each(request, rows, "started", start_stay)

    @admin.action(description=_("The car has left"), permissions=["act"])
    def left(self, request: HttpRequest, rows: QuerySet[Reservation]) -> None:
        self._each(request, rows, "ended", end_stay)

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Reservation],
        what: str,
        move: Callable[..., Any],
    ) -> None:
        done = 0
        for reservation in rows:
            try:
                move(code=reservation.code, actor=str(request.user))
            except Problem as problem:
                messages.error(request, f"{reservation}: {problem.detail or problem.title}")
                continue
            note_action(request, f"parking.reservation.{what}", str(reservation.code))
            done += 1
        messages.success(request, ngettext("%d booking.", "%d bookings.", done) % done)


def note_action(request: HttpRequest, action: str, code: str) -> None:
    audit.record(actor=str(request.user), action=action, subject=f"parking:{code}")


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    list_display = (
        "code", "reservation", "purpose", "state", "amount", "captured", "refunded", "created_at",
    )  # fmt: skip
    list_filter = ("state", "purpose", "provider")
    search_fields = ("code", "reservation__code")
    list_select_related = ("reservation",)
    actions = ("refund",)

    def has_act_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("parking.change_payment"))

    @admin.action(description=_("Give all of it back"), permissions=["act"])
    def refund(self, request: HttpRequest, rows: QuerySet[Payment]) -> None:
        done = 0
        for payment in rows:
            rest = payment.captured - payment.refunded
            try:
                refund_payment(payment=payment, amount=rest, key=f"staff:{payment.refunded}")
            except Problem as problem:
                messages.error(request, f"{payment}: {problem.detail or problem.title}")
                continue
            note_action(request, "parking.payment.refunded", str(payment.code))
            done += 1
        messages.success(request, ngettext("%d payment.", "%d payments.", done) % done)


@admin.register(BookingPolicy)
class BookingPolicyAdmin(AuditedModelAdmin):
    """How many spaces of a pool can be booked, and on what terms."""

    list_display = ("where", "reservable", "min_stay_min", "max_stay_min", "late_fee_percent")
    list_select_related = ("pool__site",)
    fields = ("pool", "reservable", *TERMS)

    @admin.display(description=_("where"))
    def where(self, row: BookingPolicy) -> str:
        return f"{row.pool.site} · {row.pool.get_category_display()}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Set the number of spaces to 0: bookings that stand keep their terms."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("pool",) if obj else ()

    def save_model(self, request: HttpRequest, obj: BookingPolicy, form: Any, change: bool) -> None:
        set_booking_policy(
            pool=obj.pool,
            reservable=obj.reservable,
            **{name: getattr(obj, name) for name in TERMS},
        )
