"""`manage.py ingest`: takes what gateways say on MQTT."""

import asyncio
from typing import Any

import uvloop
from django.core.management.base import BaseCommand

from devices import process


class Command(BaseCommand):
    help = "Takes what gateways say on MQTT, and acknowledges it when it is committed."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(process.serve())
