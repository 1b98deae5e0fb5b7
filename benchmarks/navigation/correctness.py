"""Qualities of ways: broken limits, missed ways, unknown kerbs."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from apps.accounts.core.mobility import BASE_PROFILES, MobilityProfile
from apps.navigation.core.certainty import certainty_of
from apps.navigation.core.hierarchy import pour
from apps.navigation.core.overlay import CLEAR, ruling_for
from apps.navigation.core.pricing import price
from apps.navigation.core.priors import Known
from apps.navigation.core.routing import NoSpot, Way, find_spot, leg, ordinary_terms
from apps.navigation.core.search import Traveller
from apps.navigation.core.snapping import Spot
from apps.navigation.core.terrain import Terrain, traveller
from benchmarks.navigation.cities import City, pairs_of
from benchmarks.navigation.oracle import best_costs_s
from benchmarks.navigation.referee import Referee
from benchmarks.navigation.traces import passages_of
from benchmarks.report import Metric

Ends = tuple[Spot | NoSpot, Spot | NoSpot]


def ways_for(terrain: Terrain, person: Traveller) -> tuple[list[Ends], list[Way | None]]:
    """Spots and ways of one person for all pairs."""
    assert person.prices.profile is not None
    ruling = ruling_for(terrain.graph, CLEAR, person.prices.profile)
    terms = ordinary_terms(ruling)
    ends: list[Ends] = []
    ways: list[Way | None] = []
    for a, b in pairs_of(terrain):
        source, target = (find_spot(terrain, person, ruling, *place) for place in (a, b))
        ends.append((source, target))
        if isinstance(source, NoSpot) or isinstance(target, NoSpot):
            ways.append(None)
        else:
            ways.append(leg(person, terms, source, target))
    return ends, ways


def judge(city: City, *, with_oracle: bool) -> Iterator[Metric]:
    """Nine profiles by three hundred pairs, each way read back by the referee."""
    referee = Referee().read(city.path)
    violations: list[str] = []
    missed = dearer = served = 0
    for profile in BASE_PROFILES.values():
        person = traveller(city.terrain, profile)
        ends, ways = ways_for(city.terrain, person)
        served += sum(way is not None for way in ways)
        for way in ways:
            if way is not None:
                seen = passages_of(city.terrain.graph, way)
                violations += referee.violations(seen, profile)
        if with_oracle:
            best = best_costs_s(person, ends)
            missed += sum(
                w is None and bool(np.isfinite(b)) for w, b in zip(ways, best, strict=True)
            )
            dearer += sum(
                w is not None and bool(w.cost_s > b * (1 + 1e-6) + 1e-3)
                for w, b in zip(ways, best, strict=True)
            )
    yield Metric("hard_violations", city.name, len(violations), "count", "limit", 0)
    yield Metric("routes_served", city.name, served, "count")
    if with_oracle:
        yield Metric("missed_routes", city.name, missed, "count", "limit", 0)
        yield Metric("dearer_than_oracle", city.name, dearer, "count", "limit", 0)


def unknown_kerbs(city: City) -> Iterator[Metric]:
    """A manual wheelchair's ways with unknown kerbs priced, beside ways that ignore them."""
    profile = BASE_PROFILES["wheelchair_manual"]
    _, careful = ways_for(city.terrain, traveller(city.terrain, profile))
    _, careless = ways_for(city.terrain, _careless(city.terrain, profile))
    pairs = [(a, b) for a, b in zip(careful, careless, strict=True) if a and b]
    graph = city.terrain.graph
    counts = np.array([certainty_of(graph, way).unknown_crossings_n for way, _ in pairs])
    before = np.array([certainty_of(graph, way).unknown_crossings_n for _, way in pairs])
    longer = np.array([a.length_m / b.length_m for a, b in pairs])
    mean = float(counts.mean())
    yield Metric("unknown_kerbs_per_route", city.name, mean, "crossings", "limit", 1.0)
    yield Metric("unknown_kerbs_ignored", city.name, float(before.mean()), "crossings")
    detour_pct = float(np.median(longer) - 1) * 100
    yield Metric("unknown_kerb_detour_pct", city.name, detour_pct, "%")


def _careless(terrain: Terrain, profile: MobilityProfile) -> Traveller:
    """The same person if unknown kerbs were taken for good ones."""
    nothing = Known(np.empty(0), np.empty(0), 0.0, 1.0)
    prices = price(terrain.graph, profile, replace(terrain.priors, kerb_cm=nothing))
    bound = pour(terrain.hierarchy, prices.cost_s, prices.broken, 0)
    return Traveller(terrain.graph, terrain.hierarchy, prices, bound)
