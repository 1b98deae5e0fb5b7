"""Where to park near a place, the best first: the question, and what is told of each site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.base import clock
from apps.parking.core.prospects import (
    WALK_KMH,
    Arrival,
    arrival,
    drive_s,
    pool_for,
    price_of,
    walk_s,
)
from apps.parking.core.ranking import Option, Ranked, rank, reasons
from apps.parking.core.shown import SiteFacts, shown
from apps.parking.models import Category
from apps.parking.selectors import NEARBY, facts_of, prospect_of

MAX_SITES = 50
DEFAULT_SITES = 10
SENTENCES = {
    "space_likely": gettext_noop("A space is likely when you arrive"),
    "shortest_walk": gettext_noop("Shortest walk"),
    "shortest_drive": gettext_noop("Quickest to reach"),
    "cheapest": gettext_noop("Cheapest"),
    "free_of_charge": gettext_noop("Free of charge"),
    "often_full": gettext_noop("May be full when you arrive"),
    "unsure": gettext_noop("Nobody knows for sure how much is free"),
}


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """`lat`, `lon` is where one wants to be, `from_…` where the car is."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    from_lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    from_lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=MAX_SITES)] = DEFAULT_SITES
    category: Category = Category.GENERAL
    accessible: bool = False
    ev: bool = False
    covered: bool = False
    height_m: Annotated[float, msgspec.Meta(gt=0, le=5)] | None = None
    max_m: Annotated[float, msgspec.Meta(gt=0, le=100_000)] = 5_000
    stay_min: Annotated[float, msgspec.Meta(ge=1, le=10_080)] = 60
    walk_kmh: Annotated[float, msgspec.Meta(ge=1, le=8)] = WALK_KMH
    order: str = "cost"

    def __post_init__(self) -> None:
        if (self.from_lat is None) != (self.from_lon is None):
            raise ValueError("from_lat and from_lon come together")
        if self.order not in ("cost", "distance"):
            raise ValueError("order is cost or distance")
        if self.accessible and self.ev:
            raise ValueError("accessible or ev, not both")

    @property
    def wanted(self) -> str:
        """Whose spaces: a need said in plain words wins over the category."""
        if self.accessible:
            return Category.ACCESSIBLE
        return Category.EV if self.ev else self.category

    def parameters(self, now: datetime) -> dict[str, Any]:
        return {
            "lon": self.lon, "lat": self.lat, "from_lon": self.from_lon, "from_lat": self.from_lat,
            "category": self.wanted, "covered": self.covered, "height_m": self.height_m,
            "max_m": self.max_m, "candidates": candidates(self.limit), "now": now,
        }  # fmt: skip


def candidates(limit: int) -> int:
    """So many of the nearest are weighed against each other; the walk rules out the rest."""
    return 2 * limit


def sites_near(asked: Question) -> list[dict[str, Any]]:
    """The sites near a place, for those who ask from within; the lean door asks by itself."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(NEARBY, asked.parameters(now))
        return answer(cursor.fetchall(), asked, now)


def answer(records: Sequence[Any], asked: Question, now: datetime) -> list[dict[str, Any]]:
    """The records of `NEARBY` as they are told."""
    found = [_candidate(record, asked, now) for record in records]
    options = [one.option for one in found]
    ranked = rank(options)
    if asked.order == "distance":
        ranked.sort(key=lambda one: one.number)
    why = reasons(options, [one.sure for one in found])
    return [_told(found, one, why[one.number], now) for one in ranked[: asked.limit]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    site: SiteFacts
    option: Option
    meets: Arrival
    sure: float
    distance_m: float
    price: int | None
    currency: str


def _candidate(record: Sequence[Any], asked: Question, now: datetime) -> _Candidate:
    *facts, prospect_, distance_m, east_m, north_m, far_m = record
    site, prospect = facts_of(facts), prospect_of(prospect_)
    facts_of_pool = pool_for(site.pools, asked.wanted)
    drive = drive_s(far_m) if far_m is not None else 0.0
    meets = arrival(facts_of_pool, prospect, now=now, after_min=drive / 60)
    price = price_of(prospect.prices, asked.stay_min)
    option = Option(
        east_m, north_m, drive, walk_s(distance_m, asked.walk_kmh), _price_s(price), meets.chance
    )
    currency = (prospect.prices or {}).get("currency", "")
    sure = facts_of_pool.sureness(now) or 0.0
    return _Candidate(site, option, meets, sure, distance_m, price, currency)


def _price_s(price: int | None) -> float | None:
    return None if price is None else price * 3600 / settings.PARKING_VALUE_OF_HOUR


def _told(
    found: Sequence[_Candidate], ranked: Ranked, why: list[str], now: datetime
) -> dict[str, Any]:
    one = found[ranked.number]
    otherwise = None if ranked.otherwise is None else found[ranked.otherwise].site.code
    return {
        **shown(one.site, now),
        "distance_m": round(one.distance_m),
        "drive_s": round(one.option.drive_s),
        "walk_s": round(one.option.walk_s),
        "price": one.price,
        "currency": one.currency,
        "chance": round(one.meets.chance, 3),
        "chance_by": one.meets.by,
        "cost_s": round(ranked.cost_s),
        "otherwise": otherwise,
        "reasons": [{"code": code, "text": _(SENTENCES[code])} for code in why],
    }
