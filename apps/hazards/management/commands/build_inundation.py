"""`manage.py build_inundation REACH TERRAIN.tif`: what is wet along a reach, step by step."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from apps.base.problems import Invalid
from apps.city.models import the_city
from apps.hazards.models import Reach
from apps.hazards.services.inundation import build_steps, read_terrain


class Command(BaseCommand):
    help = "Computes a reach's inundation steps from a terrain model (GeoTIFF)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reach")
        parser.add_argument("terrain", type=Path)
        parser.add_argument("--highest", type=float, default=8.0, help="metres of water (8)")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        reach = Reach.objects.filter(code=options["reach"]).first()
        if reach is None:
            raise CommandError(f"There is no reach {options['reach']!r}.")
        try:
            terrain = read_terrain(options["terrain"], srid=the_city().srid)
            with Progress(console=Console(stderr=True)) as progress:
                bar = progress.add_task(reach.code, total=1.0)
                steps = build_steps(
                    reach=reach, terrain=terrain, actor="command", highest_m=options["highest"],
                    progress=lambda done: progress.update(bar, completed=done),
                )  # fmt: skip
        except Invalid as problem:
            raise CommandError("; ".join(map(str, problem.errors.values()))) from problem
        self.stdout.write(f"{steps} steps.")
