"""Train what understands words, unless it has been trained from the same examples and skills."""

import argparse
import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.assistant.rasa.training.model import CONFIGS, Report, TrainingFailed, train


class Command(BaseCommand):
    help = "Train the assistant's model and report on it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--config", choices=sorted(CONFIGS), default="default")
        parser.add_argument("--force", action="store_true", help="even if nothing has changed")
        parser.add_argument("--json", action="store_true", help="the report for machines")

    def handle(self, *args: Any, config: str, force: bool, **options: Any) -> None:
        try:
            report = train(config=config, force=force)
        except TrainingFailed as failure:
            raise CommandError(str(failure)) from failure
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self._tell(report)

    def _tell(self, report: Report) -> None:
        how = f"trained in {report.seconds} s" if report.fresh else "is up to date"
        self.stdout.write(f"{report.model} {how}; {report.size_bytes / 1e6:.2f} MB")
        for language, count in sorted(report.examples.items()):
            self.stdout.write(f"  {language}: {count} examples of {report.intents} intents")
        for language, intents in sorted(report.poor.items()):
            self.stdout.write(f"  {language} wants more examples of: {', '.join(intents)}")
