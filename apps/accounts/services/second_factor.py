"""Whether staff have passed the second factor in this session."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from apps.accounts.models import User

PASSED = "accounts.second-factor"


def note_passed(session: MutableMapping[str, Any], user: User) -> None:
    """For this user only: a session that changes hands starts anew."""
    session[PASSED] = user.pk


def is_passed(session: Mapping[str, Any], user: User) -> bool:
    return bool(session.get(PASSED) == user.pk)
