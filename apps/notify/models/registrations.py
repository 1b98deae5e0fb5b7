"""Registrations: one app on one device, as coarse as will do."""

import hashlib
import secrets
import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def live(self) -> Self:
        return self.filter(ended_at=None)


class Registration(models.Model):
    """Where one app can be woken, in which language, and in which cell of about 0.7 km² it last
    was. No position, no track; the cell is forgotten a day after it was last told."""

    class Platform(models.TextChoices):
        ANDROID = "android", _("Android")
        IOS = "ios", _("iOS")
        WEB = "web", _("web browser")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    platform = models.CharField(_("platform"), max_length=10, choices=Platform.choices)
    transport = models.SlugField(_("transport"), max_length=20)
    address = models.TextField(editable=False)
    address_hash = models.CharField(max_length=64, editable=False)
    locale = models.CharField(_("language"), max_length=10)
    cell = models.BigIntegerField(_("cell"), null=True, blank=True)
    cell_at = models.DateTimeField(_("cell told at"), null=True, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    muted = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("muted kinds")
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    seen_at = models.DateTimeField(_("last seen at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)
    ended_because = models.CharField(max_length=40, blank=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["transport", "address_hash"],
                condition=Q(ended_at__isnull=True),
                name="one_registration_per_address",
            )
        ]
        indexes = [
            # "Who is in these cells?", answered from the index alone.
            models.Index(
                fields=["cell"],
                include=["id", "transport", "locale", "person"],
                condition=Q(ended_at__isnull=True, cell__isnull=False),
                name="registration_by_cell",
            ),
            # Retention: cells and registrations not heard of for long.
            models.Index(fields=["seen_at"], name="registration_retention"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {str(self.code)[:8]}"

    def opens_with(self, secret: str) -> bool:
        return secrets.compare_digest(self.secret_hash, digest(secret))


class SavedPlace(models.Model):
    """Home, school, mother's flat: a cell of about 20 m across, with its owner's consent."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_places",
        verbose_name=_("person"),
    )
    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_places",
        verbose_name=_("registration"),
    )
    label = models.CharField(_("label"), max_length=60, blank=True)
    cell = models.BigIntegerField(_("cell"))
    coarse_cell = models.BigIntegerField(editable=False)
    lon = models.FloatField(editable=False)
    lat = models.FloatField(editable=False)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("saved place")
        verbose_name_plural = _("saved places")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(registration__isnull=True),
                name="saved_place_has_one_owner",
            )
        ]
        indexes = [
            # "Which places lie in these cells?"; the exact test reads lon and lat from the index.
            models.Index(
                fields=["coarse_cell"],
                include=["lon", "lat", "registration", "person"],
                name="saved_place_by_cell",
            )
        ]

    def __str__(self) -> str:
        return self.label or str(self.code)[:8]


class Reach(models.Model):
    """How a person wants to be told, whatever devices they have or have not."""

    person = models.OneToOneField(
        Person, models.CASCADE, related_name="reach", verbose_name=_("person")
    )
    inbox = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alerts_by_sms = models.BooleanField(
        _("alerts by SMS"), default=False, help_text=_("Where no app showed it in time.")
    )
    alerts_by_voice = models.BooleanField(
        _("alerts by telephone call"),
        default=False,
        help_text=_("Where nothing else reached them."),
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet to"), null=True, blank=True)
    muted = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("muted kinds")
    )
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("way to reach a person")
        verbose_name_plural = _("ways to reach persons")

    def __str__(self) -> str:
        return f"reach {self.pk}"
