"""``python -m benchmarks.parking.bookers latency N | crashes N``: book, over and over.

One process is set up and forks the bookers, so that a killed one is replaced at once.
"""

import json
import multiprocessing
import os
import random
import signal
import sys
import time
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from ctypes import c_int64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import django

django.setup()

# Django must be set up before anything of ours is imported.
from django.contrib.gis.geos import Point, Polygon  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402

from apps.accounts.models import Person  # noqa: E402
from apps.base import clock, work  # noqa: E402
from apps.base.problems import Problem  # noqa: E402
from apps.city.models import City  # noqa: E402
from apps.parking.models import CapacityPool, ParkingSite, Reservation  # noqa: E402
from apps.parking.services.booking_policies import set_booking_policy  # noqa: E402
from apps.parking.services.cancelling import cancel_reservation  # noqa: E402
from apps.parking.services.extending import extend_reservation, quote_extension  # noqa: E402
from apps.parking.services.keeping import keep_reservations  # noqa: E402
from apps.parking.services.provisioning import PoolPlan, SitePlan, provision_site  # noqa: E402
from apps.parking.services.quotes import make_quote  # noqa: E402
from apps.parking.services.reservations import confirm_reservation, hold_space  # noqa: E402
from apps.parking.services.staying import end_stay, start_stay  # noqa: E402
from apps.parking.services.tariffs import assign_tariff, define_tariff  # noqa: E402

SITES, SPACES, PEOPLE, BOOKERS = 4, 8, 200, 6
RULES = {"bands": [{"code": "day", "price": 500, "step_min": 10}], "day_cap": 20_000}
METHODS = ("card",) * 17 + ("timeout", "away", "declined")


def set_up() -> None:
    if City.objects.exists():
        return
    City.objects.create(
        code="bench", names={"en": "Bench"}, srid=5186, time_zone="Asia/Seoul", country="KR",
        languages=["en"], bounds=Polygon.from_bbox((127, 37, 128, 38)), centre=Point(127.5, 37.5),
    )  # fmt: skip
    tariff = define_tariff(code="bench", names={"en": "Bench"}, rules=RULES)
    for n in range(SITES):
        site = provision_site(
            SitePlan(
                code=f"site-{n}", names={"en": f"Site {n}"}, kind="lot", lon=127.4 + n / 100,
                lat=37.5, pools=(PoolPlan(total=100),),
            )
        )  # fmt: skip
        assign_tariff(site=site, tariff=tariff, first_on=clock.now().date() - timedelta(days=2))
        set_booking_policy(pool=site.pools.get(), reservable=SPACES)
    Person.objects.bulk_create(Person(locale="en") for _ in range(PEOPLE))


# ---------------------------------------------------------------- how long it takes


def latency(bookings: int) -> dict[str, Any]:
    """Plenty of room, so that every booking succeeds."""
    CapacityPool.objects.update(total=1000)
    site = ParkingSite.objects.get(code="site-0")
    set_booking_policy(pool=site.pools.get(), reservable=400)
    people = list(Person.objects.all())
    taken = [_book(people[n % len(people)], n) for n in range(bookings + 20)]
    set_booking_policy(pool=site.pools.get(), reservable=SPACES)
    return {"latencies_ms": taken[20:]}


def _book(person: Person, n: int) -> float:
    start = clock.now() + timedelta(days=20, hours=n % 48)
    end = start + timedelta(hours=1)
    signed = make_quote(site="site-0", category="general", starts_at=start, ends_at=end)
    began = time.perf_counter()
    held = hold_space(person=person, token=signed.token, key=str(uuid.uuid4()))
    confirm_reservation(person=person, code=held["code"], method="card", key=str(uuid.uuid4()))
    return (time.perf_counter() - began) * 1000


# ---------------------------------------------------------------- who crashes


@dataclass
class Booker:
    """Gives one random command after the other."""

    people: list[Person]
    chance: random.Random
    mine: "deque[tuple[Person, str]]" = field(default_factory=lambda: deque(maxlen=40))

    def command(self) -> None:
        pick = self.chance.random()
        if pick < 0.4 or not self.mine:
            self._hold()
            return
        person, code = self.chance.choice(self.mine)
        key = str(uuid.uuid4())
        act = self._act(person, code, key, pick)
        for _repeated in range(2 if self.chance.random() < 0.2 else 1):
            act()

    def _hold(self) -> None:
        person = self.chance.choice(self.people)
        start = clock.now() + timedelta(minutes=self.chance.randrange(0, 360, 5))
        signed = make_quote(
            site=f"site-{self.chance.randrange(SITES)}", category="general", starts_at=start,
            ends_at=start + timedelta(minutes=self.chance.randrange(30, 180, 10)),
        )  # fmt: skip
        held = hold_space(person=person, token=signed.token, key=str(uuid.uuid4()))
        self.mine.append((person, held["code"]))

    def _act(self, person: Person, code: str, key: str, pick: float) -> Callable[[], Any]:
        method = self.chance.choice(METHODS)
        if pick < 0.65:
            return lambda: confirm_reservation(person=person, code=code, method=method, key=key)
        if pick < 0.75:
            return lambda: self._extend(person, code, method, key)
        if pick < 0.85:
            return lambda: start_stay(person=person, code=code)
        if pick < 0.93:
            return lambda: end_stay(person=person, code=code)
        return lambda: cancel_reservation(person=person, code=code, key=key)

    def _extend(self, person: Person, code: str, method: str, key: str) -> None:
        booked = Reservation.objects.get(code=code)
        later = booked.ends_at + timedelta(minutes=self.chance.randrange(10, 60, 10))
        token, _quote = quote_extension(person=person, code=code, ends_at=later)
        extend_reservation(person=person, code=code, token=token, method=method, key=key)


def book_on(number: int, seed: int, counts: Any) -> None:
    booker = Booker(list(Person.objects.all()), random.Random(seed))
    while True:
        # Refused, or a deadlock that the database resolved: an outcome like others.
        with suppress(Problem, OperationalError, Reservation.DoesNotExist):
            booker.command()
        counts[number] += 1


def keep_on(_number: int, _seed: int, _counts: Any) -> None:
    while True:
        keep_reservations()
        work.sweep()
        time.sleep(0.2)


def crashes(commands: int) -> dict[str, Any]:
    """Keep bookers and a sweeper alive and kill one at random twice a second."""
    context = multiprocessing.get_context("fork")
    counts = context.RawArray(c_int64, BOOKERS + 1)
    chance = random.Random()  # no seed would bring back how processes race
    connection.close()
    close_pool()

    def start(number: int) -> Any:
        target = keep_on if number == BOOKERS else book_on
        child = context.Process(target=target, args=(number, chance.getrandbits(32), counts))
        child.start()
        return child

    children = [start(number) for number in range(BOOKERS + 1)]
    kills = 0
    while sum(counts) < commands:
        time.sleep(chance.uniform(0.2, 0.8))
        number = chance.randrange(BOOKERS + 1)
        os.kill(children[number].pid, signal.SIGKILL)
        children[number].join()
        children[number] = start(number)
        kills += 1
    for child in children:
        child.kill()
        child.join()
    settle_down()
    booked = Reservation.objects.count()
    return {"commands": sum(counts), "kills": kills, "booked": booked}


def close_pool() -> None:
    """A pool's threads do not survive a fork."""
    wrapper: Any = connection
    if wrapper.pool is not None:
        wrapper.close_pool()


def settle_down() -> None:
    """Whatever was begun is finished, as the sweeper does."""
    keep_reservations()
    while work.sweep():
        pass


def main() -> None:
    what, number = sys.argv[1:]
    set_up()
    doing = {"latency": latency, "crashes": crashes}[what]
    print(json.dumps(doing(int(number))))


if __name__ == "__main__":
    main()
