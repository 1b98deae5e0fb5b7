"""A site as a driver meets it: what getting there costs, and whether a space will be left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.parking.core.arrival import (
    Curve,
    chance_by_chain,
    chance_by_forecast,
    taken_at,
    weighed,
)
from apps.parking.core.ranking import DETOUR, DRIVE_M_S
from apps.parking.core.shown import PoolFacts

# A forecast that nobody has renewed for half an hour is no forecast.
LASTS_MIN = 30.0
WALK_KMH = 4.3


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known ahead of a pool: its forecast, its prices by minutes of stay, and how many
    cars were sent there that have not come yet."""

    curve: Curve | None = None
    made_at: datetime | None = None
    prices: Mapping[str, Any] | None = None
    coming: float = 0.0

    def age_min(self, now: datetime) -> float:
        assert self.made_at is not None, "a forecast was made at some time"
        return (now - self.made_at).total_seconds() / 60

    def forecast(self, now: datetime) -> Curve | None:
        return self.curve if self.curve and self.age_min(now) <= LASTS_MIN else None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a driver finds who comes `after_min` from now."""

    chance: float
    expected_free: float | None
    low_free: float | None
    high_free: float | None
    by: str  # forecast, chain or nothing


def arrival(
    pool: PoolFacts, prospect: Prospect, *, now: datetime, after_min: float, kept: float = 0.0
) -> Arrival:
    """`kept` counts spaces that will be kept for bookings then and are not counted as taken now."""
    free = pool.free(now)
    ahead = prospect.coming + kept
    if (curve := prospect.forecast(now)) is not None:
        return _by_forecast(pool, curve, prospect.age_min(now), free, after_min, ahead)
    if free is None:
        return Arrival(weighed(0.0, 0.0), None, None, None, "nothing")
    chance = chance_by_chain(
        total=pool.total, taken=pool.total - free, after_s=after_min * 60, ahead=ahead
    )
    sure = pool.sureness(now) or 0.0
    return Arrival(weighed(chance, sure), float(free), None, None, "chain")


def _by_forecast(
    pool: PoolFacts, curve: Curve, age_min: float, free: int | None, after_min: float, ahead: float
) -> Arrival:
    total = pool.total
    now_share = None if free is None or not total else (total - free) / total
    share, deviation = taken_at(curve, age_min=age_min, ahead_min=after_min, share_now=now_share)
    half = 1.645 * deviation * total
    expected = total * (1 - share)
    return Arrival(
        chance_by_forecast(total=total, share=share, deviation=deviation, ahead=ahead),
        expected,
        max(expected - half, 0.0),
        min(expected + half, float(total)),
        "forecast",
    )


def price_of(prices: Mapping[str, Any] | None, stay_min: float) -> int | None:
    """The price of a stay: that of the next longer one we know the price of, or in proportion."""
    known = sorted((int(m), price) for m, price in (prices or {}).items() if m.isdecimal())
    if not known:
        return None
    longer = next((price for minutes, price in known if minutes >= stay_min), None)
    if longer is not None:
        return int(longer)
    minutes, price = known[-1]
    return round(int(price) * stay_min / minutes)


def drive_s(straight_m: float) -> float:
    return straight_m * DETOUR / DRIVE_M_S


def walk_s(straight_m: float, walk_kmh: float = WALK_KMH) -> float:
    return straight_m * DETOUR / (walk_kmh / 3.6)


def pool_for(pools: Sequence[PoolFacts], category: str) -> PoolFacts:
    return next(pool for pool in pools if pool.category == category)
