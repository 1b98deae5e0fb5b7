"""What this app lets go of by itself."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from apps.accounts.models import PhoneCode, User
from apps.base import clock

PHONE_CODES_KEPT = timedelta(days=1)
UNPROVEN_USERS_KEPT = timedelta(days=14)


def phone_codes() -> int:
    """A day: the limit per number looks back an hour."""
    removed, _ = PhoneCode.objects.filter(created_at__lt=clock.now() - PHONE_CODES_KEPT).delete()
    return removed


def unproven_users() -> int:
    """Sign-ups that never proved an address have no person."""
    removed, _ = User.objects.filter(
        person=None, is_staff=False, created_at__lt=clock.now() - UNPROVEN_USERS_KEPT
    ).delete()
    return removed


def ended_sessions() -> int:
    """Sessions over, and what was noted of their devices."""
    removed: int = Session.objects.filter(expire_date__lt=clock.now()).delete()[0]
    living = Session.objects.values("session_key")
    noted: int = UserSession.objects.exclude(session_key__in=living).delete()[0]
    return removed + noted
