"""What other apps, seeds and importers may ask of accounts."""

from apps.accounts.services.consents import give_consent, withdraw_consent
from apps.accounts.services.contacts import (
    LastWayIn,
    add_contact,
    confirm_contact,
    read_address,
    remove_contact,
)
from apps.accounts.services.mobility import forget_mobility_profile, set_mobility_profile
from apps.accounts.services.personal_data import erase_person, export_person
from apps.accounts.services.persons import (
    ensure_person,
    recognise_person,
    register_person,
    update_person,
    welcome_user,
)
from apps.accounts.services.phone_codes import add_phone, request_phone_code, user_by_phone
from apps.accounts.services.residents import settle_person
from apps.accounts.services.roster import AlreadyOnDuty, plan_shift
from apps.accounts.services.staff import assign_role, define_role, employ, open_department

__all__ = [
    "AlreadyOnDuty",
    "LastWayIn",
    "add_contact",
    "add_phone",
    "assign_role",
    "confirm_contact",
    "define_role",
    "employ",
    "ensure_person",
    "erase_person",
    "export_person",
    "forget_mobility_profile",
    "give_consent",
    "open_department",
    "plan_shift",
    "read_address",
    "recognise_person",
    "register_person",
    "remove_contact",
    "request_phone_code",
    "set_mobility_profile",
    "settle_person",
    "update_person",
    "user_by_phone",
    "welcome_user",
    "withdraw_consent",
]
