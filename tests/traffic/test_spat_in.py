"""SPaT of others: believed of whom a junction names, of now, and of its own groups only."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.base import clock
from apps.base.clock import Hand
from apps.traffic.models import Junction, JunctionState
from apps.traffic.selectors.crossings import showing
from apps.traffic.services.provisioning import provision_junction
from benchmarks.signals.crossroads import plan_of_crossroads
from devices.protocols import spat
from devices.protocols.spat import EventState, Intersection, Movement
from tests.devices.conftest import Post, set_up

PATH = "/api/v1/traffic/spat"


@pytest.fixture
def post(db: None, hand: Hand) -> Post:
    return set_up()


@pytest.fixture
def junction(post: Post) -> Junction:
    found = provision_junction(plan=plan_of_crossroads())
    found.told_by = post.gateway
    found.save()
    return found


def said(
    at: datetime, group: int = 3, number: int = 12109, *, is_preempted: bool = False
) -> dict[str, Any]:
    movement = Movement(group, EventState.PROTECTED_ALLOWED, at + timedelta(seconds=7))
    return spat.encode([Intersection(number, at, (movement,), is_preempted=is_preempted)])


def tell(client: Client, key: str, body: Any) -> Any:
    headers = {"Authorization": f"Gateway {key}", "Accept-Language": "en"}
    return client.post(PATH, body, content_type="application/json", headers=headers)


def test_it_is_shown_and_told_on(post: Post, junction: Junction, client: Client) -> None:
    answer = tell(client, post.key, said(clock.now()))
    assert answer.json() == {"taken": 1, "refused": []}
    (row,) = JunctionState.objects.get(junction=junction).groups
    assert (row["group"], row["stream"], row["aspect"]) == (3, "walkers", "green")
    shapes = client.get(PATH).json()["value"]["SPAT"]["intersections"]
    assert [shape["id"]["id"] for shape in shapes] == [12109]


def test_the_past_and_what_is_older_than_known_is_refused(
    post: Post, junction: Junction, client: Client
) -> None:
    assert tell(client, post.key, said(clock.now() - timedelta(hours=2))).status_code == 400
    for off_s in (-11, 2):
        at = clock.now() + timedelta(seconds=off_s)
        assert tell(client, post.key, said(at)).json()["taken"] == 0
    assert not JunctionState.objects.exists()
    tell(client, post.key, said(clock.now()))
    again = tell(client, post.key, said(clock.now() - timedelta(seconds=2))).json()
    assert again["taken"] == 0
    assert "past" in again["refused"][0]["why"]


@pytest.mark.parametrize(("group", "number"), [(9, 12109), (3, 7)])
def test_other_groups_and_other_junctions_are_refused(
    post: Post, junction: Junction, client: Client, group: int, number: int
) -> None:
    assert tell(client, post.key, said(clock.now(), group, number)).json()["taken"] == 0
    assert not JunctionState.objects.exists()


def test_a_preemption_is_taken_over_and_no_walker_counts_on_the_lights(
    post: Post, junction: Junction, client: Client
) -> None:
    walkers = junction.groups.get(number=3)
    tell(client, post.key, said(clock.now()))
    assert showing(walkers)
    tell(client, post.key, said(clock.now() + timedelta(milliseconds=100), is_preempted=True))
    assert JunctionState.objects.get().preempted == [0]
    assert showing(walkers) is None
    assert client.get(PATH).json()["value"]["SPAT"]["intersections"][0]["status"] == "1000"


def test_strangers_are_refused(post: Post, junction: Junction, client: Client) -> None:
    assert tell(client, "wrong", said(clock.now())).status_code == 401
    Junction.objects.update(told_by=None)
    assert tell(client, post.key, said(clock.now())).json()["taken"] == 0
    assert tell(client, post.key, {"value": 1}).status_code == 400
