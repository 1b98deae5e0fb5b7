"""`manage.py build_graph`: the walking and driving graphs of the map as it is now."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console

from apps.base.problems import Problem
from apps.navigation.services.builds import build_city_graph


class Command(BaseCommand):
    help = "Builds the graphs that routes are found on; running processes pick the build up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dated-on", type=date.fromisoformat, help="the date of the data; else of the import"
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        with Console(stderr=True).status("") as status:
            try:
                build = build_city_graph(tell=status.update, dated_on=options["dated_on"])
            except Problem as problem:
                raise CommandError(str(problem.detail)) from problem
        report = build.report
        self.stdout.write(
            _("Build %(build)s: %(km).1f km to walk, %(islands)d islands, %(mb).1f MB.")
            % {
                "build": build,
                "km": report["length_m"] / 1000,
                "islands": report["islands_n"],
                "mb": build.size_bytes / 1e6,
            }
        )
        for name, share in report["known_share"].items():
            self.stdout.write(f"  {name}: {share:.0%}")
