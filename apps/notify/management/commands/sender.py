"""`manage.py sender`: sends the outbox until it is asked to end."""

import asyncio
import gc
import signal
from typing import Any

import uvloop
from django.core.management.base import BaseCommand

from apps.notify.process import Sender


class Command(BaseCommand):
    help = "Sends what is told: push, e-mail, text messages, calls."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        _spare_collector()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run())


def _spare_collector() -> None:
    """What is loaded stays; thousands of requests on their way are no garbage. A sixth of the
    sender's time went into looking."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def _run() -> None:
    sender = Sender()

    def end() -> None:
        sender.stopping.set()
        sender.woken.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, end)
    await sender.run()
