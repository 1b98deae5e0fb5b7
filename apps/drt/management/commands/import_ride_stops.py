"""`manage.py import_ride_stops FILE --service CODE`: take in virtual stops (or zones)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.base.lists import UnreadableList
from apps.base.problems import Problem
from apps.drt.services.imports import import_stops, import_zones
from apps.drt.services.provisioning import find_service


class Command(BaseCommand):
    help = "Take in virtual stops (or zones) of a ride service from CSV or GeoJSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--service", required=True, help="the code of the ride service")
        parser.add_argument("--zones", action="store_true", help="the rows are zones")

    def handle(self, *args: Any, **options: Any) -> None:
        take = import_zones if options["zones"] else import_stops
        try:
            done = take(service=find_service(options["service"]), path=options["file"])
        except (UnreadableList, Problem) as error:
            raise CommandError(str(error)) from error
        for refused in done.errors:
            self.stderr.write(f"{refused.as_dict()['place']}: {refused.reason}")
        counts = {"rows": done.taken, "bad": len(done.errors)}
        self.stdout.write(_("%(rows)d rows taken in, %(bad)d refused.") % counts)
