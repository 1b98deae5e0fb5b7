"""How staff sign in: by password with limits on guessing, or at the city's OpenID provider."""

import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_provider_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.forms import AuthenticationForm

from apps.accounts.services.second_factor import note_passed
from apps.base.problems import Text

logger = logging.getLogger(__name__)

PROVIDER = "staff"  # its id in SOCIALACCOUNT_PROVIDERS

# Authentication methods (RFC 8176) that mean: more than a password was asked for.
STRONG_METHODS = frozenset({"mfa", "otp", "hwk", "swk", "sc", "pop", "fpt", "face", "iris"})


class StaffLoginForm(AuthenticationForm):
    """Django's own form would let anybody guess without end."""

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if email and password:
            user = get_adapter().authenticate(self.request, email=email, password=password)
            if user is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(user)
            self.user_cache = user
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    @property
    def provider(self) -> dict[str, str] | None:
        """The city's own sign-in for staff, for the button below the form."""
        apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", ())
        for app in apps:
            return {"name": app["name"], "url": f"{reverse('staff-provider')}?next=/admin/"}
        return None


@require_POST
def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """Off to the provider. allauth's own view keeps shut where apps are the only clients."""
    try:
        provider = get_provider_adapter().get_provider(request, PROVIDER)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    leaving: HttpResponse = provider.redirect_from_request(request)
    return leaving


class StaffProviderAdapter(DefaultSocialAccountAdapter):
    """The provider says who it is; that they are staff was said here before."""

    def is_open_for_signup(self, _request: HttpRequest, _login: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        user = sociallogin.user if sociallogin.is_existing else None
        if user is None or not user.is_active or not user.is_staff:
            raise _sent_back(request, _("There is no staff login for this account."))
        claims = sociallogin.account.extra_data.get("id_token") or {}
        if STRONG_METHODS.intersection(claims.get("amr") or ()):
            note_passed(request.session, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        logger.warning("staff provider %s: %s %r", provider, error, exception)
        raise _sent_back(request, _("Signing in there did not work. Please try again."))


def _sent_back(request: HttpRequest, why: Text) -> ImmediateHttpResponse:
    messages.error(request, str(why))
    return ImmediateHttpResponse(HttpResponseRedirect(reverse("admin:login")))
