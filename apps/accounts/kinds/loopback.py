"""A transport of phone codes that reaches no phone: for tests and the demo town.

The digits lie in the cache, for as long as they are good, and in no log. Never use it where real
people sign in: `check --deploy` refuses it (accounts.E001).
"""

from django.core.cache import cache

from apps.accounts.services.phone_codes import LASTS

_KEY = "accounts.loopback-code:"


def send(*, phone: str, digits: str, locale: str) -> None:
    cache.set(f"{_KEY}{phone}", digits, timeout=int(LASTS.total_seconds()))


def last_digits(phone: str) -> str | None:
    """What was last sent to this E.164 number."""
    digits: str | None = cache.get(f"{_KEY}{phone}")
    return digits
