"""A command carried out once, however often it is sent."""

import threading
from typing import Any

import pytest
from django.db import connection

from apps.base.commands import KeyReused, run_once
from apps.base.models import CommandKey
from apps.base.problems import Invalid


def send(key: str | None, done: list[str], **request: Any) -> dict[str, Any]:
    def do() -> dict[str, Any]:
        done.append("done")
        return {"number": len(done)}

    return run_once(key=key, actor="sora", command="test.hold", request=request, do=do)


@pytest.mark.django_db
def test_a_repetition_has_no_second_effect_and_the_same_answer() -> None:
    done: list[str] = []
    assert send("k1", done, bay=1) == {"number": 1}
    assert send("k1", done, bay=1) == {"number": 1}
    assert done == ["done"]


@pytest.mark.django_db
def test_other_keys_and_no_keys_are_commands_of_their_own() -> None:
    done: list[str] = []
    for key in ("k1", "k2", None, None):
        send(key, done, bay=1)
    assert len(done) == 4


@pytest.mark.django_db
def test_it_refuses_a_key_that_came_with_another_request() -> None:
    done: list[str] = []
    send("k1", done, bay=1)
    with pytest.raises(KeyReused):
        send("k1", done, bay=2)
    assert done == ["done"]


@pytest.mark.django_db
def test_it_refuses_an_endless_key() -> None:
    with pytest.raises(Invalid):
        send("k" * 201, [])


@pytest.mark.django_db
def test_a_command_that_failed_may_be_tried_again_under_its_key() -> None:
    def fail() -> dict[str, Any]:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        run_once(key="k1", actor="sora", command="test.hold", request={"bay": 1}, do=fail)
    done: list[str] = []
    assert send("k1", done, bay=1) == {"number": 1}


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_acts_and_the_other_waits_for_its_answer() -> None:
    acting, go_on = threading.Event(), threading.Event()
    done: list[str] = []
    answers: list[dict[str, Any]] = []

    def first() -> dict[str, Any]:
        acting.set()
        assert go_on.wait(5)
        done.append("first")
        return {"by": "first"}

    def second() -> dict[str, Any]:
        done.append("second")
        return {"by": "second"}

    def carry_out(do: Any) -> None:
        try:
            answers.append(run_once(key="k1", actor="sora", command="test.hold", request={}, do=do))
        finally:
            connection.close()

    one = threading.Thread(target=carry_out, args=(first,))
    one.start()
    assert acting.wait(5)
    two = threading.Thread(target=carry_out, args=(second,))
    two.start()
    go_on.set()
    one.join(5)
    two.join(5)
    assert done == ["first"]
    assert answers == [{"by": "first"}] * 2
    assert CommandKey.objects.count() == 1
