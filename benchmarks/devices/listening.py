"""The `ingest` process with the benchmark's receiver. As `tell` it only lets the broker know the
gateways."""

import os
import sys

import django


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "citizen.settings"
    django.setup()
    from django.core.management import call_command

    from apps.base import work
    from benchmarks.devices import served

    assert served.highest
    if sys.argv[1:] == ["tell"]:
        work.sweep()
    else:
        call_command("ingest")


if __name__ == "__main__":
    main()
