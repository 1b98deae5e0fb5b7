"""`manage.py build_inundation CODE TERRAIN.tif`: what is wet along a reach, step by step; how deep
how much water stands in an underpass."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from apps.base.problems import Invalid
from apps.city.models import the_city
from apps.hazards.models import Reach, Underpass
from apps.hazards.services.inundation import (
    Terrain,
    build_curve,
    build_steps,
    read_terrain,
)


class Command(BaseCommand):
    help = "Computes a reach's steps or an underpass's depth curve from a terrain model (GeoTIFF)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of a reach or an underpass")
        parser.add_argument("terrain", type=Path)
        parser.add_argument("--highest", type=float, default=8.0, help="metres of water (8)")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        code = options["code"]
        reach = Reach.objects.filter(code=code).first()
        underpass = Underpass.objects.filter(code=code).first()
        try:
            terrain = read_terrain(options["terrain"], srid=the_city().srid)
            if reach is not None:
                self._steps(reach, terrain, options["highest"])
            elif underpass is not None:
                hollow = build_curve(underpass=underpass, terrain=terrain, actor="command")
                self.stdout.write(f"{hollow.depth_m[-1]:.2f} m, {hollow.brim_m3:.0f} m3.")
            else:
                raise CommandError(f"There is no reach or underpass {code!r}.")
        except Invalid as problem:
            raise CommandError("; ".join(map(str, problem.errors.values()))) from problem

    def _steps(self, reach: Reach, terrain: Terrain, highest_m: float) -> None:
        with Progress(console=Console(stderr=True)) as progress:
            bar = progress.add_task(reach.code, total=1.0)
            steps = build_steps(
                reach=reach, terrain=terrain, actor="command", highest_m=highest_m,
                progress=lambda done: progress.update(bar, completed=done),
            )  # fmt: skip
        self.stdout.write(f"{steps} steps.")
