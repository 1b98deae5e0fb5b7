"""`manage.py replay_parking FILE`: a recorded autumn of real car parks, played into a scenario."""

import time
from argparse import ArgumentParser
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.city.models import City, the_city
from citizen.demo.birmingham import recording
from citizen.demo.scenario import Scenario, ScenarioFailed, open_scenario

LEAD = timedelta(minutes=5)  # city time before the first reading


class Command(BaseCommand):
    help = "Plays the Birmingham car parks through the gateways' door, in a scenario of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--speed", type=float, default=300.0, help="city seconds in a real one (300)"
        )
        parser.add_argument("--day", type=date.fromisoformat, help="only this day of the recording")
        parser.add_argument(
            "--end", action="store_true", help="end when the recording is over, not at Ctrl-C"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        starts_at = _first_instant(options["file"], options["day"])
        self.stdout.write("Opening a scenario beside the town …")
        try:
            with open_scenario(
                "replay_parking", starts_at=starts_at, speed=options["speed"]
            ) as scenario:
                self._play(scenario, options)
        except ScenarioFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nThe scenario is gone.")

    def _play(self, scenario: Scenario, options: dict[str, Any]) -> None:
        self.stdout.write(f"The map of the replay: {scenario.url}/   (Ctrl-C ends it)")
        day = ["--day", str(options["day"])] if options["day"] else []
        if scenario.run("play_parking", str(options["file"]), "--url", scenario.url, *day):
            raise CommandError("The recording could not be played to its end.")
        if not options["end"]:
            self.stdout.write("The recording is over; the map stays until Ctrl-C.")
            while True:
                time.sleep(3600)


def _first_instant(file: Path, day_on: date | None) -> datetime:
    try:
        return recording.read(file, zone=the_city().zone, day_on=day_on)[0].at - LEAD
    except City.DoesNotExist as error:
        raise CommandError("There is no town yet: type 'make run' first.") from error
    except (OSError, recording.NoRecording) as error:
        raise CommandError(str(error)) from error
