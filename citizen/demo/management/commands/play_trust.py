"""`manage.py play_trust FILE`: puts a snapshot of real bay sensors into the scenario this process
belongs to, and says what was believed of it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from citizen.demo.melbourne import snapshot, trust


class Command(BaseCommand):
    help = "Puts a snapshot of bay sensors into the scenario this process belongs to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        told = trust.show(snapshot.read(options["file"]))
        self.stdout.write(
            f"{told.sensors} sensors: {told.silent} silent, {told.stuck} unchanged for 30 days.\n"
            f"Believing every last word, {told.naive_free} bays are free; the map shows"
            f" {told.trusted_free}, and no number for {told.sites_without_number} streets."
        )
