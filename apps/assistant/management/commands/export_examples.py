"""`manage.py export_examples FOLDER`: what staff reviewed, as training data."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from apps.assistant.services.reviewing import export_examples


class Command(BaseCommand):
    help = "Writes the sentences that staff reviewed as Rasa's training data, a file a language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        count = export_examples(options["folder"])
        self.stdout.write(f"{count} sentences.")
