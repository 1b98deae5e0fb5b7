"""Live topics: snapshot + deltas = fresh snapshot, whatever was lost or late."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from apps.base import clock, live
from apps.base.clock import Hand
from apps.base.consumers import MAX_TOPICS
from apps.base.live import Row
from citizen.asgi import application
from tests.support.asgi import Socket
from tests.support.registries import registered

TABLE = "test_live_lamps"


class Lamps:
    """A topic over a small table of this module's own."""

    def rows(self, key: str, *, since: int | None) -> Iterable[Row]:
        if key != "all":
            raise KeyError(key)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, version, lit FROM {TABLE} WHERE changed_in >= %s ORDER BY id",  # noqa: S608
                [since or 0],
            )
            return [{"id": i, "version": v, "lit": lit} for i, v, lit in cursor.fetchall()]


source = Lamps()


@pytest.fixture
def lamps(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE {TABLE} "
            "(id int PRIMARY KEY, lit bool, version bigint, changed_in bigint)"
        )
        cursor.execute(
            f"INSERT INTO {TABLE} SELECT n, false, 1, pg_current_xact_id()::text::bigint "  # noqa: S608
            "FROM generate_series(1, 3) n"
        )
    with registered(live.sources, "test.lamps", "tests.base.test_live.source"):
        yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def switch(lamp: int, *, lit: bool, tell: bool = True) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET lit = %s, version = version + 1, "  # noqa: S608
            "changed_in = pg_current_xact_id()::text::bigint WHERE id = %s RETURNING version",
            [lit, lamp],
        )
        version = cursor.fetchone()[0]
        if tell:
            live.announce("test.lamps:all", [{"id": lamp, "version": version, "lit": lit}])


def merge(state: dict[int, Row], message: dict[str, Any]) -> dict[int, Row]:
    """What a client does."""
    for row in message["rows"]:
        if row["id"] not in state or row["version"] > state[row["id"]]["version"]:
            state[row["id"]] = row
    return state


async def opened(**order: Any) -> Socket:
    socket = Socket(application, "/ws/live/")
    assert await socket.connect()
    await socket.send(order)
    return socket


@pytest.mark.usefixtures("lamps")
async def test_snapshot_and_deltas_make_a_fresh_snapshot() -> None:
    socket = await opened(subscribe="test.lamps:all")
    state = merge({}, await socket.receive())
    await sync_to_async(switch)(2, lit=True)
    await sync_to_async(switch)(3, lit=True)
    await sync_to_async(switch)(2, lit=False)
    for _ in range(3):
        merge(state, await socket.receive())
    fresh = await sync_to_async(live.snapshot)("test.lamps:all")
    assert list(state.values()) == fresh.rows
    await socket.close()


@pytest.mark.usefixtures("lamps")
async def test_a_snapshot_says_what_time_it_is_in_the_city(hand: Hand) -> None:
    socket = await opened(subscribe="test.lamps:all")
    told = (await socket.receive())["clock"]
    assert datetime.fromisoformat(told["now"]) == clock.now()
    assert told["speed"] == 0
    await socket.close()


@pytest.mark.usefixtures("lamps")
async def test_a_client_that_comes_back_gets_only_what_changed() -> None:
    socket = await opened(subscribe="test.lamps:all")
    horizon = (await socket.receive())["horizon"]
    await socket.close()
    await sync_to_async(switch)(1, lit=True)
    again = await opened(subscribe="test.lamps:all", since=horizon)
    message = await again.receive()
    assert message["whole"] is False
    assert [row["id"] for row in message["rows"]] == [1]
    await again.close()


@pytest.mark.usefixtures("lamps")
def test_a_transaction_that_was_open_during_the_snapshot_is_not_missed() -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            f"UPDATE {TABLE} SET lit = true, version = 2, "  # noqa: S608
            "changed_in = pg_current_xact_id()::text::bigint WHERE id = 1"
        )
        switch(2, lit=True, tell=False)  # a later transaction commits first
        horizon = live.snapshot("test.lamps:all").horizon
        cursor.execute("COMMIT")
    other.close()
    changed = live.snapshot("test.lamps:all", since=horizon)
    assert 1 in [row["id"] for row in changed.rows]


@pytest.mark.usefixtures("lamps")
async def test_a_lost_hint_is_made_good_after_a_gap() -> None:
    socket = await opened(subscribe="test.lamps:all")
    state = merge({}, await socket.receive())
    await sync_to_async(switch)(1, lit=True, tell=False)
    for listener in live.hub()._listeners["test.lamps:all"]:
        listener.lost.set()
    merge(state, await socket.receive())
    assert state[1]["lit"] is True
    await socket.close()


@pytest.mark.usefixtures("lamps")
async def test_what_rolls_back_is_not_announced() -> None:
    socket = await opened(subscribe="test.lamps:all")
    await socket.receive()

    def roll_back() -> None:
        with transaction.atomic():
            switch(1, lit=True)
            transaction.set_rollback(True)

    await sync_to_async(roll_back)()
    await sync_to_async(switch)(2, lit=True)
    assert [row["id"] for row in (await socket.receive())["rows"]] == [2]
    await socket.close()


async def test_a_slow_client_is_let_go_with_the_code_that_says_come_back() -> None:
    listener = live.Listener()
    for _ in range(live.QUEUE_SIZE + 1):
        listener.offer(b"{}")
    assert listener.lost.is_set()
    assert listener.queue.full()


@pytest.mark.usefixtures("lamps")
@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("not json", "malformed"),
        ('{"subscribe": 7}', "malformed"),
        ('{"order": "pizza"}', "malformed"),
        ('{"subscribe": "test.lamps:none"}', "not-found"),
        ('{"subscribe": "unheard:all"}', "not-found"),
    ],
)
async def test_it_answers_rubbish_with_a_problem_and_stays_open(text: str, slug: str) -> None:
    socket = await opened(subscribe="test.lamps:all")
    await socket.receive()
    await socket.send(text)
    assert (await socket.receive())["problem"]["type"] == f"/problems/{slug}"
    await socket.send({"subscribe": "test.lamps:all"})
    assert (await socket.receive())["topic"] == "test.lamps:all"
    await socket.close()


@pytest.mark.usefixtures("lamps")
async def test_one_socket_follows_a_bounded_number_of_topics(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("apps.base.consumers.MAX_TOPICS", 1)
    assert MAX_TOPICS > 1
    socket = await opened(subscribe="test.lamps:all")
    await socket.receive()
    await socket.send({"subscribe": "test.lamps:some"})
    assert (await socket.receive())["problem"]["status"] == 429
    await socket.close()


async def test_an_unknown_socket_path_is_closed() -> None:
    assert not await Socket(application, "/ws/unheard/").connect()


async def test_a_quiet_subscription_is_not_given_up() -> None:
    async with live.subscriber() as client:
        assert client.connection_pool.connection_kwargs["socket_timeout"] is None


async def test_messages_reach_only_who_listens_to_their_topic() -> None:
    ear, other = live.Listener(), live.Listener()
    await live.hub().join("test.quiet:all", ear)
    await live.hub().join("test.loud:all", other)
    await asyncio.to_thread(live._publish, b'{"topic":"test.quiet:all","rows":[]}')
    assert await asyncio.wait_for(ear.queue.get(), 5)
    assert other.queue.empty()
    live.hub().leave("test.quiet:all", ear)
    live.hub().leave("test.loud:all", other)
