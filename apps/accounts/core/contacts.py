"""Addresses in their normal form, so that one address is one string.

Phones are E.164 (ITU-T; read by libphonenumber). E-mail is lower-cased
whole: RFC 5321 lets the local part differ in case, no provider in use does. A channel's user id is
the vendor's opaque string, kept as it is.
"""

import re
from dataclasses import dataclass

import phonenumbers

_EMAIL = re.compile(r"[^@\s]{1,64}@(?:[^@\s.]+\.)+[^@\s.]{2,}|[^@\s]{1,64}@localhost")
_COSTLY = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOICEMAIL,
    }
)
_CHANNEL = re.compile(r"[a-z][a-z0-9-]{1,19}")


class UnreadableAddress(ValueError):
    """Not an address of its kind; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Address:
    """A normalised address. `channel` is set for kind "channel" only."""

    kind: str
    value: str
    channel: str = ""


def email(text: str) -> Address:
    """Raises UnreadableAddress."""
    value = text.strip().lower()
    if len(value) > 254 or not _EMAIL.fullmatch(value):
        raise UnreadableAddress("an e-mail address such as name@example.org")
    return Address("email", value)


def phone(text: str, *, region: str) -> Address:
    """Read a number as people in `region` (ISO 3166-1) write it. Raises UnreadableAddress."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise UnreadableAddress("a phone number") from error
    if number.extension or not _can_be_called(number):
        raise UnreadableAddress("a phone number that can be called, without extension")
    return Address("phone", phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _can_be_called(number: phonenumbers.PhoneNumber) -> bool:
    """Long enough to be somebody's, and none that earns its holder money when called.

    Not `is_valid_number`: its tables trail the numbers that carriers hand out.
    """
    subscriber = phonenumbers.national_significant_number(number)
    return (
        phonenumbers.is_possible_number(number)
        and len(subscriber) >= 7
        and phonenumbers.number_type(number) not in _COSTLY
    )


def channel(name: str, user_id: str) -> Address:
    """Raises UnreadableAddress."""
    if not _CHANNEL.fullmatch(name):
        raise UnreadableAddress("a channel's name in lower case")
    if not user_id or len(user_id) > 254 or not user_id.isprintable():
        raise UnreadableAddress("the user id that the channel gave")
    return Address("channel", user_id, name)


def masked(address: Address) -> str:
    """Enough for its owner to recognise it, too little for anybody else."""
    match address.kind:
        case "email":
            name, _, host = address.value.partition("@")
            return f"{name[:2]}***@{host}" if len(name) > 2 else f"***@{host}"
        case "phone":
            return f"{address.value[:3]}****{address.value[-4:]}"
    tail = address.value[-4:] if len(address.value) > 8 else ""
    return f"{address.channel}:****{tail}"
