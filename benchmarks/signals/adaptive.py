"""Delay under adaptive control, beside the file's own programme and two peers, seed by seed."""

from collections.abc import Iterator
from statistics import mean, stdev

from benchmarks.report import Metric, NotMeasuredError
from benchmarks.samples import sample_path
from benchmarks.signals import control, town
from benchmarks.signals.control import Outcome, Strategy

CONTROLLERS: dict[str, Strategy | str] = {
    "SUMO actuated": "actuated",
    "max pressure": control.max_pressure,
}


def measure(seeds: int) -> Iterator[Metric]:
    found = list(town.scenarios(sample_path("devices/sumo")))
    if not found:
        raise NotMeasuredError("no SUMO scenario among the samples")
    for name, configuration in found:
        fixed = [control.run(configuration, seed, "static") for seed in range(seeds)]
        ours = [control.run(configuration, seed, control.adaptive) for seed in range(seeds)]
        yield from _ours(f"{name}, {seeds} seeds", fixed, ours)
        for peer, strategy in CONTROLLERS.items():
            theirs = [control.run(configuration, seed, strategy) for seed in range(seeds)]
            yield _delay(f"{name}, {peer}", theirs, fixed)


def _ours(case: str, fixed: list[Outcome], ours: list[Outcome]) -> Iterator[Metric]:
    delays = [outcome.delay_s for outcome in ours]
    cuts = [1 - a.delay_s / b.delay_s for a, b in zip(ours, fixed, strict=True)]
    spread = 1.96 * stdev(cuts) / len(cuts) ** 0.5
    yield _delay(f"{case}, adaptive", ours, fixed)
    yield Metric("adaptive_delay_cut", case, mean(cuts), "1", "limit", 0.4)
    yield Metric("adaptive_delay_cut_ci95", case, spread, "1")
    yield Metric("worst_seed_x_mean", case, max(delays) / mean(delays), "1", "limit", 1.3)
    longest = max(outcome.longest_walker_wait_s for outcome in ours)
    yield Metric("longest_walker_wait_s", case, longest, "s", "limit", 120.0)
    conflicts = sum(outcome.conflicts for outcome in ours)
    yield Metric("conflicting_greens", f"{case}, in SUMO", conflicts, "count", "limit", 0.0)


def _delay(case: str, outcomes: list[Outcome], fixed: list[Outcome]) -> Metric:
    return Metric(
        "delay_s", case, mean(outcome.delay_s for outcome in outcomes), "s",
        "the file's programme", mean(outcome.delay_s for outcome in fixed),
    )  # fmt: skip
