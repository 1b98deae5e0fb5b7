"""Staff at the REST door: their roles decide, and a second factor must have been passed, as in the
admin."""

from typing import Any

from django.conf import settings
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.accounts.services.second_factor import is_passed


class StaffMay(BasePermission):
    """The view says what each method needs: `needs = {"GET": "devices.view_camera"}`."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needs: dict[str, str] = view.needs  # type: ignore[attr-defined]
        permission = needs.get(request.method or "", "")
        user = request.user
        return (
            isinstance(user, User)
            and user.is_staff
            and user.has_perm(permission)
            and passed_second_factor(user, request.auth)
        )


def passed_second_factor(user: User, session: Any) -> bool:
    """In the admin, or at allauth's door; always where the city asks for none."""
    if not settings.STAFF_MFA:
        return True
    if session is None:
        return False
    methods = session.get("account_authentication_methods", ())
    return is_passed(session, user) or any(m.get("method") == "mfa" for m in methods)
