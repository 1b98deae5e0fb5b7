"""Departments, roles and who holds them: for the admin, for seeding, for importers."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.core.contacts import Address
from apps.accounts.models import Department, Membership, Person, Role, User
from apps.accounts.services.contacts import confirm_contact, read_address
from apps.accounts.services.persons import ensure_person, update_person
from apps.accounts.services.residents import note_login_address
from apps.base.problems import Invalid


def open_department(
    *, code: str, names: Mapping[str, str], parent: Department | None = None
) -> Department:
    """Open an office, or rename and move the one of this code."""
    department, _created = Department.objects.update_or_create(
        code=code, defaults={"names": dict(names), "parent": parent, "is_active": True}
    )
    return department


@transaction.atomic
def define_role(
    *, code: str, names: Mapping[str, str], reach: str, permissions: Iterable[str] = ()
) -> Role:
    """Say what holders may do (`app.action_model`) and on which rows. Raises Invalid."""
    role, _created = Role.objects.update_or_create(
        code=code, defaults={"names": dict(names), "reach": Role.Reach(reach)}
    )
    role.permissions.set([_permission(name) for name in permissions])
    return role


def _permission(name: str) -> Permission:
    app_label, _dot, codename = name.partition(".")
    found = Permission.objects.filter(content_type__app_label=app_label, codename=codename).first()
    if found is None:
        raise Invalid(errors={"permissions": _("There is no permission %s.") % name})
    return found


@transaction.atomic
def employ(
    *, email: str, display_name: str, locale: str = "", password: str | None = None
) -> Person:
    """Give someone a staff login; who is known by this e-mail keeps their person."""
    address: Address = read_address("email", email, field="email")
    user = User.objects.filter(email=address.value).first()
    user = user or User.objects.create_user(address.value, password)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    person = ensure_person(user=user)
    confirm_contact(person=person, address=address)
    note_login_address(user)
    return update_person(person=person, display_name=display_name, locale=locale or None)


def assign_role(
    *, user: User, department: Department, role: Role, area_codes: Iterable[str] = ()
) -> Membership:
    """Give a user a role in a department. Raises Invalid for an area role without areas."""
    areas = sorted(set(area_codes))
    if role.reach == Role.Reach.AREA and not areas:
        raise Invalid(errors={"area_codes": _("This role reaches by area: name at least one.")})
    membership, _created = Membership.objects.update_or_create(
        user=user, department=department, role=role, defaults={"area_codes": areas}
    )
    return membership
