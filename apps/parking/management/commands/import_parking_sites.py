"""`manage.py import_parking_sites FILE`: car parks of the Korean standard data set."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.base.lists import UnreadableList
from apps.parking.services.standard_import import import_standard

ACTOR = "staff:command-line"


class Command(BaseCommand):
    help = "Takes in a CSV of 전국주차장정보표준데이터, and says what was wrong with which row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        try:
            run = import_standard(path=options["file"], actor=ACTOR)
        except UnreadableList as error:
            raise CommandError(str(error)) from error
        for refused in run.errors:
            self.stderr.write(f"{refused['place']}: {refused['reason']}")
        self.stdout.write(
            _("%(rows)d rows taken in, %(bad)d refused.")
            % {"rows": run.counts["rows"], "bad": run.counts["refused"]}
        )
