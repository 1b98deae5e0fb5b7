"""The city's staff: departments, roles, and who holds which role where."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.base import names


class DepartmentQuerySet(models.QuerySet["Department"]):
    def with_descendants(self, pks: Iterable[int]) -> frozenset[int]:
        """These departments and all below them. A city has tens: one query, walked here."""
        found, waiting = set[int](), list(pks)
        children: dict[int | None, list[int]] = {}
        for pk, parent in self.values_list("pk", "parent_id"):
            children.setdefault(parent, []).append(pk)
        while waiting:
            pk = waiting.pop()
            if pk not in found:
                found.add(pk)
                waiting.extend(children.get(pk, ()))
        return frozenset(found)


class Department(models.Model):
    """An office of the city. Offices may stand below one another (국 › 과 › 팀)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return names.pick(self.names, get_language() or "") or self.code


class Role(models.Model):
    """What its holders may do, and on which rows."""

    class Reach(models.TextChoices):
        DEPARTMENT = "department", _("rows of the own department and those below")
        AREA = "area", _("rows of the own areas")
        ALL = "all", _("all rows")

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    reach = models.CharField(
        _("reach"), max_length=10, choices=Reach.choices, default=Reach.DEPARTMENT
    )
    permissions = models.ManyToManyField(
        Permission,
        blank=True,
        related_query_name="role",
        related_name="roles",
        verbose_name=_("permissions"),
    )

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]

    def __str__(self) -> str:
        return names.pick(self.names, get_language() or "") or self.code


class Membership(models.Model):
    """A user holds a role in a department; for roles that reach by area, in these areas.

    Areas are codes (a district's code) and not foreign keys: the city's map stands above this app.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("login user"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("department"),
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("role")
    )
    area_codes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("areas")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"], name="one_membership_per_role"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} · {self.department}"
