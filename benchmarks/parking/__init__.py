"""Figures of parking: the nearest sites, fast and right; states that no order can change; bookings
that never meet; forecasts that hold; devices that give themselves away.

`python -m benchmarks.parking PART… [--quick]` takes some of the figures alone.
"""

from collections.abc import Collection, Iterator

from benchmarks.parts import Part, taken
from benchmarks.report import Metric


def run(quick: bool, parts: Collection[str] = ()) -> Iterator[Metric]:
    yield from taken(PARTS, parts or (QUICK if quick else PARTS), quick=quick)


def _shuffles(_quick: bool) -> Iterator[Metric]:
    from benchmarks.parking import shuffles

    yield shuffles.measure()


def _forecast(_quick: bool) -> Iterator[Metric]:
    from benchmarks.parking import forecast

    yield from forecast.measure()


def _faults(_quick: bool) -> Iterator[Metric]:
    from benchmarks.parking import faults

    yield from faults.measure()


def _nearby(quick: bool) -> Iterator[Metric]:
    from benchmarks.devices.stage import opened_stage
    from benchmarks.parking import nearby

    with opened_stage("nearby", fill="benchmarks.parking.fill") as stage:
        yield from nearby.measure(stage, quick=quick)


def _booking(_quick: bool) -> Iterator[Metric]:
    from benchmarks.parking import booking, booking_stage

    with booking_stage.opened_stage() as stage:
        yield booking.hold_and_confirm(stage)


def _overlaps(quick: bool) -> Iterator[Metric]:
    from benchmarks.parking import booking, booking_stage

    with booking_stage.opened_stage() as stage:
        yield from booking.overlaps(stage, booking.QUICK_COMMANDS if quick else booking.COMMANDS)


PARTS: dict[str, Part] = {
    "shuffles": _shuffles,
    "forecast": _forecast,
    "faults": _faults,
    "nearby": _nearby,
    "booking": _booking,
    "overlaps": _overlaps,
}
QUICK = ("shuffles", "forecast", "faults", "nearby", "booking")
