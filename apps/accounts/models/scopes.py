"""Which rows a member of staff may see or change: row by row, by department or area.

A model whose rows belong to a department (or lie in an area) takes a `ScopedQuerySet` as manager
and names the lookups; admins and staff screens then ask `visible_to(user)`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from apps.accounts.models.staff import Department, Membership, Role
from apps.accounts.models.users import User

Action = Literal["view", "change", "delete"]
M = TypeVar("M", bound=models.Model)

# Who may change a row may see it.
_GRANTED_BY: dict[Action, tuple[str, ...]] = {
    "view": ("view", "change"),
    "change": ("change",),
    "delete": ("delete",),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The reach of one user's roles for one action on one model."""

    everything: bool = False
    department_pks: frozenset[int] = frozenset()
    area_codes: frozenset[str] = frozenset()

    def includes(self, *, department_pk: int | None = None, area_code: str = "") -> bool:
        return (
            self.everything or department_pk in self.department_pks or area_code in self.area_codes
        )


def scope_of(user: Any, model: type[models.Model], action: Action = "view") -> Scope:
    """Read from the roles that grant `action` on `model`. Nobody without a role sees anything."""
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return Scope()
    if user.is_superuser:
        return Scope(everything=True)
    return _reach_of(list(_granting(user, model, action)))


def _granting(user: User, model: type[models.Model], action: Action) -> models.QuerySet[Membership]:
    kind = ContentType.objects.get_for_model(model)
    return (
        Membership.objects.filter(
            user=user,
            role__permissions__content_type=kind,
            role__permissions__codename__in=[f"{v}_{kind.model}" for v in _GRANTED_BY[action]],
        )
        .select_related("role")
        .distinct()
    )


def _reach_of(memberships: list[Membership]) -> Scope:
    by_reach: dict[str, list[Membership]] = {}
    for membership in memberships:
        by_reach.setdefault(membership.role.reach, []).append(membership)
    own = {m.department_id for m in by_reach.get(Role.Reach.DEPARTMENT, ())}
    areas = {code for m in by_reach.get(Role.Reach.AREA, ()) for code in m.area_codes}
    return Scope(
        everything=Role.Reach.ALL in by_reach,
        department_pks=Department.objects.all().with_descendants(own) if own else frozenset(),
        area_codes=frozenset(areas),
    )


class ScopedQuerySet(models.QuerySet[M]):
    """Name the lookup of the department's primary key, of the area's code, or of both.

    With both, a row is in reach if either holds. A model may override `rows_in` where its rows
    find their department or area another way.
    """

    department_lookup: ClassVar[str] = ""
    area_lookup: ClassVar[str] = ""

    def visible_to(self, user: Any) -> Self:
        return self.permitted_to(user, "view")

    def permitted_to(self, user: Any, action: Action) -> Self:
        scope = scope_of(user, self.model, action)
        return self if scope.everything else self.filter(self.rows_in(scope))

    def rows_in(self, scope: Scope) -> Q:
        rows = Q(pk__in=[])
        if self.department_lookup and scope.department_pks:
            rows |= Q(**{f"{self.department_lookup}__in": scope.department_pks})
        if self.area_lookup and scope.area_codes:
            rows |= Q(**{f"{self.area_lookup}__in": scope.area_codes})
        return rows
