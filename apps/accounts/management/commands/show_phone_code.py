from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.kinds.loopback import last_digits
from apps.accounts.services import read_address
from apps.base.problems import Invalid


class Command(BaseCommand):
    help = "Show the code last sent to a phone, where codes go to the loopback (the demo town)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone", help="as people here write it: 010-0000-0101")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            phone = read_address("phone", options["phone"]).value
        except Invalid as error:
            raise CommandError("This is not a phone number.") from error
        digits = last_digits(phone)
        if digits is None:
            raise CommandError(f"No code is on its way to {phone}.")
        self.stdout.write(digits)
