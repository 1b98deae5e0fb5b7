"""Where allauth asks us: what it tells about a user, which steps a sign-in takes, how it keeps
secrets."""

import base64
import dataclasses
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.httpkit import is_headless_request
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.headless.internal.sessionkit import lookup_session
from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from apps.accounts.models import Person, User


class AccountAdapter(DefaultAccountAdapter):
    def get_login_stages(self) -> list[str]:
        """The staff's browser door has a second factor of its own (`admin.second_factor`)."""
        if is_headless_request(self.request):
            stages: list[str] = super().get_login_stages()
            return stages
        return []


@dataclasses.dataclass
class SignedInUser:
    """What allauth's answers say of the user; the person's code, never a primary key."""

    id: str | None = dataclasses.field(metadata={"description": "The person's code."})
    display: str = dataclasses.field(metadata={"description": "How to call the person."})
    email: str | None = dataclasses.field(metadata={"description": "The e-mail address."})
    has_usable_password: bool = dataclasses.field(
        metadata={"description": "Whether a password is set."}
    )


class HeadlessAdapter(DefaultHeadlessAdapter):
    def get_user_dataclass(self) -> type[SignedInUser]:
        return SignedInUser

    def user_as_dataclass(self, user: User) -> SignedInUser:
        person: Person | None = getattr(user, "person", None)
        return SignedInUser(
            id=str(person.code) if person else None,
            display=person.display_name if person else "",
            email=user.email,
            has_usable_password=user.has_usable_password(),
        )


class SessionTokens(SessionTokenStrategy):
    def lookup_session(self, session_token: str) -> SessionBase | None:
        """One query where allauth's own strategy asks twice."""
        found: SessionBase | None = lookup_session(session_token)
        return found


class MfaAdapter(DefaultMFAAdapter):
    """Keeps the seeds of second factors encrypted, so that a stolen table opens nothing."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    """Follows `SECRET_KEY` and its fallbacks: a changed key still reads what the old one wrote."""
    secrets: list[Any] = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"citizen.mfa:{key}".encode()).digest()))
        for key in secrets
    )
