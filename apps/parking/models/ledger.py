"""Who is owed what: a double-entry ledger. Every transaction adds up to zero, nothing is edited;
the database enforces both (migration `0002_reservations`)."""

from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person


class Account(models.Model):
    class Kind(models.TextChoices):
        CLEARING = "clearing", _("at the payment provider")
        REVENUE = "revenue", _("city's parking revenue")
        FEE = "fee", _("city's share of lent bays")
        RESIDENT = "resident", _("owed to a resident")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="parking_accounts",
        verbose_name=_("person"),
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "currency", "person"],
                name="one_account_each",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="resident", person__isnull=False)
                | (~Q(kind="resident") & Q(person=None)),
                name="residents_have_accounts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"


class Transaction(models.Model):
    """What moved, and why; the key keeps one cause from being booked twice."""

    key = models.CharField(_("cause"), max_length=120, unique=True)
    what = models.CharField(_("what"), max_length=20)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("transaction")
        verbose_name_plural = _("transactions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.key


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, person: Person) -> Self:
        return self.filter(account__person=person)

    def balance(self) -> int:
        """What the account's owner is owed: credits are negative entries."""
        total: int = self.aggregate(total=Coalesce(-Sum("amount"), 0))["total"]
        return total


class Entry(models.Model):
    """A debit (positive) or a credit (negative) in minor units."""

    transaction = models.ForeignKey(
        Transaction, on_delete=models.PROTECT, related_name="entries", verbose_name=_("transaction")
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="entries", verbose_name=_("account")
    )
    amount = models.BigIntegerField(_("amount"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entries_move_something")
        ]

    def __str__(self) -> str:
        return f"{self.amount}"
