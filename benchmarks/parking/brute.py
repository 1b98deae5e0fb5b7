"""``python -m benchmarks.parking.brute DATABASE_URL QUERIES``: nearby by brute force, every site's
distance and every pair's recourse written out plainly. Prints how many answers differ."""

import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import hypot
from typing import Any

import django
import numpy as np
import psycopg

django.setup()

# These need Django to be set up.
from apps.base.geo import project  # noqa: E402
from apps.parking.core.prospects import arrival, drive_s, pool_for, price_of, walk_s  # noqa: E402
from apps.parking.core.ranking import (  # noqa: E402
    DETOUR,
    DRIVE_M_S,
    GIVE_UP_S,
    SEARCH_S,
    Option,
)
from apps.parking.selectors import NEARBY, facts_of, prospect_of  # noqa: E402
from apps.parking.services.nearby import Question, answer  # noqa: E402
from benchmarks.parking.fill import somewhere  # noqa: E402

SRID = 5186
EVERY = ("general", "accessible")
WON_AN_HOUR = 12_000


async def compare(url: str, queries: int) -> int:
    """How many answers differ."""
    chance, wrong = random.Random(20), 0
    now = datetime.now(UTC) + timedelta(hours=1)
    async with await psycopg.AsyncConnection.connect(url) as link:
        towns = {category: await _town(link, category, now) for category in EVERY}
        for _ in range(queries):
            asked = _question(chance)
            cursor = await link.execute(NEARBY.encode(), asked.parameters(now))
            found = [site["id"] for site in answer(await cursor.fetchall(), asked, now)]
            wrong += found != towns[asked.wanted].answer(asked, now)
    return wrong


def _question(chance: random.Random) -> Question:
    lon, lat = somewhere(chance)
    more: dict[str, Any] = {}
    if chance.random() < 0.5:
        more["from_lon"], more["from_lat"] = somewhere(chance)
    if chance.random() < 0.3:
        more["accessible"] = True
    if chance.random() < 0.3:
        more["covered"] = True
    if chance.random() < 0.3:
        more["height_m"] = chance.choice([1.9, 2.5])
    return Question(lat=lat, lon=lon, **more)


class _Town:
    """All sites with spaces of one category."""

    def __init__(self, records: Sequence[Any], category: str) -> None:
        self.category = category
        self.sites = [facts_of(record[:-4]) for record in records]
        self.prospects = [prospect_of(record[-4]) for record in records]
        self.east = np.array([record[-2] for record in records])
        self.north = np.array([record[-1] for record in records])
        self.covered = np.array([site.covered for site in self.sites])
        self.height = np.array([site.max_height_m or np.inf for site in self.sites])

    def answer(self, asked: Question, now: datetime) -> list[str]:
        here = project(asked.lon, asked.lat, srid=SRID)
        away = np.hypot(self.east - here[0], self.north - here[1])
        fits = (self.covered | (not asked.covered)) & (self.height >= (asked.height_m or 0))
        near = [n for n in np.argsort(away, kind="stable") if fits[n]][: 2 * asked.limit]
        near = [n for n in near if away[n] <= asked.max_m]
        options = [self._option(int(n), float(away[n]), asked, now) for n in near]
        costs = [_cost(options, n) for n in range(len(options))]
        best = sorted(range(len(near)), key=lambda n: (costs[n], n))[: asked.limit]
        return [self.sites[near[n]].code for n in best]

    def _option(self, n: int, away_m: float, asked: Question, now: datetime) -> Option:
        drive = 0.0
        if asked.from_lon is not None and asked.from_lat is not None:
            start = project(asked.from_lon, asked.from_lat, srid=SRID)
            drive = drive_s(hypot(self.east[n] - start[0], self.north[n] - start[1]))
        pool = pool_for(self.sites[n].pools, self.category)
        meets = arrival(pool, self.prospects[n], now=now, after_min=drive / 60)
        price = price_of(self.prospects[n].prices, asked.stay_min) or 0
        return Option(
            float(self.east[n]), float(self.north[n]), drive, walk_s(away_m, asked.walk_kmh),
            price * 3600 / WON_AN_HOUR, meets.chance,
        )  # fmt: skip


def _cost(options: list[Option], n: int) -> float:
    one = options[n]
    second = min(
        (
            hypot(one.east_m - other.east_m, one.north_m - other.north_m) * DETOUR / DRIVE_M_S
            + _tried(other, GIVE_UP_S)
            for m, other in enumerate(options)
            if m != n
        ),
        default=GIVE_UP_S,
    )
    return one.drive_s + _tried(one, min(second, GIVE_UP_S))


def _tried(site: Option, then: float) -> float:
    arrived = site.walk_s + (site.price_s or 0.0)
    return site.chance * arrived + (1 - site.chance) * (SEARCH_S + then)


async def _town(link: "psycopg.AsyncConnection[Any]", category: str, now: datetime) -> _Town:
    everywhere = Question(lat=37.45, lon=127.2).parameters(now)
    everywhere |= {"category": category, "max_m": 1e7, "candidates": 100_000}
    cursor = await link.execute(NEARBY.encode(), everywhere)
    # The statement's order and distances are of no account here; its last column is the start's.
    records = [record[:-1] for record in await cursor.fetchall()]
    return _Town(sorted(records, key=lambda record: str(record[0])), category)


if __name__ == "__main__":
    print(asyncio.run(compare(sys.argv[1], int(sys.argv[2]))))
