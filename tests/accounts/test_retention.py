"""What has had its time goes by itself; the rest stays."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts import services
from apps.accounts.models import PhoneCode, User
from apps.accounts.services import retention
from apps.base import clock
from apps.base.clock import Hand
from apps.base.retention import rules
from tests.support.world import People


def test_its_rules_are_registered() -> None:
    names = {kind for kind in rules.kinds() if kind.startswith("accounts.")}
    assert names == {"accounts.phone_codes", "accounts.unproven_users", "accounts.ended_sessions"}


@pytest.mark.django_db
def test_phone_codes_go_after_a_day(hand: Hand, settings: Any) -> None:
    settings.PHONE_CODES = "loopback"
    services.request_phone_code(phone="+821055550000", locale="ko")
    hand.move(timedelta(hours=23))
    assert retention.phone_codes() == 0
    hand.move(timedelta(hours=2))
    assert retention.phone_codes() == 1
    assert not PhoneCode.objects.exists()


def test_sign_ups_that_proved_nothing_go_after_two_weeks(hand: Hand, people: People) -> None:
    User.objects.update(created_at=clock.now())
    User.objects.create_user("unproven@dalbit.example")
    User.objects.create_user("new-staff@dalbit.example", is_staff=True)
    before = User.objects.count()
    assert retention.unproven_users() == 0
    hand.move(timedelta(days=15))
    assert retention.unproven_users() == 1
    assert User.objects.count() == before - 1
    assert not User.objects.filter(email="unproven@dalbit.example").exists()


def test_ended_sessions_go_with_what_was_noted_of_their_devices(hand: Hand, people: People) -> None:
    assert people.sora.user is not None
    Client().force_login(people.sora.user)
    session = Session.objects.get()
    UserSession.objects.create(
        user=people.sora.user, session_key=session.session_key, ip="192.0.2.1", user_agent="app"
    )
    hand.set(session.expire_date - timedelta(seconds=1))
    assert retention.ended_sessions() == 0
    hand.set(session.expire_date + timedelta(seconds=1))
    assert retention.ended_sessions() == 2
    assert not UserSession.objects.exists()
