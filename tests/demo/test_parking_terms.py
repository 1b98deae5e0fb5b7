"""What the demo town's car parks cost, who lends a bay, and what they remember."""

from datetime import timedelta

import pytest

from apps.base import clock
from apps.base.clock import Hand
from apps.parking.models import AccessPoint, OccupancySample, SharedOffer
from apps.parking.services.quotes import make_quote
from citizen.demo.seed import car_parks, parking_past, parking_terms, people
from citizen.demo.world.town import Town
from tests.devices.conftest import found_city


@pytest.fixture
def dalbit(town: Town, hand: Hand, db: None) -> None:
    found_city()
    people.seed_people(town)
    car_parks.seed_car_parks(town)
    for _twice in range(2):
        parking_terms.seed_parking_terms(town)
    parking_past.seed_parking_past()


def test_dalbit_parks_books_and_lends(dalbit: None) -> None:
    start = clock.now() + timedelta(days=1)
    garage = make_quote(
        site="P-STATION", category="general", starts_at=start, ends_at=start + timedelta(hours=2)
    )
    lent = make_quote(
        site="P-EUNHAENG", category="resident", starts_at=start,
        ends_at=start + timedelta(hours=1),
    )  # fmt: skip

    assert (garage.quote.price, garage.free_spaces) == (4_400, 40), "ten minutes are free"
    assert lent.quote.price == 1_200
    assert SharedOffer.objects.count() == 3
    assert AccessPoint.objects.filter(site__code="P-STATION").count() == 3
    past = OccupancySample.objects.filter(pool__site__code="P-STATION", pool__category="general")
    assert past.count() > 35 * 96
    assert 0.1 < max(past.values_list("occupied", flat=True)) / 286 <= 1
