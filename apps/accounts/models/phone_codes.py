"""Codes sent to phones, to prove that a number is at hand."""

import secrets
import uuid
from datetime import datetime

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class PhoneCode(models.Model):
    """One code on its way: five tries in five minutes. Only its keyed hash is kept."""

    MAX_TRIES = 5

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phone = models.CharField(max_length=16)
    digits_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("phone code")
        verbose_name_plural = _("phone codes")
        indexes = [
            # "How many codes did this number ask for of late?"
            models.Index(fields=["phone", "created_at"], name="phone_codes_of_late"),
            # Retention.
            models.Index(fields=["created_at"], name="phone_code_retention"),
        ]

    def __str__(self) -> str:
        return str(self.code)

    def hash_of(self, digits: str) -> str:
        """Keyed with the city's secret: a stolen table can't be searched for a million codes."""
        return salted_hmac(
            "citizen.phone-code", f"{self.code}:{digits}", algorithm="sha256"
        ).hexdigest()

    def is_open(self, at: datetime) -> bool:
        return self.used_at is None and self.tries < self.MAX_TRIES and at < self.expires_at

    def accepts(self, digits: str) -> bool:
        return secrets.compare_digest(self.digits_hash, self.hash_of(digits))
