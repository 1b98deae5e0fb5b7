"""Codes by SMS (or read aloud): proof that a phone is at hand.

Who carries the code is a transport chosen by `CITIZEN_PHONE_CODES`. It is called in the
transaction that keeps the code's hash: it writes an outbox row, or does what may be lost.
"""

import secrets
import uuid
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.accounts.core.contacts import Address
from apps.accounts.models import Contact, Person, PhoneCode, User
from apps.accounts.selectors.persons import person_at
from apps.accounts.services.contacts import confirm_contact, read_address
from apps.accounts.services.persons import welcome_user
from apps.base import clock
from apps.base.problems import Invalid, NotAllowed, NotFound, TooMany, Unavailable
from apps.base.registry import Registry

LASTS = timedelta(minutes=5)
PAUSE = timedelta(seconds=30)
PER_HOUR = 5


class PhoneCodeSender(Protocol):
    def __call__(self, *, phone: str, digits: str, locale: str) -> None:
        """Take the code on its way to an E.164 number."""
        ...


senders: Registry[PhoneCodeSender] = Registry("phone code sender")


@transaction.atomic
def request_phone_code(*, phone: str, locale: str) -> PhoneCode:
    """Send six digits to a phone, known or not: the answer never tells.

    Raises:
        Invalid: not a phone number in use.
        TooMany: asked again within 30 s, or more than five times an hour for this number.
        Unavailable: no transport is set up.
    """
    address = read_address(Contact.Kind.PHONE, phone, field="phone")
    if settings.PHONE_CODES not in senders:
        raise Unavailable(_("Codes by phone are not available here."), retry_after_s=3600)
    _limit(address)
    digits = f"{secrets.randbelow(1_000_000):06d}"
    at = clock.now()
    row = PhoneCode(phone=address.value, created_at=at, expires_at=at + LASTS)
    row.digits_hash = row.hash_of(digits)
    row.save(force_insert=True)
    senders.load(settings.PHONE_CODES)(phone=address.value, digits=digits, locale=locale)
    return row


def _limit(address: Address) -> None:
    at = clock.now()
    asked_at = list(
        PhoneCode.objects.filter(phone=address.value, created_at__gt=at - timedelta(hours=1))
        .order_by("-created_at")
        .values_list("created_at", flat=True)[:PER_HOUR]
    )
    if not asked_at:
        return
    wait = asked_at[0] + PAUSE - at
    if len(asked_at) >= PER_HOUR:
        wait = asked_at[-1] + timedelta(hours=1) - at
    if wait > timedelta():
        raise TooMany(retry_after_s=int(wait.total_seconds()) + 1)


def confirm_phone_code(*, code: uuid.UUID | str, digits: str) -> Address:
    """The proven number. A code opens once; a wrong try counts even though it is refused.

    Raises:
        NotFound: no such code, used, too old or tried too often; ask for a new one.
        Invalid: wrong digits; the detail says how many tries are left.
    """
    row = _take_a_try(code)
    if not row.accepts(digits):
        left = row.MAX_TRIES - row.tries
        raise Invalid(errors={"digits": _("These are not the digits we sent.")}, tries_left=left)
    used = PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now())
    if not used:
        raise NotFound(_("This code is no longer valid. Ask for a new one."))
    return Address(Contact.Kind.PHONE, row.phone)


def _take_a_try(code: uuid.UUID | str) -> PhoneCode:
    """Count first, then compare: two guesses at once cost two tries."""
    at = clock.now()
    counted = PhoneCode.objects.filter(
        code=code, used_at=None, expires_at__gt=at, tries__lt=PhoneCode.MAX_TRIES
    ).update(tries=F("tries") + 1)
    if not counted:
        raise NotFound(_("This code is no longer valid. Ask for a new one."))
    return PhoneCode.objects.get(code=code)


def add_phone(*, person: Person, code: uuid.UUID | str, digits: str) -> Contact:
    """A signed-in person proves a number of theirs. Raises as `confirm_phone_code`."""
    address = confirm_phone_code(code=code, digits=digits)
    return confirm_contact(person=person, address=address)


def user_by_phone(*, code: uuid.UUID | str, digits: str) -> User:
    """Whoever proves a number signs in as its person; a new number makes a new one.

    Raises as `confirm_phone_code`, and NotAllowed for a closed login.
    """
    address = confirm_phone_code(code=code, digits=digits)
    with transaction.atomic():
        known = person_at(address)
        user = known.user if known else None
        if user and not user.is_active:
            raise NotAllowed(_("This login is closed. Please ask the city's staff."))
        user = user or User.objects.create_user()
        welcome_user(user=user, address=address)
        return user
