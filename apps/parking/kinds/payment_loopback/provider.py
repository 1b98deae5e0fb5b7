"""A payment provider that reaches no bank and keeps real books: for the demo town and tests.

It authorises, captures, releases and refunds in a table of its own, and misbehaves on demand by the
means of payment given: `declined` refuses; `timeout` acts on the first call but the answer is lost;
`away` does not act on the first call; anything else pays.
"""

from django.db import transaction

from apps.parking.models import LoopbackPayment
from apps.parking.services.payments import Away, Declined


class Loopback:
    def authorise(self, *, key: str, amount: int, currency: str, method: str) -> None:
        with transaction.atomic():
            row = self._row(key, method)
            first = row.calls == 1
            if not (method == "away" and first):
                self._set_aside(row, amount, currency)
            row.save(update_fields=["calls", "amount", "currency", "declined"])
        if first and method in ("timeout", "away"):
            raise Away("no answer in time")
        if row.declined or row.voided:
            raise Declined("refused")

    def _set_aside(self, row: LoopbackPayment, amount: int, currency: str) -> None:
        if row.amount or row.voided or row.declined:
            return
        row.declined = row.method == "declined"
        row.amount, row.currency = amount, currency

    def _row(self, key: str, method: str = "") -> LoopbackPayment:
        """The key's row, made where it is new, locked, and one call older."""
        row = LoopbackPayment(key=key, method=method)
        LoopbackPayment.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["key"], update_fields=["key"]
        )
        row = LoopbackPayment.objects.get(key=key)
        row.calls += 1
        return row

    @transaction.atomic
    def capture(self, *, key: str, amount: int) -> None:
        row = self._row(key)
        if row.captured:
            return
        if row.voided or row.declined or amount > row.amount:
            raise Declined("nothing like that was set aside")
        row.captured = amount
        row.save(update_fields=["calls", "captured"])

    @transaction.atomic
    def void(self, *, key: str) -> None:
        row = self._row(key)
        if not row.captured:
            row.voided = True
            row.save(update_fields=["calls", "voided"])

    @transaction.atomic
    def refund(self, *, key: str, refund_key: str, amount: int) -> None:
        row = self._row(key)
        if refund_key in row.refunds:
            return
        if amount > row.captured - sum(row.refunds.values()):
            raise Declined("more than was taken")
        row.refunds[refund_key] = amount
        row.save(update_fields=["calls", "refunds"])

    def is_authorised(self, *, key: str) -> bool:
        row = LoopbackPayment.objects.filter(key=key).first()
        return row is not None and row.amount > 0 and not (row.declined or row.voided)
