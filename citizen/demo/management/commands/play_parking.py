"""`manage.py play_parking FILE --url URL`: the gateway of a replay. It runs in the scenario that
`replay_parking` opened, and says each reading when the scenario's clock comes to it."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from apps.base import clock
from apps.city.models import the_city
from citizen.demo.birmingham import recording, sites
from citizen.demo.birmingham.recording import Reading
from devices.simulators.sender import Sender

TICK_S = 0.25  # real seconds between batches


class Command(BaseCommand):
    help = "Plays a recording into the scenario this process belongs to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--url", required=True)
        parser.add_argument("--day", type=date.fromisoformat)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        readings = recording.read(options["file"], zone=the_city().zone, day_on=options["day"])
        key = sites.provision(recording.capacities(readings))
        told = _play(readings, Sender(options["url"], key))
        self.stdout.write(
            f"{told['received']} readings: {told['stored']} stored, {told['duplicate']} said twice,"
            f" {told['quarantined']} kept apart."
        )


def _play(readings: list[Reading], sender: Sender) -> Counter[str]:
    told: Counter[str] = Counter()
    with _progress() as progress:
        bar = progress.add_task("", total=len(readings), at="")
        for batch in _as_time_comes(readings):
            receipt = sender.send([_row(one) for one in batch])
            told.update(
                received=receipt["received"],
                stored=receipt["stored"],
                duplicate=receipt["duplicate"],
                quarantined=len(receipt["quarantined"]),
            )
            progress.update(bar, advance=len(batch), at=f"{batch[-1].at:%Y-%m-%d %H:%M}")
    return told


def _as_time_comes(readings: list[Reading]) -> Iterator[list[Reading]]:
    """What the clock has come to, again and again; at a high speed many readings at once."""
    done = 0
    while done < len(readings):
        time.sleep(min(clock.real_seconds_until(readings[done].at), TICK_S))
        now, start = clock.now(), done
        while done < len(readings) and done - start < 5_000 and readings[done].at <= now:
            done += 1
        if done > start:
            yield readings[start:done]


def _row(one: Reading) -> dict[str, Any]:
    return {
        "datastream": one.site,
        "phenomenonTime": one.at.isoformat(),
        "result": one.occupied,
    }


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.fields[at]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
