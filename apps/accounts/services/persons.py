"""Persons come into being and say how they want to be called."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.accounts.core.contacts import Address
from apps.accounts.models import Person, User
from apps.accounts.selectors.persons import person_at
from apps.accounts.services.contacts import confirm_contact, hold_address
from apps.base.problems import Invalid, Text

NAME_LENGTH = 80


def register_person(
    *, display_name: str = "", locale: str = "", user: User | None = None
) -> Person:
    """A new person. Raises Invalid for a name or language that cannot be kept."""
    person = Person(user=user)
    _call(person, display_name=display_name, locale=locale or _locale_here())
    person.save(force_insert=True)
    return person


def ensure_person(*, user: User) -> Person:
    """The user's person, made at the first sign-in. Two doors at once make one person."""
    found = Person.objects.filter(user=user).first()
    if found:
        return found
    try:
        with transaction.atomic():
            return register_person(user=user)
    except IntegrityError:
        return Person.objects.get(user=user)


@transaction.atomic
def welcome_user(*, user: User, address: Address) -> Person:
    """A user has proven an address: give them their person.

    Someone the city already knew by this address (by phone, from a counter) and who never had a
    login keeps being that person.
    """
    hold_address(address)
    person = Person.objects.filter(user=user).first() or _known_without_login(address, user)
    person = person or register_person(user=user)
    confirm_contact(person=person, address=address)
    return person


def _known_without_login(address: Address, user: User) -> Person | None:
    known = person_at(address)
    if known is None or known.user_id is not None:
        return None
    claimed = Person.objects.filter(pk=known.pk, user=None).update(user=user)
    known.user = user
    return known if claimed else None


@transaction.atomic
def recognise_person(*, address: Address, locale: str = "") -> Person:
    """The person at an address that its channel vouches for, made at the first meeting."""
    hold_address(address)  # a message delivered twice meets one person
    known = person_at(address)
    if known:
        return known
    person = register_person(locale=locale)
    confirm_contact(person=person, address=address)
    return person


def update_person(
    *, person: Person, display_name: str | None = None, locale: str | None = None
) -> Person:
    """Raises Invalid for a name or language that cannot be kept."""
    _call(person, display_name=display_name, locale=locale)
    person.save(update_fields=["display_name", "locale"])
    return person


def _call(person: Person, *, display_name: str | None, locale: str | None) -> None:
    errors: dict[str, Text] = {}
    if display_name is not None:
        person.display_name = " ".join(display_name.split())
        if len(person.display_name) > NAME_LENGTH or not person.display_name.isprintable():
            errors["display_name"] = _("At most 80 letters, without control characters.")
    if locale is not None:
        person.locale = locale
        if locale not in dict(settings.LANGUAGES):
            errors["locale"] = _("This language is not spoken here yet.")
    if errors:
        raise Invalid(errors=errors)


def _locale_here() -> str:
    """The language of this request if it is one of ours, else the city's."""
    language = (get_language() or "").split("-")[0]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
