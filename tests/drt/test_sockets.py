"""The sockets of riders and drivers: each sees their own, and a driver's queue is answered."""

import asyncio
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Person
from apps.base import clock
from apps.base.clock import Hand
from apps.drt.models import Shift, VehiclePosition
from citizen.asgi import application
from tests.drt.town import Rides, open_service
from tests.support.asgi import Socket
from tests.support.world import settle


@pytest.fixture
def road(hand: Hand, transactional_db: None) -> tuple[Rides, Person, Person]:
    rides = open_service()
    shift = rides.add_van()
    driver, other = settle("minjun"), settle("sora")
    Shift.objects.filter(pk=shift.pk).update(driver=rides.hire(driver), duty="active")
    return rides, driver, other


def session_of(person: Person) -> str:
    client = Client()
    assert person.user is not None
    client.force_login(person.user)
    return str(client.session.session_key)


async def say(path: str, token: str, *messages: Any) -> list[Any]:
    """Open a socket, say everything, and hear one answer to each."""
    socket = Socket(application, path, {"X-Session-Token": token} if token else {})
    assert await socket.connect()
    answers = []
    for message in messages:
        await socket.send(message)
        answers.append(await socket.receive())
    await socket.close()
    return answers


def test_a_driver_follows_a_shift_confirms_its_plan_and_empties_the_queue(
    road: tuple[Rides, Person, Person],
) -> None:
    rides, driver, _other = road
    code = str(rides.shifts[0].code)
    fix = {"lon": 127.25, "lat": 37.43, "recorded_at": clock.now().isoformat()}
    shown, seen, stored, again = asyncio.run(
        say(
            "/ws/drt/driver/", session_of(driver), {"subscribe": f"drt.shift:{code}"},
            {"shift": code, "acknowledge": 1}, {"shift": code, "positions": [fix], "queue": 7},
            {"shift": code, "positions": [fix], "queue": 7},
        )
    )  # fmt: skip
    assert (shown["type"], shown["rows"][0]["version"]) == ("snapshot", 1)
    kinds = {answer["type"]: answer for answer in (seen, stored, again)}
    assert kinds["stored"]["queue"] == 7
    assert VehiclePosition.objects.count() == 1
    assert rides.plan().acknowledged_version == 1


@pytest.mark.parametrize("door", ["/ws/live/", "/ws/drt/driver/"])
def test_nobody_follows_the_shift_of_another(road: tuple[Rides, Person, Person], door: str) -> None:
    rides, _driver, other = road
    order = {"subscribe": f"drt.shift:{rides.shifts[0].code}"}
    for token in ("", session_of(other)):
        (answer,) = asyncio.run(say(door, token, order))
        assert answer["problem"]["type"] == "/problems/not-allowed"


def test_nobody_speaks_for_the_vehicle_of_another(road: tuple[Rides, Person, Person]) -> None:
    rides, _driver, other = road
    order = {"shift": str(rides.shifts[0].code), "acknowledge": 1}
    (answer,) = asyncio.run(say("/ws/drt/driver/", session_of(other), order))
    assert answer["problem"]["type"] == "/problems/not-your-vehicle"
    (answer,) = asyncio.run(say("/ws/drt/driver/", "", order))
    assert answer["problem"]["type"] == "/problems/not-signed-in"
    assert rides.plan().acknowledged_version == 0
