"""What this app itself keeps of a person, for `personal_data`."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Membership, Person, PhoneCode
from apps.accounts.services.personal_data import Erased, Section, covers
from apps.base import clock

PERSON_KEYS = (
    "accounts.Person.user",
    "accounts.Contact.person",
    "accounts.Consent.person",
    "accounts.MobilityProfile.person",
)
STAFF_KEYS = (
    "accounts.Membership.user",
    "accounts.DutyShift.person",
    "admin.LogEntry.user",
)
SIGN_IN_KEYS = (
    "account.EmailAddress.user",
    "mfa.Authenticator.user",
    "socialaccount.SocialAccount.user",
    "usersessions.UserSession.user",
)


@covers(*PERSON_KEYS)
def export_person(person: Person) -> Section:
    profile = getattr(person, "mobility_profile", None)
    return Section(
        {
            "display_name": person.display_name,
            "locale": person.locale,
            "created_at": person.created_at,
            "contacts": _rows(
                person.contacts.all(), "kind", "channel", "value", "verified_at", "created_at"
            ),
            "consents": _rows(
                person.consents.all(), "purpose", "text_version", "given_at", "withdrawn_at"
            ),
            "mobility_profile": profile and {"base": profile.base, "limits": profile.limits},
        }
    )


@covers(*STAFF_KEYS)
def export_staff(person: Person) -> Section:
    memberships = Membership.objects.filter(user=person.user) if person.user else ()
    actions = LogEntry.objects.filter(user=person.user) if person.user else LogEntry.objects.none()
    return Section(
        {
            "roles": [
                {"department": m.department.code, "role": m.role.code, "areas": m.area_codes}
                for m in memberships
            ],
            "duty_shifts": _rows(
                person.duty_shifts.all(), "department__code", "starts_at", "ends_at", "rank"
            ),
            "actions": _rows(actions, "action_time", "object_repr", "change_message"),
        }
    )


@covers(*SIGN_IN_KEYS)
def export_sign_in(person: Person) -> Section:
    user = person.user
    if user is None:
        return Section({})
    return Section(
        {
            "email": user.email,
            "last_login": user.last_login,
            "email_addresses": _rows(
                EmailAddress.objects.filter(user=user), "email", "verified", "primary"
            ),
            "second_factors": _rows(
                Authenticator.objects.filter(user=user), "type", "created_at", "last_used_at"
            ),
            "providers": _rows(SocialAccount.objects.filter(user=user), "provider", "uid"),
            "sessions": _rows(
                UserSession.objects.filter(user=user), "ip", "user_agent", "created_at"
            ),
        }
    )


def _rows(rows: QuerySet[Any], *fields: str) -> list[dict[str, Any]]:
    return list(rows.values(*fields))


@covers(*PERSON_KEYS)
def erase_person(person: Person) -> Erased:
    """Contacts, codes, consents and profile go; the row stays, empty."""
    numbers = person.contacts.filter(kind="phone").values("value")
    removed = PhoneCode.objects.filter(phone__in=numbers).delete()[0]
    for rows in (person.contacts.all(), person.consents.all()):
        removed += rows.delete()[0]
    if profile := getattr(person, "mobility_profile", None):
        removed += profile.delete()[0]
    person.display_name, person.erased_at = "", clock.now()
    person.save(update_fields=["display_name", "erased_at"])
    return Erased(removed=removed, anonymised=1)


@covers(*STAFF_KEYS)
def erase_staff(person: Person) -> Erased:
    """Shifts to come go with the roles; the record of staff actions stays."""
    removed = person.duty_shifts.all().delete()[0]
    if person.user is None:
        return Erased(removed=removed)
    removed += Membership.objects.filter(user=person.user).delete()[0]
    kept = LogEntry.objects.filter(user=person.user).count()
    return Erased(removed=removed, kept=kept, reason=_("The record of official acts is kept."))


@covers(*SIGN_IN_KEYS)
def erase_sign_in(person: Person) -> Erased:
    """End every session and remove the login; one with official acts on record is emptied."""
    user = person.user
    if user is None:
        return Erased()
    for session in UserSession.objects.filter(user=user):
        session.end()
    removed = 0
    for model in (EmailAddress, Authenticator, SocialAccount):
        removed += model.objects.filter(user=user).delete()[0]
    Person.objects.filter(pk=person.pk).update(user=None)
    person.user = None
    if not LogEntry.objects.filter(user=user).exists():
        return Erased(removed=removed + user.delete()[0])
    user.email, user.is_active, user.is_staff, user.is_superuser = None, False, False, False
    user.set_unusable_password()
    user.save()
    return Erased(removed=removed, anonymised=1)
