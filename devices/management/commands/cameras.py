"""`manage.py cameras`: watches the city's cameras; `--shards N` on as many processes."""

import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from devices.cameras import process

LOOK_AFTER_S = 1.0


class Command(BaseCommand):
    help = "Watches the city's cameras until asked to end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--shards", type=int, default=settings.CAMERA_SHARDS)
        parser.add_argument("--shard", type=int, help="watch this share only")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        shard, shards = options["shard"], options["shards"]
        if shards < 1 or (shard is not None and not 0 <= shard < shards):
            raise CommandError("A shard is a number from 0 up to the number of shards.")
        if shard is None and shards > 1:
            _keep_running(shards)
        else:
            process.serve(shard=shard or 0, shards=shards)


def _keep_running(shards: int) -> None:
    """One process for each share; one that dies, by a broken stream say, is started again."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    running = {shard: _start(shard, shards) for shard in range(shards)}
    while not ended.wait(LOOK_AFTER_S):
        for shard, child in running.items():
            if child.poll() is not None:
                running[shard] = _start(shard, shards)
    for child in running.values():
        child.terminate()
    for child in running.values():
        child.wait(timeout=10)


def _start(shard: int, shards: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, sys.argv[0], "cameras", f"--shards={shards}", f"--shard={shard}"]
    return subprocess.Popen(command)  # noqa: S603 - ourselves
