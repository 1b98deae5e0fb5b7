"""Work rows: what must happen is found and done."""

import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from apps.base import request_ids, work
from apps.base.clock import Hand
from apps.base.models import CommandKey, Work
from tests.support.registries import registered

done: list[Any] = []
trouble: list[Exception] = []


def note(payload: Mapping[str, Any]) -> None:
    CommandKey.objects.create(
        actor="-", command="note", key=str(payload["n"]), created_at="2026-01-01T00:00Z"
    )
    if trouble:
        raise trouble[0]
    done.append((payload["n"], request_ids.current()))


@pytest.fixture(autouse=True)
def _handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(work, "hints", [])
    done.clear()
    trouble.clear()
    with registered(work.handlers, "test.note", "tests.base.test_work.note"):
        yield


@pytest.mark.django_db
def test_due_work_is_done_under_the_request_that_caused_it(hand: Hand) -> None:
    request_ids.use("request-of-sora")
    work.enqueue("test.note", {"n": 1})
    request_ids.use("another-one")
    assert work.sweep() == 1
    assert done == [(1, "request-of-sora")]
    assert Work.objects.get().state == Work.State.DONE


@pytest.mark.django_db
def test_work_waits_for_its_time(hand: Hand) -> None:
    work.enqueue("test.note", {"n": 1}, delay=timedelta(minutes=10))
    assert work.sweep() == 0
    hand.move(timedelta(minutes=10))
    assert work.sweep() == 1


@pytest.mark.django_db
def test_the_same_key_is_written_once(hand: Hand) -> None:
    work.enqueue("test.note", {"n": 1}, key="a")
    work.enqueue("test.note", {"n": 2}, key="a")
    work.enqueue("test.note", {"n": 3}, key="b")
    work.sweep()
    assert [n for n, _ in done] == [1, 3]


@pytest.mark.django_db
def test_failed_work_leaves_nothing_and_comes_back_later_and_later(hand: Hand) -> None:
    work.enqueue("test.note", {"n": 1})
    trouble.append(ConnectionError("away"))
    assert work.sweep() == 1
    row = Work.objects.get()
    assert (row.attempts, row.last_error) == (1, "ConnectionError: away")
    assert CommandKey.objects.count() == 0
    assert work.sweep() == 0
    hand.move(timedelta(seconds=2))
    trouble.clear()
    assert work.sweep() == 1
    assert [n for n, _ in done] == [1]


@pytest.mark.parametrize(("attempts", "wait_s"), [(1, 2), (2, 4), (5, 32), (12, 3600), (40, 3600)])
def test_it_waits_longer_after_each_failure(attempts: int, wait_s: int) -> None:
    assert work.backoff(attempts) == timedelta(seconds=wait_s)


@pytest.mark.django_db
def test_hopeless_work_stops_and_staff_may_start_it_again(hand: Hand) -> None:
    work.enqueue("test.note", {"n": 1})
    trouble.append(ConnectionError("away"))
    for _ in range(work.MAX_ATTEMPTS):
        work.sweep()
        hand.move(timedelta(hours=1))
    assert Work.objects.get().state == Work.State.FAILED
    trouble.clear()
    assert work.retry(Work.objects.all()) == 1
    assert work.sweep() == 1
    assert Work.objects.get().state == Work.State.DONE


@pytest.mark.django_db
def test_one_bad_row_does_not_hold_up_the_others(hand: Hand) -> None:
    work.enqueue("test.note", {})
    work.enqueue("test.note", {"n": 2})
    assert work.sweep() == 2
    assert [n for n, _ in done] == [2]


def test_it_refuses_work_that_nobody_does() -> None:
    with pytest.raises(KeyError, match=r"test\.unheard"):
        work.enqueue("test.unheard", {})


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_never_do_the_same_row(hand: Hand) -> None:
    for n in range(40):
        work.enqueue("test.note", {"n": n})

    def sweep() -> None:
        try:
            work.sweep()
        finally:
            connection.close()

    sweepers = [threading.Thread(target=sweep) for _ in range(4)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join(10)
    assert sorted(n for n, _ in done) == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_what_rolls_back_leaves_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    hinted: list[bool] = []
    monkeypatch.setattr(work, "hints", [lambda: hinted.append(True)])
    with transaction.atomic():
        work.enqueue("test.note", {"n": 1})
        transaction.set_rollback(True)
    assert not Work.objects.exists()
    assert not hinted
    work.enqueue("test.note", {"n": 1})
    assert hinted
