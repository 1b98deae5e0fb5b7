"""A founded city, its people, and apps registered in it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import Person
from apps.base import clock
from apps.base.clock import Hand
from apps.notify.core import cells
from apps.notify.models import Reach, Registration, SavedPlace, digest
from apps.notify.services.transports import forget_transports
from tests.devices.conftest import found_city
from tests.support.world import People

CENTRE = (127.259, 37.430)


@pytest.fixture(autouse=True)
def _fresh_transports() -> Iterator[None]:
    forget_transports()
    yield
    forget_transports()


@pytest.fixture
def town(hand: Hand, people: People) -> People:
    found_city()
    return people


def register(
    person: Person | None = None,
    *,
    at: tuple[float, float] | None = CENTRE,
    locale: str = "ko",
    transport: str = "fcm",
    secret: str = "a secret of the app",
    **more: Any,
) -> Registration:
    """An app, last seen in the cell of `at`."""
    address = more.pop("address", uuid.uuid4().hex)
    return Registration.objects.create(
        person=person, platform="android", transport=transport, address=address,
        address_hash=digest(address), secret_hash=digest(secret), locale=locale,
        cell=cells.cell_at(*at) if at else None, cell_at=clock.now() if at else None,
        created_at=clock.now(), seen_at=clock.now(), **more,
    )  # fmt: skip


def save_place(person: Person, at: tuple[float, float] = CENTRE) -> SavedPlace:
    cell = cells.cell_at(*at, cells.PLACE)
    lon, lat = cells.centre(cell)
    return SavedPlace.objects.create(
        person=person, cell=cell, coarse_cell=cells.parent(cell, cells.PLACE_INDEX), lon=lon,
        lat=lat, created_at=clock.now(),
    )  # fmt: skip


def agree(person: Person, **wishes: Any) -> Reach:
    return Reach.objects.update_or_create(
        person=person, defaults={"updated_at": clock.now(), **wishes}
    )[0]
