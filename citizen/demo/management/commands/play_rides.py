"""`manage.py play_rides SCENARIO --url URL`: the people of a simulation, in the scenario that
`simulate_drt` opened."""

import time
from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from rich.console import Console
from rich.progress import Progress

from apps.base import clock
from apps.drt.models import Booking
from citizen.demo.movement.riders import Riders
from citizen.demo.movement.rides import Rides, midnight_of, open_rides, trips_of
from citizen.demo.ride_scenarios import SCENARIOS, RideScenario
from citizen.demo.rides_report import draw_report, lived_here, others, print_report
from citizen.demo.seed.drt import man_shifts

TICK_S = 0.1
HOUR_S = 3600.0
LAST_RIDES = timedelta(hours=2)


class Command(BaseCommand):
    help = "Plays a simulation of rides into the scenario this process belongs to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scenario", choices=sorted(SCENARIOS))
        parser.add_argument("--url", required=True)
        parser.add_argument("--plot", type=Path, required=True)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        chosen = SCENARIOS[options["scenario"]]
        man_shifts()
        rides = open_rides(
            options["url"], seed=chosen.seed, rides_per_hour=chosen.rides_per_hour,
            noise=chosen.noise,
        )  # fmt: skip
        if rides is None:
            raise CommandError("The town has no ride service.")
        for van in rides.vans:  # they start their shifts before the first wish
            van.tick(clock.now())
        midnight = _midnight(chosen)
        riders = _riders(rides, chosen, midnight)
        _play(rides, riders, midnight + timedelta(hours=chosen.to_h))
        driven_m = sum(van.driven_m for van in rides.vans)
        outcomes = [lived_here(riders.answers, midnight, driven_m)]
        outcomes += others(riders.answers, midnight, rides.habits)
        print_report(outcomes)
        draw_report(outcomes, options["plot"])
        self.stdout.write(f"Drawn to {options['plot']}.")


def _midnight(chosen: RideScenario) -> datetime:
    """From which the wishes' seconds count; where the start took long, all of them come later."""
    midnight = midnight_of(chosen.day_on)
    late = clock.now() - (midnight + timedelta(hours=chosen.from_h))
    return midnight + max(timedelta(), late)


def _riders(rides: Rides, chosen: RideScenario, midnight: datetime) -> Riders:
    wished = trips_of(
        rides.habits, chosen.seed, from_s=chosen.from_h * HOUR_S, to_s=chosen.to_h * HOUR_S
    )
    return Riders(rides.phones, wished, midnight)


def _play(rides: Rides, riders: Riders, until: datetime) -> None:
    """Until everybody has asked and arrived, or two hours after the last wish."""
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("rides", total=len(riders.trips))
        while clock.now() < until + LAST_RIDES:
            now = clock.now()
            for van in rides.vans:
                van.tick(now)
            riders.tick(now)
            progress.update(bar, completed=len(riders.answers))
            if riders.have_all_asked and not Booking.objects.open().exists():
                return
            time.sleep(TICK_S)
    connection.close()
