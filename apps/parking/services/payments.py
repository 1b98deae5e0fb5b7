"""Payment through a provider of the operator's choice, so that no retry and no crash charges twice.

A `Payment` row is committed before the provider is asked and its code is the provider's key: asking
again finds the same authorisation. Providers are folders of `kinds/`, chosen by `CITIZEN_PAYMENTS`.
What follows from a booking's end (take the money, let it go) is a work row.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.base import clock, work
from apps.base.problems import Conflict, Invalid, Problem, Unavailable
from apps.base.registry import Registry
from apps.parking.models import Payment, Reservation
from apps.parking.services.ledger import is_refunded, post_capture, post_refund

State = Payment.State
SETTLE = "parking.settle_payment"
MAX_ATTEMPTS = 5
logger = logging.getLogger(__name__)


class Declined(Exception):
    """The provider refuses; asking again with the same key will not help."""


class Away(Exception):
    """The provider did not answer in time: it may or may not have acted. Ask again, same key."""


class Provider(Protocol):
    """Every call may be repeated with the same key and acts once."""

    def authorise(self, *, key: str, amount: int, currency: str, method: str) -> None:
        """Set the sum aside. Raises Declined, Away."""
        ...

    def capture(self, *, key: str, amount: int) -> None:
        """Take so much of what was set aside, once, and let the rest go. Raises Away."""
        ...

    def void(self, *, key: str) -> None:
        """Let go of what was or ever will be set aside under the key. Raises Away."""
        ...

    def refund(self, *, key: str, refund_key: str, amount: int) -> None:
        """Give back so much of what was taken. Raises Declined, Away."""
        ...

    def is_authorised(self, *, key: str) -> bool:
        """Raises Away."""
        ...


providers: Registry[type[Provider]] = Registry("payment provider")


class PaymentDeclined(Problem):
    slug, status = "payment-declined", 402
    title = _("The payment was declined. Please use other means.")


class NoPayments(Unavailable):
    slug = "no-payments"
    title = _("Payments are not set up in this city.")


def provider_of(payment: Payment) -> Provider:
    return providers.load(payment.provider)()


def ask_payment(
    reservation: Reservation, *, purpose: str, amount: int, method: str, **more: Any
) -> Payment:
    """Write down that this sum will be asked for; a booking's open payment is that payment.

    Raises:
        NoPayments: no provider is chosen.
        Invalid: no means of payment, or too many declined ones.
    """
    if settings.PAYMENTS not in providers:
        raise NoPayments
    if not method:
        raise Invalid(errors={"payment_method": _("This booking costs something.")})
    asked = list(Payment.objects.filter(reservation=reservation, purpose=purpose))
    begun = [one for one in asked if one.is_open()]
    if purpose == Payment.Purpose.BOOKING and begun:
        return begun[0]
    if sum(one.state == State.DECLINED for one in asked) >= MAX_ATTEMPTS:
        raise Invalid(errors={"payment_method": _("Too many declined payments.")})
    return Payment.objects.create(
        reservation=reservation,
        purpose=purpose,
        amount=amount,
        currency=reservation.currency,
        provider=settings.PAYMENTS,
        method=method,
        created_at=clock.now(),
        **more,
    )


def authorise(payment: Payment) -> Payment:
    """Ask the provider, outside any transaction, and write its answer down.

    Raises:
        PaymentDeclined: it refused.
        Unavailable: no answer in time; the same command again will find out.
    """
    if payment.state == State.ASKED:
        try:
            provider_of(payment).authorise(
                key=str(payment.code),
                amount=payment.amount,
                currency=payment.currency,
                method=payment.method,
            )
        except Declined as refusal:
            _answer(payment, State.DECLINED, reason=str(refusal)[:200])
        except Away as error:
            raise Unavailable(_("The payment provider does not answer.")) from error
        else:
            _answer(payment, State.AUTHORISED)
    if payment.state in (State.DECLINED, State.VOIDED):
        raise PaymentDeclined
    return payment


def _answer(payment: Payment, state: str, *, reason: str = "") -> None:
    """Compare and set: of two askers with one key the first writes, the second finds it written."""
    mine = Payment.objects.filter(pk=payment.pk, state=State.ASKED)
    if mine.update(state=state, reason=reason):
        payment.state, payment.reason = state, reason
    else:
        payment.refresh_from_db()


def settle(reservation: Reservation, *, fee: int | None = None) -> None:
    """The booking is over: take what is due of its open payments, all of it unless a fee is given,
    and let the rest go. In the caller's transaction; done by a work row."""
    left = fee
    for payment in Payment.objects.filter(reservation=reservation).open().order_by("pk"):
        take = payment.amount if left is None else min(left, payment.amount)
        left = None if left is None else left - take
        plan_settlement(payment, take=take)


def plan_settlement(payment: Payment, *, take: int) -> None:
    work.enqueue(SETTLE, {"payment": str(payment.code), "take": take}, key=str(payment.code))


def settle_payment(payload: Mapping[str, Any]) -> None:
    """Work handler: safe to repeat, because provider and ledger know the key."""
    payment = Payment.objects.select_for_update().get(code=payload["payment"])
    take = int(payload["take"])
    key = str(payment.code)
    provider = provider_of(payment)
    try:
        _take(payment, provider, key, take)
    except Declined as refusal:
        payment.state, payment.reason = State.DECLINED, str(refusal)[:200]
    payment.settled_at = clock.now()
    payment.save(update_fields=["state", "captured", "reason", "settled_at"])


def _take(payment: Payment, provider: Provider, key: str, take: int) -> None:
    if not take:
        provider.void(key=key)
        payment.state = State.VOIDED
        return
    if payment.state == State.ASKED:
        provider.authorise(
            key=key, amount=payment.amount, currency=payment.currency, method=payment.method
        )
    provider.capture(key=key, amount=take)
    post_capture(payment, take)
    payment.state, payment.captured = State.CAPTURED, take


def refund_payment(*, payment: Payment, amount: int, key: str) -> Payment:
    """Give a driver something back, once per key.

    Raises:
        Conflict: more than was taken and not given back yet.
    """
    with transaction.atomic():
        row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        if is_refunded(row, key):
            return row
        if amount <= 0 or amount > row.captured - row.refunded:
            raise Conflict(_("No more can be given back than was taken."))
        try:
            provider_of(row).refund(key=str(row.code), refund_key=key, amount=amount)
        except (Declined, Away) as error:
            raise Unavailable(_("The payment provider does not answer.")) from error
        post_refund(row, amount, key=key)
        row.refunded += amount
        row.save(update_fields=["refunded"])
    return row


def unanswered(age: timedelta = timedelta(seconds=60)) -> list[Payment]:
    """Asked for, and whoever asked has not come back."""
    return list(
        Payment.objects.filter(state=State.ASKED, created_at__lt=clock.now() - age)
        .exclude(purpose=Payment.Purpose.OVERSTAY)
        .select_related("reservation")
        .order_by("pk")[:100]
    )
