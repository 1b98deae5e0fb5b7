"""Figures of parking: the nearest sites, fast and right; states that no order can change; bookings
that never meet; forecasts that hold; devices that give themselves away."""

from collections.abc import Iterator

from benchmarks.report import Metric


def run(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices.stage import opened_stage
    from benchmarks.parking import booking, booking_stage, faults, forecast, nearby, shuffles

    yield shuffles.measure()
    yield from forecast.measure()
    yield from faults.measure()
    with opened_stage("nearby", fill="benchmarks.parking.fill") as stage:
        yield from nearby.measure(stage, quick=quick)
    with booking_stage.opened_stage() as bookable:
        yield from booking.measure(bookable, quick=quick)
