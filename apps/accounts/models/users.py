"""Login users: who may open a session. What the city knows of a human is the Person."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.base import clock


class UserManager(BaseUserManager["User"]):
    def create_user(
        self, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """A user with this e-mail (none for one who signs in by phone) and password (or codes)."""
        user = self.model(email=email.strip().lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Signs in with e-mail or phone codes, staff also with a password and a second factor.

    What staff may do comes from their roles alone (`Membership`), so there are no groups and no
    single permissions here.
    """

    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_superuser = models.BooleanField(_("superuser"), default=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("login user")
        verbose_name_plural = _("login users")

    def __str__(self) -> str:
        return self.email or f"user {self.pk}"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and (
            self.is_superuser or any(b.has_perm(self, perm, obj) for b in get_backends())
        )

    def has_perms(self, perm_list: Iterable[str], obj: Any = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the admin shows this app at all."""
        return self.is_active and (
            self.is_superuser
            or any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions())
        )

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        return {perm for b in get_backends() for perm in b.get_all_permissions(self, obj)}
