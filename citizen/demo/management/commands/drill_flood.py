"""`manage.py drill_flood FILE`: a recorded flood through the same code, in a scenario of its own,
and a report of what was said when, against when it came true."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from citizen.demo.floods import recording
from citizen.demo.scenario import ScenarioFailed, open_scenario

LEAD = timedelta(minutes=2)  # city time before the first reading


class Command(BaseCommand):
    help = "Replays a recorded flood at 1 to 60 times its speed and reports what was said when."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--speed", type=float, default=60.0, help="1 to 60 (60)")
        parser.add_argument("--hours", type=int, default=48, help="of the recording (48)")
        parser.add_argument("--before", type=datetime.fromisoformat, help="a flood before this")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if not 1 <= options["speed"] <= 60:
            raise CommandError("A drill runs at 1 to 60 times its speed.")
        try:
            hours = recording.read(options["file"])
            first, last = recording.around_peak(
                hours, before=options["before"], length=options["hours"]
            )
        except (OSError, recording.NoRecording) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The flood of {hours[first].at:%Y-%m-%d}; opening a scenario …")
        try:
            with open_scenario(
                "drill_flood", starts_at=hours[first].at - LEAD, speed=options["speed"]
            ) as scenario:
                self.stdout.write(f"The town of the drill: {scenario.url}/admin/")
                failed = scenario.run(
                    "play_flood", str(options["file"]), "--url", scenario.url,
                    "--first", str(first), "--last", str(last),
                )  # fmt: skip
        except ScenarioFailed as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nThe drill was ended; nothing of it is left.")
            return
        if failed:
            raise CommandError("The flood could not be played to its end.")
