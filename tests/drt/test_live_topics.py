"""The screens of riders, drivers and onlookers: snapshot and deltas, in any order, are a fresh
snapshot."""

import asyncio
import random
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from apps.accounts.models import Person
from apps.base import clock, live
from apps.base.clock import Hand
from apps.drt.models import Booking, Shift, Vehicle
from apps.drt.process import Dispatcher
from apps.drt.services.driving import Fix, report_act, report_positions
from apps.drt.services.giving_up import cancel_ride
from apps.drt.services.shifts import (
    acknowledge_plan,
    end_shift,
    pause_shift,
    repair_vehicle,
    report_breakdown,
    start_shift,
)
from citizen.asgi import application
from tests.drt.asking import book
from tests.drt.test_sockets import session_of
from tests.drt.town import MINUTE, open_service
from tests.support.asgi import Socket
from tests.support.screens import Rows, apply_delta, as_sent, in_thread
from tests.support.world import settle

VEHICLES = "drt.vehicles:dalbit"


class Story:
    """Two vans, one of which breaks down with somebody aboard, and three riders."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.rides = hand, open_service()
        self.riders = [settle(name) for name in ("sora", "ben", "jiwoo")]
        self.drivers = [settle(name) for name in ("minjun", "park")]
        for number, driver in enumerate(self.drivers):
            self.rides.add_van(driver=self.rides.hire(driver, f"D{number}"))
        Vehicle.objects.update(seen_geom=Point(127.25, 37.43, srid=4326), seen_at=clock.now())
        self._start(0)
        self.booking = book(self.riders[0])

    def topics(self) -> dict[str, Person]:
        """Each with somebody who may follow it."""
        shifts = zip(self.rides.shifts, self.drivers, strict=True)
        return {
            f"drt.booking:{self.booking.code}": self.riders[0],
            **{f"drt.shift:{shift.code}": driver for shift, driver in shifts},
            VEHICLES: self.riders[1],
        }

    def happen(self) -> None:
        dispatcher, carrier = Dispatcher("dalbit"), self._carrier()
        self._see(carrier, 127.251)
        others = [book(self.riders[1], 1, 10), book(self.riders[2], 4, 7)]
        acknowledge_plan(
            person=self.drivers[carrier], code=self._code(carrier),
            version=self.rides.plan(carrier).version,
        )  # fmt: skip
        self._start(1 - carrier)
        for turn in range(4):
            self.hand.move(MINUTE)
            dispatcher.tick()
            self._see(carrier, 127.252 + turn / 1000)
        self.booking.refresh_from_db()  # it may have moved to the other van
        carrier = self._carrier()
        cancel_ride(person=self.riders[2], code=others[1].code)
        self._ride_until_aboard(carrier)
        report_breakdown(code=self._code(carrier), person=self.drivers[carrier])
        dispatcher.tick()
        self._see(1 - carrier, 127.26)
        repair_vehicle(code=self._code(carrier), actor="staff:1")
        pause_shift(person=self.drivers[carrier], code=self._code(carrier))
        end_shift(person=self.drivers[carrier], code=self._code(carrier))

    def _ride_until_aboard(self, carrier: int) -> None:
        """Whatever stands first in the plan happens, until our rider sits in the van."""
        names = {"pickup": ("arrived", "boarded"), "dropoff": ("alighted",)}
        while Booking.objects.get(pk=self.booking.pk).boarded_at is None:
            first = self.rides.plan(carrier).stops[0]
            for act in names[first["act"]]:
                report_act(
                    person=self.drivers[carrier], shift=self._code(carrier), subject=first["id"],
                    act=act,
                )  # fmt: skip

    def _carrier(self) -> int:
        return next(n for n, one in enumerate(self.rides.shifts) if one == self.booking.shift)

    def _start(self, number: int) -> None:
        if Shift.objects.get(pk=self.rides.shifts[number].pk).duty == "planned":
            start_shift(person=self.drivers[number], code=self._code(number))

    def _see(self, number: int, lon: float) -> None:
        self.hand.move(MINUTE / 6)
        fix = Fix(lon=lon, lat=37.432, recorded_at=clock.now())
        report_positions(person=self.drivers[number], shift=self._code(number), fixes=[fix])

    def _code(self, number: int) -> str:
        return str(self.rides.shifts[number].code)


@pytest.fixture
def story(hand: Hand, transactional_db: None) -> Story:
    return Story(hand)


def test_snapshot_and_deltas_in_any_order_are_a_fresh_snapshot(story: Story) -> None:
    heard = asyncio.run(_heard(story))
    for topic, (first, deltas) in heard.items():
        fresh = _fresh(topic)
        for seed in range(3):
            shown = {row["id"]: row for row in first}
            for rows in random.Random(seed).sample(deltas * 2, len(deltas) * 2):
                apply_delta(shown, rows)
            assert shown == fresh, topic
        assert len(deltas) > 2, topic


async def _heard(story: Story) -> dict[str, tuple[Any, list[Any]]]:
    """Everybody watches, things happen; by topic the snapshot and the deltas."""
    sockets = {}
    for topic, person in story.topics().items():
        token = await in_thread(session_of, person)
        sockets[topic] = Socket(application, "/ws/live/", {"X-Session-Token": token})
        await sockets[topic].connect()
        await sockets[topic].send({"subscribe": topic})
    first = {topic: (await socket.receive())["rows"] for topic, socket in sockets.items()}
    await in_thread(story.happen)
    heard = {}
    for topic, socket in sockets.items():
        fresh = await in_thread(_fresh, topic)
        heard[topic] = (first[topic], await _until(socket, first[topic], fresh))
        await socket.close()
    return heard


async def _until(socket: Socket, first: Any, fresh: Rows) -> list[Any]:
    """What the socket says until all is said: the newest version of every row."""
    deltas: list[Any] = []
    shown = {row["id"]: row for row in first}
    while any(shown[name]["version"] < row["version"] for name, row in fresh.items()):
        deltas.append((await socket.receive())["rows"])
        apply_delta(shown, deltas[-1])
    return deltas


def _fresh(topic: str) -> Rows:
    return {row["id"]: row for row in as_sent(live.snapshot(topic).rows)}
