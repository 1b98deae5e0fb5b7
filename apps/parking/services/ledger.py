"""Money moves in the books: a transaction of entries that add up to zero, once per cause."""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Person
from apps.base import clock
from apps.parking.models import Account, Entry, Payment, Transaction

Kind = Account.Kind


def account(kind: str, currency: str, person: Person | None = None) -> Account:
    found, _created = Account.objects.get_or_create(kind=kind, currency=currency, person=person)
    return found


@transaction.atomic
def post(*, key: str, what: str, amounts: Mapping[Account, int]) -> bool:
    """Book one cause once. Returns whether it was booked now.

    Raises:
        ValueError: the amounts do not add up to zero.
    """
    if sum(amounts.values()):
        raise ValueError("A transaction adds up to zero.")
    booked, created = Transaction.objects.get_or_create(
        key=key, defaults={"what": what, "at": clock.now()}
    )
    if created:
        Entry.objects.bulk_create(
            Entry(transaction=booked, account=account_, amount=amount)
            for account_, amount in amounts.items()
            if amount
        )
    return created


def post_capture(payment: Payment, amount: int) -> None:
    """The driver has paid: the city earns it, or the resident and the city share it."""
    if amount:
        post(key=f"capture:{payment.code}", what="capture", amounts=_shared_out(payment, amount))


def post_refund(payment: Payment, amount: int, *, key: str) -> None:
    """The driver got something back: whoever earned it gives it up in the same shares."""
    if amount:
        amounts = {account_: -part for account_, part in _shared_out(payment, amount).items()}
        post(key=f"refund:{payment.code}:{key}", what="refund", amounts=amounts)


def is_refunded(payment: Payment, key: str) -> bool:
    return Transaction.objects.filter(key=f"refund:{payment.code}:{key}").exists()


def _shared_out(payment: Payment, amount: int) -> dict[Account, int]:
    currency = payment.currency
    clearing = account(Kind.CLEARING, currency)
    offer = payment.reservation.offer
    if offer is None:
        return {clearing: amount, account(Kind.REVENUE, currency): -amount}
    fee = amount * settings.SHARED_BAY_FEE_PERCENT // 100
    resident = account(Kind.RESIDENT, currency, offer.right.person)
    return {clearing: amount, account(Kind.FEE, currency): -fee, resident: -(amount - fee)}
