"""A person's way of moving: one of the nine starting profiles, with limits of their own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.core import mobility
from apps.accounts.models.persons import Person


class MobilityProfile(models.Model):
    """Sensitive: it tells of a disability. Kept while its consent stands, shown to nobody else."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="mobility_profile", verbose_name=_("person")
    )
    base = models.CharField(_("starting profile"), max_length=24)
    limits = models.JSONField(
        _("own limits"), default=dict, help_text=_("Only what differs from the starting profile.")
    )
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mobility profile")
        verbose_name_plural = _("mobility profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base__in=mobility.PROFILE_NAMES), name="base_is_one_of_the_nine"
            )
        ]

    def __str__(self) -> str:
        return self.base

    def core(self) -> mobility.MobilityProfile:
        """The whole profile as navigation reads it."""
        return mobility.personal(self.base, self.limits)  # type: ignore[arg-type]
