"""`manage.py onboard_devices FILE --gateway CODE`: things and datastreams from a list."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.base.lists import UnreadableList
from devices.models import Gateway
from devices.services.onboarding import onboard

ACTOR = "staff:command-line"


class Command(BaseCommand):
    help = "Sets up the things and datastreams of a CSV or GeoJSON list under a gateway."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--gateway", required=True, help="code of a gateway that is there")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        gateway = Gateway.objects.filter(code=options["gateway"]).first()
        if gateway is None:
            raise CommandError(f"There is no gateway {options['gateway']!r}.")
        try:
            run = onboard(path=options["file"], gateway=gateway, actor=ACTOR)
        except UnreadableList as error:
            raise CommandError(str(error)) from error
        for refused in run.errors:
            self.stderr.write(f"{refused['place']}: {refused['reason']}")
        self.stdout.write(
            _("%(rows)d rows taken in, %(bad)d refused.")
            % {"rows": run.counts["rows"], "bad": run.counts["refused"]}
        )
