"""Contacts: where a person can be reached. A verified one belongs to one person."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.core import contacts as forms
from apps.accounts.models.persons import Person
from apps.base import clock


class ContactQuerySet(models.QuerySet["Contact"]):
    def verified(self) -> Self:
        return self.exclude(verified_at=None)

    def at(self, address: forms.Address) -> Self:
        return self.filter(kind=address.kind, channel=address.channel, value=address.value)


class Contact(models.Model):
    """One address in its normal form: E.164 phone, lower-case e-mail, a channel's own user id."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        CHANNEL = "channel", _("chat channel")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.SlugField(_("channel"), max_length=20, blank=True)
    value = models.CharField(_("address"), max_length=254)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        permissions = [("reveal_contact", _("Can see whole addresses (audited)"))]
        constraints = [
            # Also serves "whose is this address?", asked at every chat message and call.
            models.UniqueConstraint(
                fields=["kind", "channel", "value"],
                condition=Q(verified_at__isnull=False),
                name="verified_contact_of_one_person",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "channel", "value"], name="one_contact_per_person"
            ),
            models.CheckConstraint(
                condition=Q(kind="channel") ^ Q(channel=""), name="channel_contact_names_channel"
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def address(self) -> forms.Address:
        return forms.Address(self.kind, self.value, self.channel)

    @property
    def masked(self) -> str:
        return forms.masked(self.address)
