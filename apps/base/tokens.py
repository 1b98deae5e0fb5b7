"""Signed tokens: a small JSON value that left our hands and comes back unchanged, or not at all.

A token is bound to its purpose, so that an offer can't be used as a receipt, and ends by the
city's clock.
"""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from apps.base import clock
from apps.base.problems import Problem


class TokenForged(Problem):
    slug, status = "token-forged", 400
    title = _("This token was not made by us.")


class TokenExpired(Problem):
    slug, status = "token-expired", 410
    title = _("This offer is no longer valid. Please ask again.")


def sign(purpose: str, value: Any, *, lasts: timedelta) -> str:
    """Return a URL-safe token of JSON-ready `value` that `read` accepts until now + `lasts`."""
    ends_at = (clock.now() + lasts).timestamp()
    return signing.dumps([ends_at, value], salt=f"citizen.{purpose}", compress=True)


def read(purpose: str, token: str) -> Any:
    """Return the value of a token made for `purpose`.

    Raises:
        TokenForged: it was changed, or made by others or for another purpose.
        TokenExpired: its time is over.
    """
    try:
        ends_at, value = signing.loads(token, salt=f"citizen.{purpose}")
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise TokenForged from error
    if clock.now().timestamp() > ends_at:
        raise TokenExpired
    return value
