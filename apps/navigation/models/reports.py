"""What citizens say of an obstruction: it is there, or it is gone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.city.models import Obstruction


class ObstacleVoice(models.Model):
    """One person's word on one obstruction; the latest counts. Nobody else sees whose it is."""

    class Says(models.TextChoices):
        THERE = "there", _("it is there")
        GONE = "gone", _("it is gone")

    obstruction = models.ForeignKey(
        Obstruction, models.CASCADE, verbose_name=_("obstruction"), related_name="voices"
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, verbose_name=_("person"), related_name="+"
    )
    says = models.CharField(_("says"), max_length=6, choices=Says.choices)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("word on an obstruction")
        verbose_name_plural = _("words on obstructions")
        constraints = [
            models.UniqueConstraint(fields=["obstruction", "person"], name="one_voice_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.obstruction_id} {self.says}"


class ObstacleReport(Obstruction):
    """An obstruction that citizens reported, as staff review it."""

    class Meta:
        proxy = True
        verbose_name = _("report by citizens")
        verbose_name_plural = _("reports by citizens")
