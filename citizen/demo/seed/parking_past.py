"""Five weeks of how full Dalbit's car parks were, as their devices would have told it: the forecast
has something to learn from on the first day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from apps.base import clock
from apps.city.models import the_city
from apps.parking.models import CapacityPool, OccupancySample
from citizen.demo.movement.devices import habit_of, names_of
from citizen.demo.movement.stays import begin_of, day_of, stays_of
from citizen.demo.world.town import SEED

DAYS = 36
QUARTER_S = 900


def seed_parking_past() -> None:
    """Only pools that somebody watches have a past."""
    watched = CapacityPool.objects.filter(feeds__isnull=False).distinct().select_related("site")
    for pool in watched:
        if not OccupancySample.objects.filter(pool=pool).exists():
            OccupancySample.objects.bulk_create(_past(pool), batch_size=5_000)


def _past(pool: CapacityPool) -> Iterator[OccupancySample]:
    zone, now = the_city().zone, clock.now()
    names, habit = names_of(pool), habit_of(pool)
    today = day_of(now.astimezone(zone))
    for back in range(DAYS, -1, -1):
        day_on = today - timedelta(days=back)
        stays = [stay for name in names for stay in stays_of(name, day_on, habit, seed=SEED)]
        came = np.sort([stay.from_s for stay in stays])
        left = np.sort([stay.to_s for stay in stays])
        begin = begin_of(day_on, zone).astimezone(UTC)
        for quarter in range(96):
            at_s = float(quarter * QUARTER_S)
            taken = np.searchsorted(came, at_s, "right") - np.searchsorted(left, at_s, "right")
            at: datetime = begin + timedelta(seconds=at_s)
            if at <= now:
                yield OccupancySample(pool=pool, at=at, occupied=int(taken), total=pool.total)
