"""What time does to bookings: holds run out, cars do not come, cars do not leave, answers are late.

Every state is also judged by predicate where it matters, so a late sweep harms nobody.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import DateTimeField, ExpressionWrapper, F

from apps.base import clock
from apps.parking.core.reservations import Move
from apps.parking.models import BookingPolicy, Payment, Reservation
from apps.parking.services.availability import refresh_pools
from apps.parking.services.cancelling import cancel_reservation
from apps.parking.services.extending import take_back_extension
from apps.parking.services.holding import move_elsewhere, note, release_run_out, reshape, step
from apps.parking.services.payments import Away as ProviderAway
from apps.parking.services.payments import (
    PaymentDeclined,
    authorise,
    plan_settlement,
    provider_of,
    settle,
    unanswered,
)
from apps.parking.services.reservations import HoldExpired, finish_confirmation

BATCH = 200
# A car that should have left keeps its space for so long ahead; whoever comes next is moved then.
AHEAD = timedelta(minutes=15)
State = Reservation.State
SYSTEM = "clock"


def keep_reservations() -> dict[str, int]:
    """One round of the sweeper."""
    return {
        "expired": expire_holds(),
        "missed": mark_no_shows(),
        "overstaying": push_overstays(),
        "answered": find_answers(),
        "recounted": recount_bookable(),
    }


def recount_bookable() -> int:
    """Bookings begin to be waited for, and end, without a word from any sensor."""
    pools = BookingPolicy.objects.filter(reservable__gt=0, pool__feeds__isnull=False)
    return len(refresh_pools(sorted(set(pools.values_list("pool_id", flat=True)))))


@transaction.atomic
def expire_holds() -> int:
    return release_run_out(Reservation.objects.order_by("expires_at"))


@transaction.atomic
def mark_no_shows() -> int:
    """Confirmed, and nobody came in the time the pool waits, or before the booking was over."""
    now = clock.now()
    waits = F("space__pool__booking_policy__no_show_min") * timedelta(minutes=1)
    due = ExpressionWrapper(F("starts_at") + waits, output_field=DateTimeField())
    rows = (
        Reservation.objects.filter(state=State.CONFIRMED, starts_at__lt=now)
        .alias(due=due)
        .filter(due__lt=now)
        .select_related("space__pool__booking_policy")
        .select_for_update(skip_locked=True, of=("self",))
    )
    missed = list(rows[:BATCH])
    for reservation in missed:
        terms = reservation.space.pool.booking_policy.terms
        step(reservation, Move.MISS, actor=SYSTEM, ended_at=now)
        settle(reservation, fee=terms.no_show_fee(reservation.price))
    return len(missed)


def push_overstays() -> int:
    """Cars still there when their time is over keep their spaces; whoever comes next gets another
    space, or their money back."""
    now = clock.now()
    late = list(
        Reservation.objects.filter(
            state=State.ACTIVE, ends_at__lt=now, during__endswith__lt=now + AHEAD
        ).values_list("pk", flat=True)[:BATCH]
    )
    for pk in late:
        _push(pk, now)
    return len(late)


@transaction.atomic
def _push(pk: int, now: datetime) -> None:
    rows = Reservation.objects.select_for_update(skip_locked=True)
    reservation = rows.filter(pk=pk, state=State.ACTIVE).first()
    if reservation is None:
        return
    if not reservation.overstayed:
        Reservation.objects.filter(pk=pk).update(overstayed=True)
        note(reservation, "overstay", SYSTEM)
    kept = DateTimeTZRange(reservation.during.lower, now + 2 * AHEAD)
    if reshape(reservation, during=kept):
        return
    for follower in _in_the_way(reservation, kept):
        if not move_elsewhere(follower, actor=SYSTEM):
            cancel_reservation(code=follower.code, actor=SYSTEM, free=True)
    reshape(reservation, during=kept)


def _in_the_way(reservation: Reservation, kept: DateTimeTZRange) -> list[Reservation]:
    rows = Reservation.objects.blocking().filter(
        space=reservation.space_id, during__overlap=kept, state__in=(State.HELD, State.CONFIRMED)
    )
    return list(
        rows.exclude(pk=reservation.pk)
        .select_related("space__pool__booking_policy", "person")
        .select_for_update(of=("self",))
    )


def find_answers() -> int:
    """Payments whose asker never came back: find out what the provider did, and go on."""
    waiting = unanswered()
    for payment in waiting:
        try:
            _go_on(payment)
        except (ProviderAway, HoldExpired, PaymentDeclined):
            continue
    return len(waiting)


def _go_on(payment: Payment) -> None:
    """An authorised one is finished as its command would have; of one that never arrived nothing
    will be taken."""
    if provider_of(payment).is_authorised(key=str(payment.code)):
        authorise(payment)
        if payment.purpose == Payment.Purpose.BOOKING:
            finish_confirmation(payment)
        return
    if payment.purpose == Payment.Purpose.BOOKING and payment.reservation.state == State.HELD:
        return  # the hold still stands: they may ask again
    plan_settlement(payment, take=0)
    if payment.purpose == Payment.Purpose.EXTENSION:
        take_back_extension(payment)
