"""How long the engine thinks about a quote, with a fleet that is already busy.

Times are processor time of the asking thread, so that a shared machine does not blur the engine's
own cost.
"""

import time
from collections.abc import Iterator

import numpy as np

from apps.drt.core.asks import Alternative, Ask
from apps.drt.core.capacity import Capacity
from apps.drt.core.placing import placed
from apps.drt.core.quoting import QuoteEngine
from apps.drt.core.rides import Ride
from apps.drt.core.travel import TravelTimes
from benchmarks.drt.towns import random_fleet, random_ways
from benchmarks.report import Metric

PLACES = 1000
SIDE_M = 12_000.0
STOPS_NEAR = 3
RIDES_A_VEHICLE = 3
QUOTES = 3000
LIMIT_MS = {300: 0.2, 3000: 1.0}


def quote_metrics(*, quick: bool) -> Iterator[Metric]:
    for vehicles, limit_ms in LIMIT_MS.items():
        if quick and vehicles > 300:
            continue
        took_ms = quote_times_ms(vehicles)
        case = f"{vehicles} vehicles"
        yield Metric("quote_engine_p50_ms", case, float(np.percentile(took_ms, 50)), "ms")
        yield Metric(
            "quote_engine_p99_ms", case, float(np.percentile(took_ms, 99)), "ms", "limit", limit_ms
        )


def quote_times_ms(vehicles: int, *, seed: int = 3) -> list[float]:
    chance = np.random.default_rng(seed)
    travel = random_ways(chance, PLACES, SIDE_M)
    engine = QuoteEngine(plans=random_fleet(chance, vehicles, PLACES), rides={}, travel=travel)
    _make_busy(engine, chance, travel, rides=vehicles * RIDES_A_VEHICLE)
    asks = [_ask(chance, travel, f"q{at}") for at in range(QUOTES)]
    took_ms = []
    for ask in asks:
        began_ns = time.thread_time_ns()
        engine.quote(ask)
        took_ms.append((time.thread_time_ns() - began_ns) / 1e6)
    return took_ms


def _make_busy(
    engine: QuoteEngine, chance: np.random.Generator, travel: TravelTimes, *, rides: int
) -> None:
    known: dict[str, Ride] = {}
    for at in range(rides):
        offers = engine.quote(_ask(chance, travel, f"r{at}"))
        if offers:
            offer = offers[0]
            plan = placed(engine.plan_of(offer.vehicle_id), offer.ride, known, travel)
            assert plan is not None
            known[offer.ride.ride_id] = offer.ride
            engine.replace(plan, known)


def _ask(chance: np.random.Generator, travel: TravelTimes, name: str) -> Ask:
    """A rider with three stops near at either end, who wants to go within the next two hours."""
    origin, destination = chance.choice(PLACES, size=2, replace=False).tolist()
    return Ask(
        ride_id=name,
        origins=_near(chance, travel, origin),
        destinations=_near(chance, travel, destination),
        now_s=600.0,
        depart_after_s=float(chance.uniform(600.0, 7200.0)),
        party=Capacity(seats=int(chance.integers(1, 4))),
    )


def _near(chance: np.random.Generator, travel: TravelTimes, place: int) -> tuple[Alternative, ...]:
    nearest = np.argsort(travel.time_s[place], kind="stable")[:STOPS_NEAR]
    return tuple(
        Alternative(
            int(stop),
            walk_m=float(walk_s),
            walk_s=float(walk_s),
            step_free=bool(chance.random() < 0.7),
        )
        for stop, walk_s in ((stop, 6.0 * travel.time_s[place, stop]) for stop in nearest)
    )
