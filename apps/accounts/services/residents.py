"""People whom a seed or an importer brings in whole, with what they would have said themselves."""

from allauth.account.models import EmailAddress
from django.db import transaction

from apps.accounts.core.contacts import Address
from apps.accounts.models import Person, User
from apps.accounts.selectors.consents import purposes
from apps.accounts.selectors.persons import person_at
from apps.accounts.services.consents import give_consent
from apps.accounts.services.contacts import confirm_contact, read_address
from apps.accounts.services.mobility import MOBILITY, set_mobility_profile
from apps.accounts.services.persons import register_person, update_person


@transaction.atomic
def settle_person(
    *,
    display_name: str,
    locale: str,
    phone: str,
    email: str | None = None,
    profile: str | None = None,
) -> Person:
    """A person with proven addresses; with an e-mail also a login. Settling twice changes nothing.

    With a `profile` the person agrees to its being kept. Raises Invalid.
    """
    number = read_address("phone", phone, field="phone")
    mailbox = read_address("email", email, field="email") if email else None
    person = person_at(number) or register_person(user=_login(mailbox))
    update_person(person=person, display_name=display_name, locale=locale)
    for address in filter(None, (number, mailbox)):
        confirm_contact(person=person, address=address)
    if profile:
        give_consent(person=person, purpose=MOBILITY, text_version=purposes.load(MOBILITY).version)
        set_mobility_profile(person=person, base=profile, limits={})
    return person


def _login(mailbox: Address | None) -> User | None:
    if mailbox is None:
        return None
    user = User.objects.filter(email=mailbox.value).first()
    user = user or User.objects.create_user(mailbox.value)
    note_login_address(user)
    return user


def note_login_address(user: User) -> None:
    """Tell allauth that the user's e-mail was proven elsewhere."""
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
