import pytest

from apps.base.clock import Hand
from tests.drt.town import Rides, open_service


@pytest.fixture
def rides(hand: Hand, db: None) -> Rides:
    """The service at Sunday noon, with two vans on duty from eleven to seven."""
    town = open_service()
    town.add_van()
    town.add_van()
    return town
