"""The screen of parking sites: a snapshot and the deltas after it are a fresh snapshot."""

import asyncio
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.base import live
from apps.base.clock import Hand
from apps.parking.core.cells import bounds_of, cell_of
from apps.parking.services.availability import age_states
from apps.parking.services.provisioning import (
    PoolPlan,
    SitePlan,
    anchor_pool,
    provision_site,
    retire_site,
)
from citizen.asgi import application
from tests.parking.conftest import Town, set_up
from tests.support.asgi import Socket
from tests.support.screens import apply_delta, as_sent, in_thread

TOPIC = "parking.sites:all"


@pytest.fixture
def open_town(hand: Hand, transactional_db: None) -> Town:
    return set_up()


def _happenings(town: Town, hand: Hand) -> None:
    """A busy quarter of an hour: counts, bays, gates, repetitions, ageing, comings and goings."""
    chance = random.Random(5)
    for _minute in range(15):
        hand.move(timedelta(minutes=1))
        words = [("lot.free", chance.randrange(41)), ("bay.0", chance.randrange(2))]
        town.say(*words)
        town.say(*words, ("garage.in", 1000 + _minute))
    anchor_pool(pool=town.pool("garage"), occupied=30)
    hand.move(timedelta(minutes=10))
    age_states()
    town.say(("lot.free", 3))
    plan = SitePlan(
        code="new", names={"en": "New"}, kind="lot", lon=127.26, lat=37.43,
        pools=(PoolPlan(total=9),),
    )  # fmt: skip
    provision_site(plan)
    retire_site(site=town.pool("street").site)


async def _messages(town: Town, hand: Hand, topic: str = TOPIC) -> list[dict[str, Any]]:
    """Subscribe, let things happen, and collect what the socket says until all is said."""
    socket = Socket(application, "/ws/live/")
    await socket.connect()
    await socket.send({"subscribe": topic})
    messages = [await socket.receive()]
    await in_thread(_happenings, town, hand)
    while not any(row["id"] == "street" and "gone" in row for row in messages[-1]["rows"]):
        messages.append(await socket.receive())
    await socket.close()
    return messages


@pytest.mark.parametrize("topic", [TOPIC, f"parking.cells:{cell_of(127.26, 37.43)}"])
def test_snapshot_and_deltas_in_any_order_are_a_fresh_snapshot(
    open_town: Town, hand: Hand, topic: str
) -> None:
    first, *deltas = asyncio.run(_messages(open_town, hand, topic))
    fresh = as_sent(live.snapshot(topic).rows)

    for seed in range(3):
        shown: dict[str, Any] = {row["id"]: row for row in first["rows"]}
        for delta in random.Random(seed).sample(deltas * 2, len(deltas) * 2):
            apply_delta(shown, delta["rows"])
        present = {code: row for code, row in shown.items() if "gone" not in row}
        assert present == {row["id"]: row for row in fresh}
    assert len(deltas) > 20


def test_coming_back_with_a_horizon_brings_only_what_changed(town: Town) -> None:
    horizon = live.snapshot(TOPIC).horizon
    town.say(("lot.free", 5))

    since = {row["id"] for row in live.snapshot(TOPIC, since=horizon).rows}

    assert "lot" in since


@pytest.mark.parametrize(
    "topic",
    ["parking.sites:elsewhere", "parking.cells:12/1/1", "parking.cells:13/-1/2", "parking.cells:x"],
)
def test_an_unknown_key_is_no_topic(town: Town, topic: str) -> None:
    with pytest.raises(KeyError):
        live.snapshot(topic)


def test_a_cell_shows_what_lies_in_it(town: Town) -> None:
    here, elsewhere = cell_of(127.26, 37.43), cell_of(127.9, 37.9)

    assert {row["id"] for row in live.snapshot(f"parking.cells:{here}").rows} >= {"street"}
    assert live.snapshot(f"parking.cells:{elsewhere}").rows == []


@given(lon=st.floats(-179.9, 179.9), lat=st.floats(-84, 84))
def test_every_place_lies_in_its_cell(lon: float, lat: float) -> None:
    west, south, east, north = bounds_of(cell_of(lon, lat))

    assert west - 1e-9 <= lon <= east + 1e-9
    assert south - 1e-9 <= lat <= north + 1e-9
