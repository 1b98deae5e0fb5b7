from collections.abc import Iterator

import pytest

from apps.base.clock import Hand
from apps.drt.cache import forget_fleets
from tests.drt.town import Rides, open_service


@pytest.fixture(autouse=True)
def _no_fleet_of_another_test() -> Iterator[None]:
    """What a process remembers of a service outlives the rows that a test takes back."""
    forget_fleets()
    yield
    forget_fleets()


@pytest.fixture
def rides(hand: Hand, db: None) -> Rides:
    """The service at Sunday noon, with two vans on duty from eleven to seven."""
    town = open_service()
    town.add_van()
    town.add_van()
    return town
