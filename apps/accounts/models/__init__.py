"""Who: login users and persons, how to reach them, who works where, what they agreed to."""

from apps.accounts.models.consents import Consent
from apps.accounts.models.contacts import Contact
from apps.accounts.models.mobility import MobilityProfile
from apps.accounts.models.persons import Person
from apps.accounts.models.phone_codes import PhoneCode
from apps.accounts.models.roster import DutyShift
from apps.accounts.models.scopes import Scope, ScopedQuerySet, scope_of
from apps.accounts.models.staff import Department, Membership, Role
from apps.accounts.models.users import User

__all__ = [
    "Consent",
    "Contact",
    "Department",
    "DutyShift",
    "Membership",
    "MobilityProfile",
    "Person",
    "PhoneCode",
    "Role",
    "Scope",
    "ScopedQuerySet",
    "User",
    "scope_of",
]
