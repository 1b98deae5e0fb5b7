"""`manage.py simulate_rides`: Dalbit Call's drivers drive and its riders ride."""

import logging
import os
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from apps.base import clock
from citizen.demo.movement.rides import RIDES_PER_HOUR, open_rides
from citizen.demo.world.town import SEED

TICK_S = 1.0
TROUBLE_S = 5.0
logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Drives the demo town's vans and lets its people ride."

    def add_arguments(self, parser: ArgumentParser) -> None:
        port = os.environ.get("CITIZEN_WEB_PORT", "8000")
        parser.add_argument("--url", default=f"http://127.0.0.1:{port}")
        parser.add_argument("--rides-per-hour", type=float, default=RIDES_PER_HOUR)

    def handle(self, *_arguments: Any, **options: Any) -> None:
        rides = open_rides(options["url"], seed=SEED, rides_per_hour=options["rides_per_hour"])
        connection.close()
        while rides is not None:
            try:
                rides.tick(clock.now())
            except OSError as error:
                logger.warning("the city does not answer: %s", error)
                time.sleep(TROUBLE_S)
            time.sleep(TICK_S)
