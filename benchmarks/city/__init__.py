"""Figures of the city: importing London, drawing its tiles, finding its places.

Tiles are asked for over real connections from a real web process, beside a bare ASGI application
that runs the same statement, and beside one that hands out the same finished bytes.
"""

from collections.abc import Iterator

from benchmarks.report import Metric
from benchmarks.samples import sample_path

LONDON = "navigation/osm/london-northern-line.osm.pbf"


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.city import geocoder, importing, tiles
    from benchmarks.city.stage import opened_stage

    london = sample_path(LONDON)
    with opened_stage() as stage:
        yield from importing.measure(stage, london, rounds=1 if quick else 3)
        with stage.web():
            yield from tiles.measure(stage)
            yield geocoder.measure(stage)
