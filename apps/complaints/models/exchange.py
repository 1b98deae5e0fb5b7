"""Who speaks Open311 with us, and what we hand out every day."""

import hashlib
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def hash_of(key: str) -> str:
    return hashlib.sha256(f"complaints.key:{key}".encode()).hexdigest()


def new_key() -> str:
    return secrets.token_urlsafe(32)


class ApiClient(models.Model):
    """An app or a neighbouring city that files by Open311. Only the key's hash is kept."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    may_update = models.BooleanField(
        _("may say what becomes of requests"),
        default=False,
        help_text=_("For the systems of contractors and neighbouring authorities."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"), editable=False)

    class Meta:
        verbose_name = _("Open311 client")
        verbose_name_plural = _("Open311 clients")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class OpenDataFile(models.Model):
    """One day's export in one format, without personal data."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        GEOJSON = "geojson", "GeoJSON"
        PARQUET = "parquet", "GeoParquet"

    day_on = models.DateField(_("as of"))
    format = models.CharField(_("format"), max_length=10, choices=Format.choices)
    file = models.FileField(_("file"), upload_to="open-data/complaints/")
    rows = models.PositiveIntegerField(_("rows"))
    size_bytes = models.PositiveBigIntegerField(_("bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("open-data file")
        verbose_name_plural = _("open-data files")
        ordering = ["-day_on", "format"]
        constraints = [
            models.UniqueConstraint(fields=["day_on", "format"], name="one_file_a_day_and_format")
        ]

    def __str__(self) -> str:
        return f"{self.day_on}.{self.format}"
