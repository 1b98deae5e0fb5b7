"""`manage.py break_lift [CODE] [--mend]`: one of the demo town's lifts fails, or works again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.base import clock
from apps.navigation.models import Lift
from citizen.demo.movement.lifts import State, set_state
from citizen.demo.world.lifts import TOWN_LIFT


class Command(BaseCommand):
    help = "Lets a lift of the demo town fail; its simulated controller says so within a second."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", nargs="?", default=TOWN_LIFT)
        parser.add_argument("--mend", action="store_true", help="it works again")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        code = options["code"]
        known = Lift.objects.values_list("code", flat=True)
        if code not in known:
            raise CommandError(f"There is no lift {code}; there are {', '.join(known)}.")
        set_state(code, State(works=options["mend"], since=clock.now()))
        self.stdout.write(f"{code} {'works again' if options['mend'] else 'is out of order'}.")
