"""`manage.py import_places FILE --source NAME`: take in the city's own list of places."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.base.lists import UnreadableList
from apps.base.problems import Problem
from apps.city.services.places import import_list


class Command(BaseCommand):
    help = "Take in places (or districts) of the city's own from CSV or GeoJSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="short name of where the list is from")
        parser.add_argument("--districts", action="store_true", help="the rows are districts")
        parser.add_argument(
            "--replace", action="store_true", help="what the list no longer has is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = import_list(
                path=options["file"],
                source=options["source"],
                districts=options["districts"],
                replace=options["replace"],
            )
        except (UnreadableList, Problem) as error:
            raise CommandError(str(error)) from error
        for refused in run.errors:
            self.stderr.write(f"{refused['place']}: {refused['reason']}")
        self.stdout.write(
            _("%(rows)d rows taken in, %(bad)d refused, %(gone)d gone.")
            % {"rows": run.counts["rows"], "bad": len(run.errors), "gone": run.counts["gone"]}
        )
