"""`manage.py import_osm FILE`: replace the map by an OpenStreetMap extract."""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.city.importers.broken import BrokenMap
from apps.city.services.founding import Founding
from apps.city.services.map_imports import STEP_COUNT, Watch, import_map


class Command(BaseCommand):
    help = "Replace the city's map by an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--fit", action="store_true", help="move the city to the map")
        found = parser.add_argument_group("a first import founds the city; what it is told")
        found.add_argument("--code", default="", help="short name; the file's if not given")
        found.add_argument("--name", default="", help="local name; the code if not given")
        found.add_argument("--time-zone", default="UTC")
        found.add_argument("--country", default="KR", help="ISO 3166-1, for holidays and addresses")
        found.add_argument("--languages", nargs="+", default=["ko", "en"])
        found.add_argument("--srid", type=int, help="EPSG code in metres; UTM if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[counts]}"),
            console=Console(stderr=True),
        ) as progress:
            try:
                run = import_map(
                    path=path, founding=_founding(options), fit=options["fit"],
                    watch=_watch(progress),
                )  # fmt: skip
            except BrokenMap as error:
                raise CommandError(str(error)) from error
            for task in progress.task_ids:
                progress.update(task, completed=STEP_COUNT)
        self.stdout.write(", ".join(f"{number:,} {name}" for name, number in run.counts.items()))
        if run.errors:
            self.stdout.write(_("%d elements could not be used.") % len(run.errors))


def _founding(options: Mapping[str, Any]) -> Founding:
    code = options["code"] or options["file"].name.split(".")[0]
    return Founding(
        code=code[:40],
        names={"": options["name"] or code},
        time_zone=options["time_zone"],
        country=options["country"],
        languages=options["languages"],
        srid=options["srid"],
        attribution="© OpenStreetMap contributors",
    )


def _watch(progress: Progress) -> Watch:
    task = progress.add_task("", total=STEP_COUNT, counts="")
    done = count()

    def read(counts: Mapping[str, int]) -> None:
        progress.update(
            task, counts="  ".join(f"{number:,} {name}" for name, number in counts.items())
        )

    def begin(label: str) -> None:
        progress.update(task, description=label, completed=next(done))

    return Watch(read=read, begin=begin)
