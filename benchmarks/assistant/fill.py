"""A founded city with its catalogue of services; the conversations come through the doors."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from benchmarks.complaints.town import found_town  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    found_town()
