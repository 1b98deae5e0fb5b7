"""A founded city and a hundred thousand phones."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.notify.phones import fill_phones, found_city  # noqa: E402

PHONES = 100_000

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    found_city()
    fill_phones(PHONES)
