"""Persons: humans the city deals with, whether they sign in, chat, phone, or work for it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.base import clock


class PersonQuerySet(models.QuerySet["Person"]):
    def present(self) -> "PersonQuerySet":
        return self.filter(erased_at=None)


class Person(models.Model):
    """The least that serves: how to call them and in which language.

    An erased person stays as an empty row, so that what the law keeps still points somewhere.
    """

    code = models.UUIDField(_("code"), default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("login user"),
    )
    display_name = models.CharField(_("name"), max_length=80, blank=True)
    locale = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("registered at"), default=clock.now, editable=False)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")

    def __str__(self) -> str:
        return self.display_name or str(self.code)[:8]
