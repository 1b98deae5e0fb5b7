"""`manage.py play_flood FILE --url URL --first N --last N`: the gauges of a drill, in the scenario
that `drill_flood` opened; at the end the report."""

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import track

from apps.base import clock
from apps.city.models import the_city
from apps.hazards.core.drill import Issue, Truth, report, written
from apps.hazards.models import Assessment, Station
from citizen.demo.floods import recording, station
from citizen.demo.floods.recording import Hour
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
        _play(flood, Sender(options["url"], key))
        time.sleep(SETTLE_S)
        self.stdout.write(_report(flood, began))


def _play(flood: Sequence[Hour], sender: Sender) -> None:
    """Each hour when the clock comes to it; those that passed while it was learned, at once."""
    for hour in track(flood, console=Console(stderr=True)):
        time.sleep(clock.real_seconds_until(hour.at))
        at = hour.at.isoformat()
        sender.send([
            {"datastream": station.RAIN, "phenomenonTime": at, "result": hour.rain_mm},
            {"datastream": station.FLOW, "phenomenonTime": at,
             "result": round(station.flow_m3_s(hour), 3)},
        ])  # fmt: skip


def _report(flood: Sequence[Hour], began: Any) -> str:
    river = Station.objects.get(code=station.FLOW)
    rows = Assessment.objects.filter(reference=river.code, created_at__gte=began)
    about = {"hazards.forecast": "alarm", "hazards.level": "attention"}
    issues = [Issue(row.source, about[row.source], row.created_at) for row in rows]
    truth = [Truth(hour.at, station.flow_m3_s(hour)) for hour in flood]
    return written(report(truth, list(river.levels().items()), issues))
