"""Bays that residents lend while they are away."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.parking.core.sharing import check_rule
from apps.parking.core.tariffs import wall_min
from apps.parking.models.sites import Bay


def check_rrule(text: str) -> None:
    try:
        check_rule(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def check_wall(text: str) -> None:
    try:
        wall_min(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


class BayRightQuerySet(models.QuerySet["BayRight"]):
    def valid_on(self, day: Any) -> Self:
        return self.filter(Q(valid_to_on=None) | Q(valid_to_on__gte=day), valid_from_on__lte=day)


class BayRight(models.Model):
    """A resident's bay: the city has assigned it to this person for a time."""

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="bay_rights", verbose_name=_("person")
    )
    bay = models.ForeignKey(
        Bay, on_delete=models.PROTECT, related_name="rights", verbose_name=_("bay")
    )
    valid_from_on = models.DateField(_("valid from"))
    valid_to_on = models.DateField(_("valid to"), null=True, blank=True)

    objects = BayRightQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to a bay")
        verbose_name_plural = _("rights to bays")

    def __str__(self) -> str:
        return f"{self.bay_id}"


class SharedOfferQuerySet(models.QuerySet["SharedOffer"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def of(self, person: Person) -> Self:
        return self.filter(right__person=person)


class SharedOffer(models.Model):
    """When a bay is lent, for how long at a time, and for how much. Renters see the bay, never
    whose it is."""

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    right = models.ForeignKey(
        BayRight, on_delete=models.PROTECT, related_name="offers", verbose_name=_("right to a bay")
    )
    first_on = models.DateField(_("first day"))
    rule = models.CharField(
        _("calendar rule"),
        max_length=200,
        validators=[check_rrule],
        help_text=_("Part of RFC 5545: FREQ=WEEKLY;BYDAY=MO,TU"),
    )
    opens = models.CharField(_("opens at"), max_length=5, validators=[check_wall])
    lasts_min = models.PositiveIntegerField(_("open for (min)"))
    blackout_on = ArrayField(models.DateField(), verbose_name=_("not on"), default=list, blank=True)
    min_stay_min = models.PositiveIntegerField(_("shortest stay (min)"), default=30)
    max_stay_min = models.PositiveIntegerField(_("longest stay (min)"), default=1440)
    step_min = models.PositiveSmallIntegerField(_("price step (min)"), default=30)
    step_price = models.PositiveIntegerField(_("price per step"))
    created_at = models.DateTimeField(_("created at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = SharedOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared bay")
        verbose_name_plural = _("shared bays")
        ordering = ["pk"]
        constraints = [
            # Two offers of one bay would lend it twice at two prices.
            models.UniqueConstraint(
                fields=["right"], condition=Q(withdrawn_at=None), name="one_offer_per_right"
            ),
            models.CheckConstraint(
                condition=Q(step_min__gt=0, lasts_min__gt=0, min_stay_min__lte=F("max_stay_min")),
                name="offers_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]


class SharedRecallQuerySet(models.QuerySet["SharedRecall"]):
    def touching(self, start: datetime, end: datetime) -> Self:
        return self.filter(during__overlap=(start, end))


class SharedRecall(models.Model):
    """The resident needs the bay after all."""

    offer = models.ForeignKey(
        SharedOffer, on_delete=models.CASCADE, related_name="recalls", verbose_name=_("shared bay")
    )
    during = DateTimeRangeField(_("recalled"))
    created_at = models.DateTimeField(_("created at"))

    objects = SharedRecallQuerySet.as_manager()

    class Meta:
        verbose_name = _("recall of a shared bay")
        verbose_name_plural = _("recalls of shared bays")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.offer_id}"
