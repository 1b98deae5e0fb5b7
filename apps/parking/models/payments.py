"""What a driver pays, and the books of the provider that reaches no bank."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.parking.models.reservations import Reservation

OPEN = ("asked", "authorised")


class PaymentQuerySet(models.QuerySet["Payment"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)


class Payment(models.Model):
    """One sum asked of a provider under one key (`code`), however often we have to ask."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        AUTHORISED = "authorised", _("authorised")
        DECLINED = "declined", _("declined")
        CAPTURED = "captured", _("paid")
        VOIDED = "voided", _("released")

    class Purpose(models.TextChoices):
        BOOKING = "booking", _("booking")
        EXTENSION = "extension", _("extension")
        OVERSTAY = "overstay", _("overstay")

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    reservation = models.ForeignKey(
        Reservation,
        on_delete=models.PROTECT,
        related_name="payments",
        verbose_name=_("reservation"),
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    provider = models.CharField(_("provider"), max_length=40)
    method = models.CharField(_("means of payment"), max_length=80)
    amount = models.PositiveBigIntegerField(_("amount"))
    captured = models.PositiveBigIntegerField(_("captured"), default=0)
    refunded = models.PositiveBigIntegerField(_("refunded"), default=0)
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # For an extension: where the booking ends again if it is not paid.
    ends_before_at = models.DateTimeField(_("ends again at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reservation"],
                condition=Q(purpose="booking", state__in=("asked", "authorised", "captured")),
                name="one_payment_per_booking",
            ),
            models.UniqueConstraint(
                fields=["reservation"],
                condition=Q(purpose="overstay"),
                name="one_payment_per_overstay",
            ),
            models.CheckConstraint(
                condition=Q(captured__lte=F("amount"), refunded__lte=F("captured")),
                name="no_more_than_authorised",
            ),
        ]
        indexes = [
            # The sweeper's question: what was asked and never answered.
            models.Index(fields=["created_at"], condition=Q(state="asked"), name="payments_asked")
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]

    def is_open(self) -> bool:
        return self.state in OPEN


class LoopbackPayment(models.Model):
    """The loopback provider's own books: what a bank would keep under a key of ours."""

    key = models.CharField(max_length=80, unique=True)
    method = models.CharField(max_length=80)
    amount = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    captured = models.PositiveBigIntegerField(default=0)
    refunds = models.JSONField(default=dict)
    declined = models.BooleanField(default=False)
    voided = models.BooleanField(default=False)
    calls = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("payment of the loopback provider")
        verbose_name_plural = _("payments of the loopback provider")

    def __str__(self) -> str:
        return self.key
