"""Routes that were given: the ways as segments of the build they were found on."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.navigation.models.builds import GraphBuild


class RouteQuerySet(models.QuerySet["Route"]):
    def readable_by(self, person: Person | None) -> Self:
        """A person's routes are theirs; one that nobody signed for is whoever's has its code."""
        return self.filter(models.Q(person=None) | models.Q(person=person))


class Route(models.Model):
    """Kept for a day: it tells where somebody goes and how they move."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, verbose_name=_("person"),
        related_name="+",
    )  # fmt: skip
    build = models.ForeignKey(GraphBuild, models.CASCADE, verbose_name=_("graph build"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    profile = models.JSONField(_("profile"))
    stops = models.JSONField(_("stops"))
    legs = models.JSONField(_("legs"))
    depart_at = models.DateTimeField(_("departure"))
    created_at = models.DateTimeField(_("created at"))

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [
            models.CheckConstraint(condition=models.Q(rank__lte=3), name="few_alternatives")
        ]
        indexes = [
            # The retention rule: what was given yesterday.
            models.Index(fields=["created_at"], name="route_retention"),
        ]

    def __str__(self) -> str:
        return str(self.code)[:8]
