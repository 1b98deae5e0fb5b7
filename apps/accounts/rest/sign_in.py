"""Opens an allauth session for a user whom one of our own proofs has let in."""

from dataclasses import dataclass

from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.headless.constants import Client
from allauth.headless.internal.authkit import authentication_context
from allauth.headless.internal.decorators import mark_request_as_headless
from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from apps.accounts.models import User


@dataclass(frozen=True, slots=True)
class Opened:
    """A session's token. Not `complete` while a second factor is still to come, at allauth's door
    and with the same token."""

    token: str
    complete: bool


def open_session(request: HttpRequest, user: User) -> Opened:
    """Take the user through allauth's own steps, so that a second factor is never passed by."""
    mark_request_as_headless(request, Client.APP)
    with authentication_context(request):
        record_authentication(request, user, method="code")
        perform_login(request, Login(user=user, email_verification=EmailVerificationMethod.NONE))
        strategy = import_string(settings.HEADLESS_TOKEN_STRATEGY)()
        token: str = strategy.create_session_token(request)
        return Opened(token, complete=request.user.is_authenticated)
