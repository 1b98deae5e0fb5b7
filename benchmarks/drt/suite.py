"""All figures of demand-responsive transport, cheapest first."""

from collections.abc import Iterator

from benchmarks.drt.city import city_metrics
from benchmarks.drt.dynamic import ddarp_metrics
from benchmarks.drt.feasibility import feasibility_metrics
from benchmarks.drt.kills import kill_metrics
from benchmarks.drt.promises import promise_metrics
from benchmarks.drt.quotes import quote_metrics
from benchmarks.drt.served import served_metrics
from benchmarks.drt.static import darp_metrics, lilim_metrics
from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    yield from quote_metrics(quick=quick)
    yield from served_metrics(quick=quick)
    yield from ddarp_metrics(quick=quick)
    yield from city_metrics(quick=quick)
    yield from darp_metrics(quick=quick)
    yield from lilim_metrics(quick=quick)
    yield from feasibility_metrics(quick=quick)
    yield from kill_metrics(quick=quick)
    yield from promise_metrics(quick=quick)
