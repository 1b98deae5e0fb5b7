"""Navigation: limits kept, ways found, times taken, on extracts of London and Heidelberg."""

from collections.abc import Iterator

from benchmarks.navigation.cities import FILES, open_city
from benchmarks.navigation.closures import closures
from benchmarks.navigation.correctness import judge, unknown_kerbs
from benchmarks.navigation.peer import speedups
from benchmarks.navigation.speed import geopose_round_trip, matrices, speeds
from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    """Quick runs leave out the second city, the oracle, the peer and the town of the closures."""
    yield from geopose_round_trip()
    if not quick:
        yield from closures()
    cities = [open_city(name) for name in (["london"] if quick else FILES)]
    for city in cities:
        yield from judge(city, with_oracle=not quick)
        if city.name == "london":
            yield from unknown_kerbs(city)
        yield from speeds(city)
        yield from matrices(city)
    if not quick:
        for city in cities:
            yield from speedups(city)
