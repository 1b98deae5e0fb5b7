"""`manage.py play_flood FILE --url URL --first N --last N`: the gauges of a drill, in the scenario
that `drill_flood` opened; at the end the report."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track

from apps.base import clock
from apps.city.models import the_city
from citizen.demo.floods import recording, station
from citizen.demo.floods.playing import play, report_of
from devices.simulators.sender import Sender

SETTLE_S = 5.0  # real seconds for the last consequences


class Command(BaseCommand):
    help = "Plays a recorded flood into the scenario this process belongs to, and reports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--url", required=True)
        parser.add_argument("--first", type=int, required=True)
        parser.add_argument("--last", type=int, required=True)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        hours = recording.read(options["file"])
        past, flood = hours[: options["first"]], hours[options["first"] : options["last"]]
        centre = the_city().centre
        key = station.provision(past[-24 * 800 :], lon=centre.x, lat=centre.y)
        began = clock.now()
        play(
            track(flood, console=Console(stderr=True)),
            wait_for=lambda at: time.sleep(clock.real_seconds_until(at)),
            say=Sender(options["url"], key).send,
        )
        time.sleep(SETTLE_S)
        self.stdout.write(report_of(flood, began))
