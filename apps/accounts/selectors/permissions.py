"""What a user may do: the permissions of their roles, and nothing else."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from apps.accounts.models import User


class RoleBackend(AuthenticationBackend):  # type: ignore[misc] # untyped
    """Signs in as allauth does and reads permissions from `Membership` (cached on the user)."""

    def get_user(self, user_id: Any) -> User | None:
        """Every request asks this: the person comes along in the same query."""
        user = User.objects.select_related("person").filter(pk=user_id, is_active=True).first()
        return user

    def _get_user_permissions(self, user_obj: User) -> Any:
        return Permission.objects.filter(role__memberships__user=user_obj).distinct()

    def _get_group_permissions(self, user_obj: User) -> Any:
        return Permission.objects.none()
