"""`manage.py import_gauge_record STATION FILE`: the hours behind a gauge, from a CSV."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.hazards.models import Station
from apps.hazards.services.records import import_hours


class Command(BaseCommand):
    help = (
        "Takes in a gauge's hourly record: CSV with the columns at (with its time zone) and value."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("station")
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        station = Station.objects.filter(code=options["station"]).first()
        if station is None:
            raise CommandError(f"There is no station {options['station']!r}.")
        try:
            with options["file"].open(encoding="utf-8") as lines:
                written, errors = import_hours(station=station, lines=lines)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        for error_ in errors:
            self.stderr.write(f"line {error_.line}: {error_.reason}")
        self.stdout.write(f"{written} hours taken in, {len(errors)} lines refused.")
