"""`manage.py make_happen KIND`, or `nothing`: something happens in the demo town."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from citizen.demo import happenings
from citizen.demo.models import Happening

NOTHING = "nothing"


class Command(BaseCommand):
    help = (
        "Lets the demo town's river flood, its old school weaken, its market burn, its camera be"
        " turned or somebody fall on the crossing; or ends it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*Happening.Kind.values, NOTHING])
        parser.add_argument("--hours", type=float, default=3.0, help="of rain (3)")
        parser.add_argument("--mm", type=float, default=150.0, help="of rain in all (150)")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        if options["kind"] == NOTHING:
            self.stdout.write(f"{happenings.end_all()} ended.")
            return
        row = happenings.start(options["kind"], hours=options["hours"], mm=options["mm"])
        self.stdout.write(f"{row.kind} since {row.starts_at:%H:%M:%S} UTC.")
