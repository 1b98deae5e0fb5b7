"""A thousand riders take their offers at once, and there are a hundred seats.

Run as a process of its own. All want the same ride at the same time; the city's clock stands still,
so that no offer runs out and no vehicle makes a second trip within the promise.
"""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django

django.setup()

# These need Django to be set up.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from apps.accounts.models import Person  # noqa: E402
from apps.base import clock  # noqa: E402
from apps.base.problems import Problem  # noqa: E402
from apps.drt.cache import fleet_of  # noqa: E402
from apps.drt.core.audit import violations  # noqa: E402
from apps.drt.models import Booking, Service  # noqa: E402
from apps.drt.services.bookings import book_ride  # noqa: E402
from apps.drt.services.plans import fresh_plans  # noqa: E402
from apps.drt.services.quotes import make_quote  # noqa: E402
from apps.drt.services.wishes import Wish  # noqa: E402
from benchmarks.drt.fill import fill, place, settle_riders  # noqa: E402

CONFIRMS, VANS, SEATS, THREADS = 1000, 25, 4, 8  # as many at once as a process has connections


def main() -> None:
    call_command("migrate", verbosity=0)
    fill(vans=VANS, seats=SEATS)
    # So short a promise that nobody can be fetched by a second trip.
    Service.objects.update(longest_wait_s=600, pickup_window_s=180, spare_ride_s=240)
    people = settle_riders(CONFIRMS)
    wish = Wish(
        origin=place(0), destination=place(99), max_walk_m=100,
        depart_after=clock.now() + timedelta(minutes=40),
    )  # fmt: skip
    tokens = [make_quote(wish=wish).offers[0].token for _rider in people]
    gate = threading.Barrier(THREADS)

    def book(person: Person, token: str) -> bool:
        try:
            book_ride(person=person, token=token, key=str(person.code))
        except Problem as problem:
            if problem.status != 409:
                raise
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS, initializer=gate.wait) as pool:
        told_yes = sum(pool.map(book, people, tokens))
    print(json.dumps({"told_yes": told_yes, "double_sales": double_sales(told_yes)}))


def double_sales(told_yes: int) -> int:
    """Seats sold twice, riders told yes who stand in no plan or in two, rides nobody booked."""
    fleet = fleet_of("bench")
    fleet.refresh()
    wrong, carried = 0, list[str]()
    for fresh in fresh_plans(fleet.supply, list(fleet.supply.shifts), lock=False):
        wrong += len(violations(fresh.plan, fresh.rides, fleet.supply.ways.times))
        carried += fresh.plan.ride_ids
    booked = {str(code) for code in Booking.objects.open().values_list("code", flat=True)}
    wrong += len(carried) - len(set(carried)) + len(set(carried) ^ booked)
    return wrong + abs(told_yes - len(booked))


if __name__ == "__main__":
    main()
