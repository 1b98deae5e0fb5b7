"""What a simulated day of rides came to, beside what others would have made of the same wishes."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from apps.base.problems import Unavailable
from apps.drt.core.lifecycle import State
from apps.drt.core.simulation.day import Outcome, lived
from apps.drt.core.simulation.demand import Habits, Trip
from apps.drt.core.simulation.dispatchers import GreedyInsertion, NearestIdleSolo
from apps.drt.core.simulation.fixed_route import timetabled
from apps.drt.core.simulation.town import WALK_M_S, Town
from apps.drt.core.vehicles import Vehicle
from apps.drt.core.windows import Window
from apps.drt.models import Booking, Service, Shift
from apps.drt.services.travel import STRAIGHT_MPS, places_of
from apps.drt.snapshot import depot_place, stop_place, ways_of
from apps.navigation.selectors.travel import travel_matrix
from citizen.demo.movement.riders import Answer
from citizen.demo.world.plane import to_plane

FIGURES = {
    "wait_mean_s": "wait, mean s",
    "wait_p90_s": "p90 s",
    "vkm_per_passenger": "km/rider",
    "rejected_share": "refused",
    "kept_share": "kept",
}


def lived_here(answers: Sequence[Answer], midnight: datetime, driven_m: float) -> Outcome:
    """What really happened in this database, by its rows."""
    rows = Booking.objects.select_related("pickup_stop").in_bulk(
        [answer.booking for answer in answers if answer.booking], field_name="code"
    )
    bookings = {str(code): row for code, row in rows.items()}
    served = [
        (answer, booking)
        for answer in answers
        if (booking := bookings.get(answer.booking)) and booking.state == State.COMPLETED
    ]
    waits, rides, detours, lateness_s, passengers = [], [], [], [], 0
    for answer, booking in served:
        assert booking.boarded_at is not None
        assert booking.alighted_at is not None
        passengers += booking.seats + booking.wheelchair_bays
        rides.append((booking.alighted_at - booking.boarded_at).total_seconds())
        detours.append(rides[-1] / max(1, booking.direct_s))
        came = booking.arrived_at or booking.boarded_at
        lateness_s.append((came - booking.pickup_latest_at).total_seconds())
        if answer.trip.depart_after_s is not None:
            ready_s = max(answer.trip.depart_after_s, answer.trip.asks_at_s)
            ready_s += booking.walk_to_m / WALK_M_S
            waits.append(max(0.0, (came - midnight).total_seconds() - ready_s))
    return Outcome(
        "this city", tuple(waits), tuple(rides), tuple(detours), tuple(lateness_s), passengers,
        len(answers), sum(not answer.booking for answer in answers), driven_m,
    )  # fmt: skip


def others(answers: Sequence[Answer], midnight: datetime, habits: Habits) -> list[Outcome]:
    """The usual ways, with the same wishes, vans, stops and travel times."""
    town = _town([answer.trip for answer in answers], midnight, habits)
    return [lived(town, GreedyInsertion()), lived(town, NearestIdleSolo()), timetabled(town)]


class _Day(Town):
    """A town whose trips are those that were really wished for."""

    wished: tuple[Trip, ...] = ()

    @property
    def trips(self) -> tuple[Trip, ...]:
        return self.wished


def _town(wished: Sequence[Trip], midnight: datetime, habits: Habits) -> Town:
    service = Service.objects.get()
    table = service.travel_tables.order_by("-pk").first()
    assert table is not None
    ways = ways_of(table, midnight.tzinfo)  # type: ignore[arg-type]
    stops = [stop for stop in service.stops.in_use() if stop_place(stop.code) in ways.index]
    order = [ways.place(stop_place(stop.code)) for stop in stops]
    depots = sorted({depot_place(s.start_depot.code) for s in Shift.objects.all()})
    order += [ways.place(depot) for depot in depots]
    spots = [to_plane(stop.geom.x, stop.geom.y) for stop in stops]
    spots += [(1e7, 1e7)] * len(depots)  # nobody walks to a depot
    times = ways.times.time_s[np.ix_(order, order)]
    day = _Day(
        stops_m=np.array(spots),
        pull=np.array([1.0] * len(stops) + [1e-9] * len(depots)),
        step_free=[stop.boards_wheelchairs for stop in stops] + [False] * len(depots),
        travel=type(ways.times)(times),
        vehicles=_vehicles(midnight, len(stops)),
        habits=habits,
        from_s=min(trip.asks_at_s for trip in wished),
        to_s=max(trip.asks_at_s for trip in wished) + 1.0,
        seed=1,
        longest_walk_m=service.max_walk_m,
        speed_m_s=_speed_m_s(service),
        terms=service.terms,
    )
    object.__setattr__(day, "wished", tuple(wished))
    return day


def _speed_m_s(service: Service) -> float:
    """Metres a second on the ways between all places, as the vans find them."""
    points = list(places_of(service).values())
    try:
        found = travel_matrix(profile="car", origins=points, destinations=points)
    except Unavailable:
        return STRAIGHT_MPS
    there = np.isfinite(found.seconds)
    return float(found.metres[there].sum() / found.seconds[there].sum())


def _vehicles(midnight: datetime, depot: int) -> tuple[Vehicle, ...]:
    """Those that were on duty here."""
    driven = Shift.objects.filter(started_at__isnull=False).select_related("vehicle__type")
    return tuple(
        Vehicle(
            str(shift.code), shift.vehicle.type.capacities, depot, depot,
            Window(
                (shift.starts_at - midnight).total_seconds(),
                (shift.ends_at - midnight).total_seconds() + 3600.0,
            ),
        )
        for shift in driven
    )  # fmt: skip


def print_report(outcomes: Sequence[Outcome]) -> None:
    table = Table(title="Rides")
    for heading in ("", "asked", *FIGURES.values()):
        table.add_column(heading, justify="right" if heading else "left")
    for one in outcomes:
        figures = [f"{getattr(one, name):.3g}" for name in FIGURES]
        table.add_row(one.dispatcher, str(one.asked), *figures)
    Console().print(table)


def draw_report(outcomes: Sequence[Outcome], path: Path) -> None:
    """Waits as shares of riders, and the figures side by side."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, (waits, bars) = pyplot.subplots(1, 2, figsize=(12, 4.5), layout="constrained")
    for one in outcomes:
        minutes = np.sort(np.array(one.waits_s) / 60.0)
        shares = 100.0 * np.arange(1, len(minutes) + 1) / max(1, len(minutes))
        waits.step(minutes, shares, where="post", label=one.dispatcher)
    waits.set(xlabel="minutes waited at most", ylabel="% of riders", title="Waiting", ylim=(0, 100))
    waits.legend()
    names = [one.dispatcher for one in outcomes]
    bars.bar(names, [one.vkm_per_passenger for one in outcomes], color="#0369a1")
    bars.set(ylabel="vehicle kilometres per passenger", title="Driving and refusals")
    for at, one in enumerate(outcomes):
        bars.annotate(
            f"{100 * one.rejected_share:.0f} % refused", (at, 0.05), ha="center", color="w"
        )
    figure.savefig(path, dpi=120)
