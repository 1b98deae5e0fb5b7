"""`audience_1m_cell_ms`, `audience_1m_places_ms`, `outbox_215k_ms`: five river corridors across a
city of a million phones and as many saved places, about 215,000 of which are found."""

import statistics
import time
from collections.abc import Callable, Iterator

from benchmarks.report import Metric

ROUNDS = 5


def measure() -> Iterator[Metric]:
    import django

    django.setup()
    from apps.notify.selectors.audiences import Audience, count_in_cells, count_places
    from benchmarks.alerts import corridors

    audience = Audience(corridors.five_corridors(corridors.HOLDS_215K_DEG))
    case = "1,000,000 phones, five-part polygon"
    by_cell = count_in_cells(audience)
    inside = count_places(audience)
    yield Metric(
        "audience_1m_cell_ms", f"{case}, {by_cell:,} found",
        _median_ms(lambda: count_in_cells(audience)), "ms", "limit", 100.0,
    )  # fmt: skip
    yield Metric(
        "audience_1m_places_ms", f"{case}, {inside:,} found",
        _median_ms(lambda: count_places(audience)), "ms", "limit", 400.0,
    )  # fmt: skip
    narrow = Audience(corridors.five_corridors(corridors.TOUCHES_215K_DEG))
    size, took_ms = corridors.outbox_of(narrow)
    yield Metric("outbox_215k_ms", f"{size:,} recipients", took_ms, "ms", "limit", 1500.0)


def _median_ms(do: Callable[[], object]) -> float:
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        do()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)
