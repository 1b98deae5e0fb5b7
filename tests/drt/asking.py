"""Short ways to ask for a ride, and to take it."""

from dataclasses import replace
from typing import Any

from apps.accounts.models import Person
from apps.drt.models import Booking
from apps.drt.services.bookings import book_ride
from apps.drt.services.quotes import make_quote
from apps.drt.services.wishes import Wish
from tests.conftest import NOON
from tests.drt.town import place

FROM, TO = 0, 11


def wish(origin: Any = FROM, destination: Any = TO, **more: Any) -> Wish:
    """A wish between two stops of the grid (or places), at noon if nothing else is said."""
    ends = [place(end) if isinstance(end, int) else end for end in (origin, destination)]
    plain = Wish(origin=ends[0], destination=ends[1], depart_after=NOON, max_walk_m=200)
    return replace(plain, **more)


def book(person: Person, origin: Any = FROM, destination: Any = TO, **more: Any) -> Booking:
    """Ask, and take the first offer."""
    quote = make_quote(wish=wish(origin, destination, **more), person=person)
    done = book_ride(person=person, token=quote.offers[0].token)
    return Booking.objects.get(code=done["code"])
