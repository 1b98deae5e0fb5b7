"""The second factor at the staff's door: asked once a session, set up at the first visit.

Until it is passed the admin shows this page and nothing else (`CITIZEN_STAFF_MFA`).
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.accounts.models import User
from apps.accounts.services.second_factor import is_passed, note_passed
from apps.base import audit


class SecondFactorMiddleware:
    """Keeps staff on the second-factor page until they are through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_MFA and _is_behind(request.path) and _must_pass(request):
            return redirect(f"{reverse('second-factor')}?next={request.path}")
        return self.get_response(request)


def _is_behind(path: str) -> bool:
    open_to_all = (reverse("second-factor"), reverse("admin:login"), reverse("admin:logout"))
    return path.startswith(reverse("admin:index")) and path not in open_to_all


def _must_pass(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, User) and user.is_staff and not is_passed(request.session, user)


@never_cache
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the authenticator; without one yet, help to set it up."""
    assert isinstance(request.user, User)
    if not request.user.is_staff:
        return redirect("admin:login")
    if _has_factor(request.user):
        return _ask(request, request.user)
    return _set_up(request, request.user)


def _has_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def _styled(form: forms.Form) -> forms.Form:
    form.fields["code"].widget = UnfoldAdminTextInputWidget(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    )
    return form


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    form = AuthenticateForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        note_passed(request.session, user)
        return HttpResponseRedirect(_next(request))
    return _page(request, form=_styled(form))


def _set_up(request: HttpRequest, user: User) -> HttpResponse:
    form = ActivateTOTPForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        codes = _activate(request, user, form.secret)
        return _page(request, recovery_codes=codes)
    picture = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, form.secret))
    return _page(request, form=_styled(form), secret=form.secret, picture=mark_safe(picture))  # noqa: S308 - drawn by us


@transaction.atomic
def _activate(request: HttpRequest, user: User, secret: str) -> list[str]:
    TOTP.activate(user, secret)
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    clear_totp_secret(request)
    audit.record(
        actor=str(user),
        action="accounts.user.second_factor_set",
        subject=f"accounts.user:{user.pk}",
    )
    note_passed(request.session, user)
    return codes


def _next(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if ours and wanted else reverse("admin:index")


def _page(request: HttpRequest, **context: Any) -> HttpResponse:
    context |= admin.site.each_context(request)
    context |= {"title": _("Second factor"), "next": _next(request)}
    return render(request, "accounts/second_factor.html", context)
