"""`manage.py dispatch`: the process that keeps and improves the vehicles' plans."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from apps.drt.process import Loop


class Command(BaseCommand):
    help = "Keeps the plans of all ride services up to date, and makes them better."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        loop = Loop()

        def stop(*_: Any) -> None:
            loop.stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        loop.run()
