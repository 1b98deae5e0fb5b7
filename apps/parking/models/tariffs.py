"""What parking costs and where that holds, and who has a right to pay less."""

from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.base import names
from apps.parking.core.tariffs import Tariff as Rules
from apps.parking.core.tariffs import read_tariff
from apps.parking.models.sites import Category, ParkingSite


def check_rules(rules: Any) -> None:
    try:
        read_tariff(rules)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class Tariff(models.Model):
    """A price list. Its rules stand still once it is in force somewhere: bookings refer to it."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    names = models.JSONField(_("names"), default=dict)
    rules = models.JSONField(_("rules"), validators=[check_rules])
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["code"]

    def __str__(self) -> str:
        return names.pick(self.names, translation.get_language() or "") or self.code

    def read(self) -> Rules:
        return read_tariff(self.rules)


class TariffAssignmentQuerySet(models.QuerySet["TariffAssignment"]):
    def on(self, day: Any) -> Self:
        return self.filter(valid_on__contains=day)


class TariffAssignment(models.Model):
    """A tariff in force at a site between two local dates, for one category or all others."""

    site = models.ForeignKey(
        ParkingSite, on_delete=models.CASCADE, related_name="tariffs", verbose_name=_("site")
    )
    category = models.CharField(
        _("category"),
        max_length=12,
        choices=Category.choices,
        blank=True,
        help_text=_("Empty: every category without a tariff of its own."),
    )
    tariff = models.ForeignKey(
        Tariff, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("tariff")
    )
    valid_on = DateRangeField(_("valid on"), help_text=_("The last day is not included."))

    objects = TariffAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff of a site")
        verbose_name_plural = _("tariffs of sites")
        constraints = [
            ExclusionConstraint(
                name="one_tariff_at_a_time",
                expressions=[
                    ("site", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("valid_on", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.category} {self.tariff_id}"


class DiscountRightQuerySet(models.QuerySet["DiscountRight"]):
    def valid_on(self, day: Any) -> Self:
        return self.filter(models.Q(valid_to_on=None) | models.Q(valid_to_on__gte=day))


class DiscountRight(models.Model):
    """Staff have seen the proof: this person pays less by the discount of that code."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="discount_rights", verbose_name=_("person")
    )
    discount = models.SlugField(_("discount"), max_length=40)
    valid_to_on = models.DateField(_("valid to"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = DiscountRightQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to a discount")
        verbose_name_plural = _("rights to discounts")
        constraints = [
            models.UniqueConstraint(fields=["person", "discount"], name="one_right_per_discount")
        ]

    def __str__(self) -> str:
        return self.discount
