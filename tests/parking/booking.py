"""Two bookable car parks with a tariff, residents' bays, and people who want them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Person
from apps.base import clock, work
from apps.base.clock import Hand
from apps.parking.models import (
    Bay,
    CapacityPool,
    LoopbackPayment,
    ParkingSite,
    Payment,
    Reservation,
)
from apps.parking.services.booking_policies import set_booking_policy
from apps.parking.services.provisioning import BayPlan, PoolPlan, SitePlan, provision_site
from apps.parking.services.quotes import make_quote
from apps.parking.services.reservations import confirm_reservation, hold_space
from apps.parking.services.tariffs import assign_tariff, define_tariff
from tests.devices.conftest import found_city
from tests.support.world import settle

RULES = {
    "bands": [
        {"code": "night", "price": 0, "start": "22:00", "end": "08:00"},
        {"code": "day", "price": 500, "step_min": 10},
    ],
    "day_cap": 20_000,
    "discounts": [{"code": "disabled", "percent": 80}, {"code": "compact", "percent": 50}],
    "rounding": {"unit": 10},
}
LOT = SitePlan(
    code="lot", names={"en": "Station Lot"}, kind="lot", lon=127.255, lat=37.428,
    pools=(PoolPlan(total=40),),
)  # fmt: skip
YARD = SitePlan(
    code="yard", names={"en": "Old Yard"}, kind="lot", lon=127.258, lat=37.428,
    pools=(PoolPlan(total=10),),
)  # fmt: skip
ALLEY = SitePlan(
    code="alley", names={"en": "Mill Alley"}, kind="residents", lon=127.259, lat=37.429,
    pools=(
        PoolPlan(
            total=3, category="resident", bays=tuple(BayPlan(code=f"alley-{n}") for n in (1, 2, 3))
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Lots:
    """The lot lets two spaces be booked, the yard one; the alley's bays are residents'."""

    sora: Person
    ben: Person

    def at(self, hours: float) -> datetime:
        """So many hours from now, on the clock that stands at noon."""
        return clock.now() + timedelta(hours=hours)

    def quote(self, start: float = 1, end: float = 3, **more: Any) -> str:
        asked = {"site": "lot", "category": "general"} | more
        return make_quote(starts_at=self.at(start), ends_at=self.at(end), **asked).token

    def hold(self, person: Person, start: float = 1, end: float = 3, **more: Any) -> Reservation:
        code = hold_space(person=person, token=self.quote(start, end, **more), plate="12가3456")
        return Reservation.objects.get(code=code["code"])

    def book(self, person: Person, start: float = 1, end: float = 3, **more: Any) -> Reservation:
        held = self.hold(person, start, end, **more)
        confirm_reservation(person=person, code=held.code, method="card")
        return fresh(held)

    def pool(self, site: str = "lot", category: str = "general") -> CapacityPool:
        return CapacityPool.objects.get(site__code=site, category=category)

    def bay(self, number: int) -> Bay:
        return Bay.objects.get(code=f"alley-{number}")


def fresh(row: Reservation) -> Reservation:
    return Reservation.objects.get(pk=row.pk)


def paid(reservation: Reservation) -> list[tuple[str, str, int, int]]:
    """What became of the money, by our books: purpose, state, asked, taken."""
    rows = Payment.objects.filter(reservation=reservation)
    return [(row.purpose, row.state, row.amount, row.captured) for row in rows]


def taken_by_provider() -> int:
    """What the provider took and did not give back, by the provider's books."""
    rows = LoopbackPayment.objects.all()
    return sum(row.captured - sum(row.refunds.values()) for row in rows)


def work_off() -> None:
    """Do all work that is due."""
    while work.sweep():
        pass


def set_up(settings: Any) -> Lots:
    settings.PAYMENTS = "loopback"
    found_city()
    for plan in (LOT, YARD, ALLEY):
        provision_site(plan)
    tariff = define_tariff(code="town", names={"en": "Town tariff"}, rules=RULES)
    for code in ("lot", "yard"):
        site = ParkingSite.objects.get(code=code)
        assign_tariff(site=site, tariff=tariff, first_on=clock.now().date())
    lots = Lots(sora=settle("sora"), ben=settle("ben"))
    set_booking_policy(pool=lots.pool(), reservable=2, cancel_free_min=60, late_fee_percent=50)
    set_booking_policy(pool=lots.pool("yard"), reservable=1)
    set_booking_policy(pool=lots.pool("alley", "resident"), reservable=0)
    return lots


@pytest.fixture
def lots(hand: Hand, db: None, settings: Any) -> Lots:
    return set_up(settings)


@pytest.fixture
def open_lots(hand: Hand, transactional_db: None, settings: Any) -> Lots:
    """The same for races: everything is committed."""
    return set_up(settings)
