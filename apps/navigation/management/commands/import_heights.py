"""`manage.py import_heights FILE`: keep an elevation model for the next graph build."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.base.problems import Problem
from apps.navigation.services.heights import import_heights


class Command(BaseCommand):
    help = "Keeps a digital elevation model (GeoTIFF or SRTM .hgt, either zipped, WGS84 degrees)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--noise-m", type=float, default=4.0,
            help="relative error over tens of metres: laser scans about 0.15, SRTM about 4",
        )  # fmt: skip
        parser.add_argument(
            "--source", default="", help="who made it; the file's name if not given"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            model = import_heights(
                path=options["file"], noise_m=options["noise_m"], source=options["source"]
            )
        except Problem as problem:
            raise CommandError(
                "; ".join(str(text) for text in problem.errors.values())
            ) from problem
        self.stdout.write(
            f"{model}: {model.west:.4f} {model.south:.4f} {model.east:.4f} {model.north:.4f}"
        )
