"""Several gateways at once, and a database that goes away in the middle."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.base import clock
from apps.base.clock import Hand
from citizen.asgi import application
from devices.events import Arrivals, Receiver, receivers
from devices.ingest.accept import Receipt
from devices.models import LastObservation, Observation
from tests.devices.conftest import Post, row, set_up
from tests.support.asgi import Answer, call
from tests.support.registries import registered

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_post(hand: Hand, transactional_db: None) -> Post:
    return set_up()


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """Run the tasks in threads that start together, each with a connection of its own."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        try:
            gate.wait(10)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result(30) for future in [pool.submit(run, task) for task in tasks]]


def test_the_same_rows_from_four_sides_are_stored_once(open_post: Post) -> None:
    rows = [row(n, ago_s=n) for n in range(300)]
    orders = [rows, rows[::-1], rows[150:] + rows[:150], rows[1::2] + rows[::2]]

    receipts: list[Receipt] = at_once(*(partial(open_post.send, *order) for order in orders))

    assert sum(receipt.stored for receipt in receipts) == 300
    assert sum(receipt.duplicate for receipt in receipts) == 900
    assert Observation.objects.count() == 300
    assert LastObservation.objects.get().result == 0


def test_of_two_that_contradict_each_other_one_is_stored(open_post: Post) -> None:
    receipts: list[Receipt] = at_once(
        lambda: open_post.send(row(120)), lambda: open_post.send(row(130))
    )

    assert sorted(receipt.stored for receipt in receipts) == [0, 1]
    assert sorted(len(receipt.quarantined) for receipt in receipts) == [0, 1]


def test_the_first_batches_of_a_day_make_its_partition_once(open_post: Post) -> None:
    days_s = 86_400 * 20
    tasks = [partial(open_post.send, row(n, ago_s=days_s + n)) for n in range(4)]

    assert sum(receipt.stored for receipt in at_once(*tasks)) == 4


# ---------------------------------------------------------------- away


def _cut_the_line(_arrivals: Arrivals) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


CUTTING = Receiver(frozenset({"test_level"}), _cut_the_line)


def send(post: Post, *rows: Any) -> Answer:
    body = json.dumps({"observations": rows}).encode()
    headers = {"Authorization": f"Gateway {post.key}"}
    path = "/api/v1/devices/observations"
    return asyncio.run(call(application, "POST", path, body=body, headers=headers))


def test_a_gateway_is_told_to_wait_when_the_database_goes_away(open_post: Post) -> None:
    with registered(receivers, "cutting", f"{__name__}.CUTTING"):
        answer = send(open_post, row(120))

    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert Observation.objects.count() == 0, "nothing acknowledged, nothing stored"

    again = send(open_post, row(120))
    assert again.json()["stored"] == 1, "and the same batch is taken when it is back"


def test_an_acknowledged_batch_survives_whatever_happens_to_us(open_post: Post) -> None:
    """The answer may be lost on its way; the gateway then says it again, to no effect."""
    assert send(open_post, row(120)).status == 200
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    answers = [send(open_post, row(120)) for _ in range(6)]
    taken = [answer.json() for answer in answers if answer.status == 200]
    assert taken
    assert all(receipt["stored"] == 0 and receipt["duplicate"] == 1 for receipt in taken)
    assert clock.now() == LastObservation.objects.get().phenomenon_at
