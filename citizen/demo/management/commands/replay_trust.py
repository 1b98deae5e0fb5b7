"""`manage.py replay_trust FILE`: a city of real bay sensors, half of them stuck or silent, in a
scenario of its own: what the map believes, and whom staff find on their list."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from citizen.demo.melbourne import snapshot
from citizen.demo.scenario import ScenarioFailed, open_scenario


class Command(BaseCommand):
    help = "Shows what becomes of Melbourne's silent and stuck bay sensors, in a scenario."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="melbourne_bays_snapshot.csv")
        parser.add_argument("--end", action="store_true", help="end at once, not at Ctrl-C")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            starts_at = snapshot.taken_at(snapshot.read(options["file"]))
        except (OSError, snapshot.NoSnapshot) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Opening a scenario beside the town …")
        try:
            with open_scenario("replay_trust", starts_at=starts_at, speed=1.0) as scenario:
                if scenario.run("play_trust", str(options["file"])):
                    raise CommandError("The snapshot could not be shown.")
                self.stdout.write(f"The map: {scenario.url}/   (Ctrl-C ends it)")
                while not options["end"]:
                    time.sleep(3600)
        except ScenarioFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nThe scenario is gone.")
