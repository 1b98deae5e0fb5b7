"""Staff's view of people and offices. Mobility profiles are not here: nobody but the person sees
them."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from apps.accounts.admin import departments, persons, roster, users
from apps.accounts.admin.sign_in import StaffLoginForm

# Sign-in keeps its own rows: seeds, sessions and tokens are nothing to browse, groups are not used.
for model in (
    Group,
    EmailAddress,
    Authenticator,
    SocialAccount,
    SocialApp,
    SocialToken,
    UserSession,
):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

# Here and not in UNFOLD["LOGIN"]: unfold would import it before its own site is in place.
admin.site.login_form = StaffLoginForm

__all__ = ["departments", "persons", "roster", "users"]
