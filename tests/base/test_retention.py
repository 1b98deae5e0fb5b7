"""What is kept has an end."""

from datetime import timedelta

import pytest

from apps.base import clock, retention
from apps.base.clock import Hand
from apps.base.commands import run_once
from apps.base.models import CommandKey, Work
from tests.support.registries import registered


@pytest.mark.django_db
def test_old_command_keys_and_done_work_go_and_the_rest_stays(hand: Hand) -> None:
    run_once(key="old", actor="a", command="c", request={}, do=dict)
    at = clock.now()
    Work.objects.create(kind="x", state="done", done_at=at, due_at=at, created_at=at)
    Work.objects.create(kind="x", state="failed", due_at=at, created_at=at)
    hand.move(timedelta(days=15))
    run_once(key="new", actor="a", command="c", request={}, do=dict)
    removed = retention.keep_all()
    assert (removed["command_keys"], removed["done_work"]) == (1, 1)
    assert CommandKey.objects.get().key == "new"
    assert Work.objects.get().state == "failed"


@pytest.mark.django_db
def test_a_rule_that_fails_does_not_stop_the_others() -> None:
    with registered(retention.rules, "a_broken_one", "no.such.rule"):
        assert "command_keys" in retention.keep_all()
