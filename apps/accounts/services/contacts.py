"""Addresses are added, proven, and given up."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.core import contacts as forms
from apps.accounts.core.contacts import Address, UnreadableAddress
from apps.accounts.models import Contact, Person
from apps.base import clock
from apps.base.problems import Conflict, Invalid

_EXPECTED = {
    Contact.Kind.EMAIL: _("An e-mail address such as name@example.org is expected."),
    Contact.Kind.PHONE: _("A phone number in use is expected, with its country if it is abroad."),
    Contact.Kind.CHANNEL: _("A channel and the user id it gave are expected."),
}


class LastWayIn(Conflict):
    slug = "last-way-in"
    title = _("This is the only way you can sign in. Add another address first.")


def read_address(kind: str, value: str, *, channel: str = "", field: str = "value") -> Address:
    """Bring an address into its normal form. Raises Invalid naming `field`."""
    try:
        match kind:
            case Contact.Kind.EMAIL:
                return forms.email(value)
            case Contact.Kind.PHONE:
                return forms.phone(value, region=settings.PHONE_REGION)
            case Contact.Kind.CHANNEL:
                return forms.channel(channel, value)
    except UnreadableAddress as error:
        raise Invalid(errors={field: _EXPECTED[Contact.Kind(kind)]}) from error
    raise Invalid(errors={"kind": _("email, phone or channel is expected.")})


def add_contact(*, person: Person, address: Address) -> Contact:
    """Note an address without proof, as a counter or a form may give it."""
    contact, _created = Contact.objects.get_or_create(
        person=person, kind=address.kind, channel=address.channel, value=address.value
    )
    return contact


def hold_address(address: Address) -> None:
    """One proof of an address at a time until this transaction ends, rows or no rows."""
    name = f"{address.kind}:{address.channel}:{address.value}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


@transaction.atomic
def confirm_contact(*, person: Person, address: Address) -> Contact:
    """The person has just proven that the address is theirs.

    The fresh proof wins: numbers and mailboxes get new owners, so whoever had it verified before
    loses it.
    """
    hold_address(address)
    Contact.objects.verified().at(address).exclude(person=person).delete()
    contact, _created = Contact.objects.update_or_create(
        person=person,
        kind=address.kind,
        channel=address.channel,
        value=address.value,
        defaults={"verified_at": clock.now()},
    )
    return contact


@transaction.atomic
def remove_contact(*, person: Person, contact: Contact) -> None:
    """Give an address up, and with it what it opens. Raises LastWayIn."""
    if person.user_id is not None and not _ways_in(person, without=contact):
        raise LastWayIn
    if contact.kind == Contact.Kind.EMAIL and person.user is not None:
        EmailAddress.objects.filter(user=person.user, email=contact.value).delete()
        if person.user.email == contact.value:
            _move_login(person)
    contact.delete()


def _ways_in(person: Person, *, without: Contact) -> bool:
    """Whether another verified address opens a session."""
    opening = person.contacts.verified().exclude(kind=Contact.Kind.CHANNEL)
    return opening.exclude(pk=without.pk).exists()


def _move_login(person: Person) -> None:
    """Make the next verified e-mail the login, or leave none for one who signs in by phone."""
    user = person.user
    assert user is not None
    nearest = EmailAddress.objects.filter(user=user, verified=True).order_by("pk").first()
    user.email = nearest.email if nearest else None
    user.save(update_fields=["email"])
    if nearest:
        nearest.set_as_primary()
