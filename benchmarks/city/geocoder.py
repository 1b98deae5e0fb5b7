"""How long who types waits for the geocoder: names of London, whole, begun, mistyped, near, met."""

from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.city.stage import Stage
from benchmarks.report import Metric, NotMeasuredError

QUERIES = 400
LON, LAT = -0.1337, 51.4875


def measure(stage: Stage) -> Metric:
    """One asker after another; p95 over all kinds of questions."""
    paths = [
        "/api/v1/city/search?" + urlencode({"q": text, "lat": LAT, "lon": LON})
        for text in _texts(stage)
    ]
    stage.load(stage.port, paths[:40], connections=1)  # plans and pages
    load = stage.load(stage.port, paths, connections=1)
    if set(load.statuses) != {"200"}:
        raise NotMeasuredError(f"the geocoder answered {load.statuses}")
    return Metric(
        "geocode_p95_ms", f"{len(paths)} questions about London", load.percentile_ms(0.95), "ms"
    )


def _texts(stage: Stage) -> list[str]:
    """A fixed choice of names, each asked in one of six ways."""
    rows = stage.rows(
        "SELECT DISTINCT names ->> '' FROM city_street UNION "
        "SELECT DISTINCT names ->> '' FROM city_place WHERE names ? '' ORDER BY 1"
    )
    names = [str(name) for (name,) in rows if len(str(name)) > 4]
    step = max(1, len(names) // QUERIES)
    return list(_asked(names[::step][:QUERIES]))


def _asked(names: list[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        other = names[(number * 7 + 3) % len(names)]
        middle = len(name) // 2
        yield (
            name,
            name[: max(3, middle)],
            name[:middle] + name[middle + 1 :],
            f"near {name}",
            f"{name} & {other}",
            f"{number % 90 + 1} {name}",
        )[number % 6][:120]
