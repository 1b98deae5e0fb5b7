"""`manage.py signals`: ask the signal controllers, and command those that are to be."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand

from apps.traffic.process.loop import serve


class Command(BaseCommand):
    help = "Watch the city's signal controllers until asked to end."

    def handle(self, *_args: Any, **_options: Any) -> None:
        asyncio.run(serve())
