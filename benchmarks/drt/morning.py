"""Ten vans and sixty rides of one morning, taken as offered: something to improve.

Run as a process of its own, in the database that the environment names.
"""

import random
from datetime import timedelta

import django

django.setup()

# These need Django to be set up.
from django.core.management import call_command  # noqa: E402

from apps.base import clock  # noqa: E402
from apps.base.problems import Problem  # noqa: E402
from apps.drt.services.bookings import book_ride  # noqa: E402
from apps.drt.services.quotes import make_quote  # noqa: E402
from apps.drt.services.wishes import Wish  # noqa: E402
from benchmarks.drt.fill import fill, place, settle_riders  # noqa: E402

VANS, RIDES = 10, 60


def main() -> None:
    call_command("migrate", verbosity=0)
    fill(vans=VANS)
    chance = random.Random(11)
    for person in settle_riders(RIDES):
        origin, destination = (place(number) for number in chance.sample(range(100), 2))
        depart = clock.now() + timedelta(minutes=chance.uniform(5, 180))
        wish = Wish(origin=origin, destination=destination, depart_after=depart, max_walk_m=100)
        try:
            offer = make_quote(wish=wish).offers[0]
            book_ride(person=person, token=offer.token)
        except Problem:
            continue


if __name__ == "__main__":
    main()
