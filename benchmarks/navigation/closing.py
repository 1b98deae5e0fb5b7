"""Runs in a process of its own: Dalbit's map and graphs, streets closed on ways just found.

Argument: how many closures. Writes the seconds of each as JSON.
"""

import json
import sys
import threading
import time

import django

django.setup()

# These need Django to be set up, hence E402.
import numpy as np  # noqa: E402
from django.contrib.gis.geos import Point  # noqa: E402
from django.db import connection  # noqa: E402

from apps.accounts.core.mobility import BASE_PROFILES  # noqa: E402
from apps.base.problems import Problem  # noqa: E402
from apps.city.services.obstructions import (  # noqa: E402
    Facts,
    close_reference,
    open_obstruction,
)
from apps.navigation.selectors.routes import Routes, find_routes  # noqa: E402
from citizen.demo.seed import graph, town_map  # noqa: E402
from citizen.demo.world.town import SEED, Town, build_town  # noqa: E402

LonLat = tuple[float, float]
NAMES = list(BASE_PROFILES)


def main() -> None:
    town = build_town(SEED)
    town_map.seed_map(town)
    graph.seed_graph(town)
    wanted = int(sys.argv[1])
    rng = np.random.default_rng(20261122)
    seconds: list[float] = []
    while len(seconds) < wanted:
        took = _trial(_places(town, rng), len(seconds))
        if took is not None:
            seconds.append(took)
    print(json.dumps(seconds))


def _places(town: Town, rng: np.random.Generator) -> list[LonLat]:
    a, b = rng.choice(len(town.places), 2, replace=False)
    return [(town.places[i].lon, town.places[i].lat) for i in (a, b)]


def _trial(stops: list[LonLat], number: int) -> float | None:
    """Seconds from commit to the first way that avoids; None where there was no way to begin."""
    profile = BASE_PROFILES[NAMES[number % len(NAMES)]]
    try:
        found = find_routes(profile=profile, stops=stops, alternatives=0)
    except Problem:
        return None
    place, segments = _middle(found)
    committed_at = _close_by_another_connection(place, number)
    while True:
        try:
            again = find_routes(profile=profile, stops=stops, alternatives=0)
            used = {int(s) for leg in again.routes[0] for s in leg.way.segments}
        except Problem:
            used = set()  # nothing else is open: it was avoided all the same
        if used.isdisjoint(segments):
            took = time.perf_counter() - committed_at
            close_reference(source="bench", reference=str(number), actor="bench")
            return took


def _middle(found: Routes) -> tuple[LonLat, set[int]]:
    """A place in the middle of the way, and the segment that a closure there must close."""
    way = found.routes[0][0].way
    longest = int(way.segments[int(np.argmax(way.lengths_m))])
    terrain = found.served.terrain
    x, y, _z = terrain.graph.shape(longest)
    k = (len(x) - 1) // 2
    middle = (float(x[k] + x[k + 1]) / 2, float(y[k] + y[k + 1]) / 2)
    return terrain.graph.plane.to_lonlat(*middle), {longest}


def _close_by_another_connection(place: LonLat, number: int) -> float:
    """The instant after the commit, as the writer's own thread and connection saw it."""
    committed: list[float] = []

    def write() -> None:
        facts = Facts(kind="closure", geom=Point(*place, srid=4326), certainty=1.0)
        open_obstruction(
            source="bench", reference=str(number), facts=facts, actor="bench", confirmed=True
        )
        committed.append(time.perf_counter())
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    return committed[0]


if __name__ == "__main__":
    main()
