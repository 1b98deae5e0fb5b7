"""`manage.py simulate_drt SCENARIO`: a day of rides on the production services, in a city beside
the city; then the same wishes under other ways of dispatching, and a report."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.city.models import City, the_city
from citizen.demo.ride_scenarios import SCENARIOS
from citizen.demo.scenario import ScenarioFailed, open_scenario

LEAD_S = 10.0  # real seconds before the first wish; where a start takes longer, wishes wait


class Command(BaseCommand):
    help = "Simulates rides with drivers, riders and unreliable streets, and reports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scenario", choices=sorted(SCENARIOS))
        parser.add_argument(
            "--speed", type=float, default=20.0, help="city seconds in a real one (20)"
        )
        parser.add_argument(
            "--plot", type=Path, default=Path("rides.png"), help="where the picture goes"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        chosen = SCENARIOS[options["scenario"]]
        try:
            midnight = datetime.combine(chosen.day_on, datetime.min.time(), the_city().zone)
        except City.DoesNotExist as error:
            raise CommandError("There is no town yet: type 'make run' first.") from error
        starts_at = midnight + timedelta(hours=chosen.from_h)
        starts_at -= timedelta(seconds=LEAD_S * options["speed"])
        self.stdout.write("Opening a scenario beside the town …")
        try:
            with open_scenario(
                "simulate_drt", starts_at=starts_at, speed=options["speed"], commands=("dispatch",)
            ) as scenario:
                self.stdout.write(f"The map of the simulation: {scenario.url}/#/rides")
                if scenario.run(
                    "play_rides", options["scenario"], "--url", scenario.url,
                    "--plot", str(options["plot"].resolve()),
                ):  # fmt: skip
                    raise CommandError("The simulation could not be played to its end.")
        except ScenarioFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nThe scenario is gone.")
